package io.solebox.engine.graph;

import io.solebox.engine.graph.Weight.Role;
import io.solebox.engine.graph.Weight.Use;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Mixtures of experts (Shazeer et al., arXiv:1701.06538): a few of many feed-forward networks,
 * other ones for each token. X experts, k of them for a token.
 */
public sealed interface ExpertOp extends Op {
  /**
   * Which experts a token takes, and how much of each: [T, 2k], for each choice the number of the
   * expert and its share, the best choice first.
   *
   * @param logits [T, X]
   * @param bias f32 [X], added to what choices are made by, and not to shares (DeepSeek-V3,
   *     arXiv:2412.19437)
   * @param scale f32 [X], multiplied to shares at the end (Gemma 4)
   */
  record Route(
      Value out, Value logits, Optional<Weight> bias, Optional<Weight> scale, Routing routing)
      implements ExpertOp {
    @Override
    public List<Value> inputs() {
      return List.of(logits);
    }

    @Override
    public List<Use> weights() {
      return Stream.concat(bias.stream(), scale.stream())
          .map(w -> new Use(w, Role.VECTOR))
          .toList();
    }
  }

  /**
   * How experts are chosen. Ties go to the lower number.
   *
   * @param scoring what logits become
   * @param used k
   * @param normalized whether the shares of a token are divided by their sum
   * @param scale factor on the shares
   * @param groups into which the experts are cut, neighbours together; 1 for none
   * @param usedGroups of which experts may come: those whose best scores have the highest sum
   * @param groupBest how many scores of a group that sum is of: 1 (DeepSeek-V2) or 2 (DeepSeek-V3)
   */
  record Routing(
      Scoring scoring,
      int used,
      boolean normalized,
      float scale,
      int groups,
      int usedGroups,
      int groupBest) {
    public Routing {
      if (groupBest != 1 && groupBest != 2) {
        throw new IllegalArgumentException("groups are chosen by 1 or 2 scores");
      }
    }

    /** With groups chosen by their two best. */
    public Routing(
        Scoring scoring, int used, boolean normalized, float scale, int groups, int usedGroups) {
      this(scoring, used, normalized, scale, groups, usedGroups, 2);
    }
  }

  /** What the logits of a token's experts become. */
  enum Scoring {
    /** Softmax over all experts. */
    SOFTMAX,
    /** Each by itself. */
    SIGMOID,
    /** Chosen by logits; the shares are the softmax over the chosen ones. */
    SOFTMAX_OF_CHOSEN
  }

  /**
   * The sum of what a token's experts make of it, each {@code down(gating(gate(x), up(x)))}, by
   * their shares: [T, E] to [T, E].
   *
   * @param routing [T, 2k] of {@link Route}
   * @param used k
   * @param gate absent where up alone goes through the activation
   * @param sharesFirst whether shares are multiplied to x, and not to what comes out (Llama 4)
   */
  record Experts(
      Value out,
      Value x,
      Value routing,
      int used,
      Optional<Stack> gate,
      Stack up,
      Stack down,
      Gating gating,
      boolean sharesFirst)
      implements ExpertOp {
    @Override
    public List<Value> inputs() {
      return List.of(x, routing);
    }

    @Override
    public List<Use> weights() {
      List<Use> uses = new ArrayList<>();
      stacks().forEach(s -> uses.addAll(s.uses()));
      return List.copyOf(uses);
    }

    /** Gate, where there is one, up and down. */
    public List<Stack> stacks() {
      return gate.map(g -> List.of(g, up, down)).orElse(List.of(up, down));
    }

    @Override
    public long flopsPerToken() {
      return stacks().stream().mapToLong(s -> 2L * used * s.rows() * s.weight().cols()).sum();
    }
  }

  /**
   * A matrix per expert: {@code rows} rows of the weight from row {@code from} of the expert's
   * share on. Two stacks may be parts of one weight, as gate and up are in some files.
   *
   * @param weight [X * step, cols]
   * @param bias f32, as many as the weight has rows
   */
  record Stack(Weight weight, int experts, int from, int rows, Optional<Weight> bias) {
    /** Matrices that lie one after the other. */
    public Stack(Weight weight, int experts, Optional<Weight> bias) {
      this(weight, experts, 0, weight.rows() / experts, bias);
    }

    /** Rows from one expert's matrix to the next one's. */
    public int step() {
      return weight.rows() / experts;
    }

    /** The row of the weight that is the first of an expert's matrix. */
    public int firstRow(int expert) {
      return expert * step() + from;
    }

    /** Bytes of all matrices. */
    public long bytes() {
      return weight.rowBytes() * rows * experts;
    }

    List<Use> uses() {
      List<Use> uses = new ArrayList<>();
      uses.add(new Use(weight, Role.EXPERTS));
      bias.ifPresent(b -> uses.add(new Use(b, Role.VECTOR)));
      return uses;
    }

    /** The same with weights in another format. */
    public Stack with(Weight other) {
      return new Stack(other, experts, from, rows, bias);
    }
  }
}
