package io.solebox.backend.cpu;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.graph.Activation;
import io.solebox.engine.graph.ExpertOp;
import io.solebox.engine.graph.ExpertOp.Stack;
import io.solebox.engine.graph.Gating;
import io.solebox.engine.graph.Op;
import java.util.List;
import java.util.Optional;

/**
 * Turns ops with a matrix per expert, or per head, into tasks: rows are brought together that one
 * matrix multiplies, so that it is read once for all of them, and what they became goes back. Each
 * row is computed by itself, so its bits do not depend on which others stand beside it.
 */
final class ExpertLowering {
  private final TaskList tasks;
  private final Kernels kernels;
  private final WatchLowering watch;

  ExpertLowering(TaskList tasks, Kernels kernels, WatchLowering watch) {
    this.tasks = tasks;
    this.kernels = kernels;
    this.watch = watch;
  }

  void experts(ExpertOp.Experts o) {
    o.stacks().forEach(this::requireGroups);
    var runs = new Runs.OfExperts(o);
    Slot routing = tasks.of(o.routing());
    Slot order = tasks.newSlot(0, Runs.OfExperts.orderBytes(o.routing()), Domain.TOKENS);
    tasks.whole(
        order, List.of(routing), (_, in, out) -> new ExpertSteps.Sort(runs, in.getFirst(), out));
    Slot up = product(o, o.up(), runs, order, routing);
    Slot act = tasks.floats(up.width(), up.domain());
    if (o.gate().isPresent()) {
      Slot gate = product(o, o.gate().get(), runs, order, routing);
      tasks.rowwise(
          act,
          List.of(gate, up),
          (steps, in, out) -> steps.gated(o.gating(), in.get(0), in.get(1), out));
    } else {
      tasks.rowwise(
          act, List.of(up), (steps, in, out) -> steps.activate(alone(o), in.getFirst(), out));
    }
    watch.places(act, order, runs, o.down().weight());
    Slot y = grouped(o.down(), runs, encoded(act, o.down(), o.used()), order, o.used());
    tasks.whole(
        tasks.slot(o.out(), Domain.TOKENS),
        List.of(y, routing, order),
        (_, in, out) ->
            new ExpertSteps.Mix(in.get(0), in.get(1), in.get(2), out, runs, o.sharesFirst()));
  }

  private static Activation alone(ExpertOp.Experts o) {
    return switch (o.gating()) {
      case Gating.By(var activation) -> activation;
      case Gating.Clamped _ ->
          throw new IllegalArgumentException("a clamped gate needs a matrix for it");
    };
  }

  /** The product of each choice's row of x. */
  private Slot product(
      ExpertOp.Experts o, Stack stack, Runs.OfExperts runs, Slot order, Slot routing) {
    Encoding encoding = kernels.activations(stack.weight().type());
    if (o.sharesFirst()) {
      Slot weighed = tasks.floats(o.used() * o.x().width(), Domain.TOKENS);
      tasks.whole(
          weighed,
          List.of(tasks.of(o.x()), routing, order),
          (_, in, out) -> new ExpertSteps.Weigh(in.get(0), in.get(1), in.get(2), out, runs));
      watch.places(weighed, order, runs, stack.weight());
      return grouped(stack, runs, encoded(weighed, stack, o.used()), order, o.used());
    }
    watch.tokens(tasks.of(o.x()), order, runs, stack.weight());
    Slot x = tasks.of(o.x(), encoding);
    Slot rows = tasks.newSlot(o.used() * x.width(), o.used() * x.rowBytes(), Domain.TOKENS);
    long rowBytes = x.rowBytes();
    tasks.whole(
        rows,
        List.of(x, order),
        (_, in, out) ->
            new ExpertSteps.Gather(
                in.get(0), out, rowBytes, new ExpertSteps.OfTokens(runs, in.get(1))));
    return grouped(stack, runs, rows, order, o.used());
  }

  /** Rows in the order of the runs, {@code parts} of them in the room of a token. */
  private Slot grouped(Stack stack, Runs runs, Slot x, Slot order, int parts) {
    Slot out = tasks.floats(parts * stack.rows(), Domain.TOKENS);
    tasks.whole(
        out, List.of(x, order), (steps, in, y) -> steps.grouped(stack, runs, in.getFirst(), y));
    return out;
  }

  /** As the product with these weights takes it; each part of a row is a row for it. */
  private Slot encoded(Slot x, Stack stack, int parts) {
    Encoding encoding = kernels.activations(stack.weight().type());
    if (encoding == Encoding.F32) {
      return x;
    }
    int width = x.width() / parts;
    long bytes = encoding.bytes(width);
    Slot out = tasks.newSlot(x.width(), parts * bytes, x.domain());
    tasks.rowwise(
        out,
        List.of(x),
        (steps, in, y) -> {
          Buffer from = in.getFirst().inRows(width, Encoding.F32.bytes(width));
          return new ExpertSteps.Parts(steps.encode(from, encoding, y.inRows(width, bytes)), parts);
        });
    return out;
  }

  void heads(Op.HeadLinear o) {
    var stack = new Stack(o.weight(), o.heads(), Optional.empty());
    requireGroups(stack);
    var runs = new Runs.OfHeads(o.heads());
    watch.rows(tasks.of(o.x()), o.weight());
    Slot x = encoded(tasks.of(o.x()), stack, o.heads());
    long rowBytes = x.rowBytes() / o.heads();
    Slot rows = tasks.newSlot(x.width(), x.rowBytes(), Domain.TOKENS);
    tasks.whole(
        rows,
        List.of(x),
        (_, in, out) ->
            new ExpertSteps.Gather(in.getFirst(), out, rowBytes, new ExpertSteps.ToHeads(runs)));
    Slot y = grouped(stack, runs, rows, rows, o.heads());
    long outBytes = Encoding.F32.bytes(o.rows());
    tasks.whole(
        tasks.slot(o.out(), Domain.TOKENS),
        List.of(y),
        (_, in, out) ->
            new ExpertSteps.Gather(in.getFirst(), out, outBytes, new ExpertSteps.FromHeads(runs)));
  }

  /** Repacked rows are in groups, which no two matrices may share. */
  private void requireGroups(Stack stack) {
    kernels
        .repacker(stack.weight().type())
        .map(Repacker::groupRows)
        .filter(g -> stack.rows() % g != 0 || stack.from() % g != 0 || stack.step() % g != 0)
        .ifPresent(g -> refuse(stack, g));
  }

  private static void refuse(Stack stack, int group) {
    throw new SoleboxException(
        ErrorCode.UNSUPPORTED_MODEL,
        stack.weight().name(),
        "Its matrices have %d rows each; in %s the kernels take multiples of %d."
            .formatted(stack.rows(), stack.weight().type(), group),
        "Use a file of the same model in F16 or BF16.");
  }
}
