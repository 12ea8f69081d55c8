package io.solebox.engine.backend;

import io.solebox.engine.graph.ExpertOp;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.LowRank;
import io.solebox.engine.graph.Op;
import io.solebox.engine.graph.PointwiseOp;
import io.solebox.engine.graph.StateOp;
import io.solebox.engine.graph.Weight;
import io.solebox.engine.tensor.TensorType;
import io.solebox.engine.tensor.Transcoder;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * A graph whose matrices and embedding tables are in formats that a backend has kernels for. A
 * weight in another format is brought to the nearest of them when the backend takes it, row by row
 * ({@link Weight#copyRows}): so it is in memory once, and loading it is as parallel and as
 * interruptible as the backend's. Estimates of this graph count what it takes then.
 *
 * @param graph to estimate and to prepare
 * @param notes for people: which formats became which, and what that costs
 */
public record Transcoding(Graph graph, List<String> notes) {
  public static Transcoding of(Graph graph, Sizing device, Activations activations) {
    return of(graph, device.computes(activations), device.embeds());
  }

  /**
   * @param computed as {@link Sizing#computes} says
   * @param embedded as {@link Sizing#embeds} says
   */
  static Transcoding of(Graph graph, Set<TensorType> computed, Set<TensorType> embedded) {
    var changed = new LinkedHashSet<Weight>();
    List<Op> ops =
        graph.ops().stream().map(op -> transcode(op, computed, embedded, changed)).toList();
    return changed.isEmpty()
        ? new Transcoding(graph, List.of())
        : new Transcoding(graph.with(ops), notes(changed));
  }

  private static Op transcode(
      Op op, Set<TensorType> computed, Set<TensorType> embedded, Set<Weight> changed) {
    return switch (op) {
      case Op.Embed o when embedded.contains(o.table().stored()) -> o;
      case Op.Embed o -> new Op.Embed(o.out(), transcode(o.table(), computed, changed));
      case Op.Linear o ->
          new Op.Linear(o.out(), o.x(), transcode(o.weight(), computed, changed), o.bias());
      case Op.HeadLinear o ->
          new Op.HeadLinear(o.out(), o.x(), transcode(o.weight(), computed, changed), o.heads());
      case ExpertOp.Experts o -> transcode(o, computed, changed);
      // Small vectors become floats in any case.
      case Op.RmsNorm _, Op.LayerNorm _, Op.EmbedPosition _, ExpertOp.Route _ -> op;
      case Op.TakeHidden _,
          Op.Rope _,
          Op.ScaleByPosition _,
          Op.Attention _,
          PointwiseOp _,
          StateOp _ ->
          op;
      case LowRank _ -> op; // f32 already
      case Op.SelectRows _, Op.MeanRows _, Op.AllReduce _ -> op;
    };
  }

  private static Op transcode(ExpertOp.Experts o, Set<TensorType> computed, Set<Weight> changed) {
    UnaryOperator<ExpertOp.Stack> stack = s -> s.with(transcode(s.weight(), computed, changed));
    return new ExpertOp.Experts(
        o.out(),
        o.x(),
        o.routing(),
        o.used(),
        o.gate().map(stack),
        stack.apply(o.up()),
        stack.apply(o.down()),
        o.gating(),
        o.sharesFirst());
  }

  private static Weight transcode(Weight weight, Set<TensorType> computed, Set<Weight> changed) {
    TensorType type = Transcoder.nearest(weight.stored(), computed);
    if (type == weight.type()) {
      return weight;
    }
    Weight other = weight.as(type);
    changed.add(other);
    return other;
  }

  private static List<String> notes(Set<Weight> changed) {
    record Change(TensorType from, TensorType to) {}
    var notes = new ArrayList<String>();
    var changes = new LinkedHashSet<Change>();
    changed.forEach(w -> changes.add(new Change(w.stored(), w.type())));
    for (Change c : changes) {
      List<Weight> weights =
          changed.stream().filter(w -> w.stored() == c.from() && w.type() == c.to()).toList();
      long before = weights.stream().mapToLong(Weight::storedBytes).sum();
      long after = weights.stream().mapToLong(Weight::bytes).sum();
      notes.add(
          "There are no kernels for %s. %s in it %s computed as %s, %s: %s instead of %s."
              .formatted(
                  c.from(),
                  weights.size() == 1 ? "A matrix" : weights.size() + " matrices",
                  weights.size() == 1 ? "is" : "are",
                  c.to(),
                  Transcoder.of(c.from(), c.to()).fidelity().words(),
                  mib(after),
                  mib(before)));
    }
    return List.copyOf(notes);
  }

  private static String mib(long bytes) {
    return String.format(Locale.ROOT, "%,.1f MiB", bytes / (double) (1 << 20));
  }
}
