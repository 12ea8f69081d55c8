package io.solebox.engine.graph;

import io.solebox.engine.graph.Weight.Role;
import io.solebox.engine.graph.Weight.Use;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One step of the forward pass. Activations are f32 [T, width]; T = tokens of this step, of any mix
 * of sequences. E hidden, H query heads, K key/value heads, D head dim, F ffn, V vocabulary.
 *
 * <p>An op answers for itself what it reads, holds and keeps, so that nobody else has to know all
 * ops to ask that. A new record here breaks every backend's exhaustive {@code switch} until it is
 * handled; that is intended.
 */
public sealed interface Op permits Op.Basic, PointwiseOp, ExpertOp, StateOp, LowRank {
  /** What stands in this file. */
  sealed interface Basic extends Op {}

  Value out();

  /** The values that it reads. */
  List<Value> inputs();

  /** The weights that it holds, and what for. */
  default List<Use> weights() {
    return List.of();
  }

  /** What of a sequence's memory it reads or writes. */
  default List<Keep> keeps() {
    return List.of();
  }

  /** Operations on one token, a multiplication and an addition being two. */
  default long flopsPerToken() {
    return 0;
  }

  /** Further operations on one token for each position that it sees. */
  default long flopsPerPosition() {
    return 0;
  }

  /** Row {@code tokens[t]} of the table [V, E], as f32. */
  record Embed(Value out, Weight table) implements Basic {
    @Override
    public List<Value> inputs() {
      return List.of();
    }

    @Override
    public List<Use> weights() {
      return List.of(new Use(table, Role.TABLE));
    }
  }

  /** Row {@code positions[t]} of the table [positions, E], as f32. */
  record EmbedPosition(Value out, Weight table) implements Basic {
    @Override
    public List<Value> inputs() {
      return List.of();
    }

    @Override
    public List<Use> weights() {
      return List.of(new Use(table, Role.POSITIONS));
    }
  }

  /** The hidden state [T, E] that an earlier stage of a cut graph gave ({@code Batch.input}). */
  record TakeHidden(Value out) implements Basic {
    @Override
    public List<Value> inputs() {
      return List.of();
    }
  }

  /**
   * {@code x / sqrt(mean(x^2) + eps) * gain}, over each group of {@code gain.cols()} elements: the
   * whole row for a layer norm, one head for a q/k norm.
   */
  record RmsNorm(Value out, Value x, Weight gain, float eps) implements Basic {
    @Override
    public List<Value> inputs() {
      return List.of(x);
    }

    @Override
    public List<Use> weights() {
      return List.of(new Use(gain, Role.VECTOR));
    }
  }

  /**
   * {@code (x - mean(x)) / sqrt(variance(x) + eps) * gain (+ bias)}, over each group of {@code
   * gain.cols()} elements.
   */
  record LayerNorm(Value out, Value x, Weight gain, Optional<Weight> bias, float eps)
      implements Basic {
    @Override
    public List<Value> inputs() {
      return List.of(x);
    }

    @Override
    public List<Use> weights() {
      return Stream.concat(Stream.of(gain), bias.stream())
          .map(w -> new Use(w, Role.VECTOR))
          .toList();
    }
  }

  /** {@code x W^T (+ bias)}: [T, W.cols] to [T, W.rows]. The bias is a vector of W.rows. */
  record Linear(Value out, Value x, Weight weight, Optional<Weight> bias) implements Basic {
    @Override
    public List<Value> inputs() {
      return List.of(x);
    }

    @Override
    public List<Use> weights() {
      return Stream.concat(
              Stream.of(new Use(weight, Role.MATRIX)),
              bias.stream().map(b -> new Use(b, Role.VECTOR)))
          .toList();
    }

    @Override
    public long flopsPerToken() {
      return 2L * weight.rows() * weight.cols();
    }
  }

  /**
   * A matrix of its own for each head: head h of x [T, H*cols] times rows {@code h * R} to {@code
   * (h + 1) * R} of the weight [H*R, cols], to head h of [T, H*R].
   */
  record HeadLinear(Value out, Value x, Weight weight, int heads) implements Basic {
    @Override
    public List<Value> inputs() {
      return List.of(x);
    }

    @Override
    public List<Use> weights() {
      return List.of(new Use(weight, Role.MATRIX));
    }

    @Override
    public long flopsPerToken() {
      return 2L * weight.rows() * weight.cols();
    }

    /** R. */
    public int rows() {
      return weight.rows() / heads;
    }
  }

  /** Rotary embedding of every head of {@code headDim} elements in the row. */
  record Rope(Value out, Value x, int headDim, Rotation rotation) implements Basic {
    @Override
    public List<Value> inputs() {
      return List.of(x);
    }
  }

  /**
   * {@code x * (1 + slope * ln(1 + floor((position + offset) / tokens)))}: queries that grow with
   * the distance from the start, so that attention stays sharp (Llama 4).
   */
  record ScaleByPosition(Value out, Value x, float slope, int tokens, int offset) implements Basic {
    @Override
    public List<Value> inputs() {
      return List.of(x);
    }

    /** Of a token at {@code position}. */
    public float factor(int position) {
      return (float) (1 + slope * Math.log(1 + (position + offset) / tokens));
    }
  }

  /**
   * Writes the keys and values of these tokens to {@code keep}, then attends from q [T, H*D]:
   * {@code softmax(q k^T * scale) v} over the positions of the token's own sequence that the keep's
   * mask lets it see. Query head h reads key/value head {@code h / (H/K)}. The result is [T, H*Dv].
   *
   * @param fresh what it writes; empty where an earlier op of the graph has written to the same
   *     keep (layers that share keys and values)
   * @param shape how it is cut into heads, and what happens to scores
   */
  record Attention(
      Value out,
      Value q,
      Optional<KeysValues> fresh,
      Keep.Paged keep,
      AttentionShape shape,
      PerHead perHead)
      implements Basic {
    @Override
    public List<Value> inputs() {
      return Stream.concat(Stream.of(q), fresh.stream().flatMap(f -> f.values().stream())).toList();
    }

    @Override
    public List<Use> weights() {
      return perHead.weights().stream().map(w -> new Use(w, Role.VECTOR)).toList();
    }

    @Override
    public List<Keep> keeps() {
      return List.of(keep);
    }

    @Override
    public long flopsPerPosition() {
      return 2L * shape.numHeads() * (shape.headDim() + shape.valueDim());
    }

    public int numHeads() {
      return shape.numHeads();
    }

    public int numKvHeads() {
      return shape.numKvHeads();
    }

    public int headDim() {
      return shape.headDim();
    }

    public float scale() {
      return shape.scale();
    }

    public Mask mask() {
      return keep.mask();
    }

    public Optional<Weight> sinks() {
      return perHead.sinks();
    }

    public Optional<Weight> slopes() {
      return perHead.slopes();
    }
  }

  /**
   * What each query head has of its own when scores become weights.
   *
   * @param sinks f32 [H]: a score that is no position's and takes its share of the softmax
   *     (gpt-oss; Xiao et al., arXiv:2309.17453)
   * @param slopes f32 [H]: what a position's score, capped where there is a cap, loses per position
   *     between it and the token, on either side (ALiBi; Press et al., arXiv:2108.12409)
   */
  record PerHead(Optional<Weight> sinks, Optional<Weight> slopes) {
    /** All heads alike. */
    public static PerHead none() {
      return new PerHead(Optional.empty(), Optional.empty());
    }

    List<Weight> weights() {
      return Stream.concat(sinks.stream(), slopes.stream()).toList();
    }

    public PerHead withSinks(Weight weight) {
      return new PerHead(Optional.of(weight), slopes);
    }

    public PerHead withSlopes(Weight weight) {
      return new PerHead(sinks, Optional.of(weight));
    }
  }

  /**
   * Keys [T, K*D] and values [T, K*Dv] of the step's tokens.
   *
   * @param v absent where the values are the first Dv elements of each key (latent attention,
   *     DeepSeek-V2, arXiv:2405.04434)
   */
  record KeysValues(Value k, Optional<Value> v) {
    List<Value> values() {
      return Stream.concat(Stream.of(k), v.stream()).toList();
    }
  }

  /**
   * Keeps only the rows that the batch asks for, in the order of {@code Batch.rows}: [rows, width].
   */
  record SelectRows(Value out, Value x) implements Basic {
    @Override
    public List<Value> inputs() {
      return List.of(x);
    }
  }

  /**
   * For each row that the batch asks for the mean over all tokens that its sequence has in this
   * step, in the order of {@code Batch.rows}: [rows, width].
   */
  record MeanRows(Value out, Value x) implements Basic {
    @Override
    public List<Value> inputs() {
      return List.of(x);
    }
  }

  /**
   * The sum over all ranks of a cut graph of what each has of it: x [T, width] is this rank's part,
   * out the sum, of the same bits on all ranks: parts are added in the order of the ranks. A graph
   * with it runs only beside the others of its cut ({@code backend.Team}).
   */
  record AllReduce(Value out, Value x) implements Basic {
    @Override
    public List<Value> inputs() {
      return List.of(x);
    }
  }
}
