package io.solebox.backend.cpu;

import io.solebox.engine.backend.Limits;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.Keep;
import io.solebox.engine.graph.Op;
import io.solebox.engine.graph.Rotation;
import io.solebox.engine.graph.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Turns op records into tasks. Adds those that no op asks for: the conversion of activations to
 * what the kernels of the matrix products take, once for all that read them, and the table of sines
 * that all ropes of one rotation share. Attention becomes two tasks, since all keys and values are
 * stored before any token attends.
 */
final class Lowering {
  private final Graph graph;
  private final Kernels kernels;
  private final Limits limits;
  private final List<Task> tasks = new ArrayList<>();
  private final Map<Value, EnumMap<Encoding, Slot>> slots = new HashMap<>();
  private final Map<Value, Set<Encoding>> wanted = new HashMap<>();
  private final List<Table> tables = new ArrayList<>();
  private final Map<Integer, Slot> kept = new LinkedHashMap<>(); // by keep id
  private Optional<Slot> takes = Optional.empty();
  private int count;

  private record Table(Rotation rotation, Slot slot) {}

  private Lowering(Graph graph, Kernels kernels, Limits limits) {
    this.graph = graph;
    this.kernels = kernels;
    this.limits = limits;
  }

  static Program lower(Graph graph, Kernels kernels, Limits limits) {
    return new Lowering(graph, kernels, limits).lower();
  }

  private Program lower() {
    for (Op op : graph.ops()) {
      if (op instanceof Op.Linear o) {
        wanted.computeIfAbsent(o.x(), _ -> EnumSet.noneOf(Encoding.class)).add(activations(o));
      }
      if (op instanceof Op.Rope o) {
        table(o.rotation());
      }
    }
    for (Op op : graph.ops()) {
      add(op);
      wanted.getOrDefault(op.out(), Set.of()).forEach(encoding -> encode(op.out(), encoding));
    }
    Program.Result result = end(graph.end());
    return new Program(List.copyOf(tasks), count, List.copyOf(kept.values()), takes, result);
  }

  private void add(Op op) {
    switch (op) {
      case Op.Embed o -> rowwise(o.out(), List.of(), (steps, _, out) -> steps.embed(o, out));
      case Op.TakeHidden o -> takeHidden(o);
      case Op.RmsNorm o ->
          rowwise(
              o.out(),
              List.of(floats(o.x())),
              (steps, in, out) -> steps.norm(o, in.getFirst(), out));
      case Op.Linear o -> {
        Slot x = slots.get(o.x()).get(activations(o));
        Slot out = slot(o.out(), x.domain());
        tasks.add(
            new Task.Whole(out, List.of(x), (steps, in, y) -> steps.linear(o, in.getFirst(), y)));
      }
      case Op.Rope o ->
          rowwise(
              o.out(),
              List.of(floats(o.x()), table(o.rotation())),
              (steps, in, out) -> steps.rope(o, in.get(0), in.get(1), out));
      case Op.Attention o -> attention(o);
      case Op.ShortConv o -> shortConv(o);
      case Op.SwiGlu o ->
          rowwise(
              o.out(),
              List.of(floats(o.gate()), floats(o.up())),
              (steps, in, out) -> steps.swiGlu(in.get(0), in.get(1), out));
      case Op.Add o ->
          rowwise(
              o.out(),
              List.of(floats(o.a()), floats(o.b())),
              (steps, in, out) -> steps.add(in.get(0), in.get(1), out));
      case Op.SelectRows o -> selectRows(o);
      case Op.MeanRows o -> meanRows(o);
    }
  }

  private void takeHidden(Op.TakeHidden op) {
    Slot out = slot(op.out(), Domain.TOKENS);
    tasks.add(new Task.Given(out));
    takes = Optional.of(out);
  }

  private void selectRows(Op.SelectRows op) {
    Slot out = slot(op.out(), Domain.REQUESTS);
    tasks.add(
        new Task.Rowwise(
            out,
            List.of(floats(op.x())),
            Domain.REQUESTS,
            (_, in, y) -> new SelectRowsStep(in.getFirst(), y)));
  }

  private void meanRows(Op.MeanRows op) {
    Slot out = slot(op.out(), Domain.REQUESTS);
    tasks.add(
        new Task.Whole(
            out, List.of(floats(op.x())), (_, in, y) -> new MeanRowsStep(in.getFirst(), y)));
  }

  private Encoding activations(Op.Linear op) {
    return kernels.activations(op.weight().type());
  }

  private void attention(Op.Attention o) {
    o.fresh()
        .ifPresent(
            fresh -> {
              long bytes = kernels.kvBlockBytes(o, limits.kvType());
              var domain = new Domain.Blocks(graph.groupOf(o.keep()));
              Slot cache = kept(o.keep(), bytes, domain);
              tasks.add(
                  new Task.Rowwise(
                      cache,
                      List.of(floats(fresh.k()), floats(fresh.v())),
                      Domain.TOKENS,
                      (steps, in, out) -> steps.store(o, in.get(0), in.get(1), out)));
            });
    Slot out = slot(o.out(), Domain.TOKENS);
    tasks.add(
        new Task.Whole(
            out,
            List.of(floats(o.q()), kept.get(o.keep().id())),
            (steps, in, y) -> steps.attend(o, in.get(0), in.get(1), y)));
  }

  /** All rows read the state that the step before left; then the last of them become the state. */
  private void shortConv(Op.ShortConv o) {
    Slot x = floats(o.x());
    Slot state = kept(o.keep(), Float.BYTES * o.keep().floats(), Domain.SLOTS);
    Slot out = slot(o.out(), Domain.TOKENS);
    tasks.add(
        new Task.Whole(
            out, List.of(x, state), (_, in, y) -> ShortConvStep.of(o, in.get(0), in.get(1), y)));
    tasks.add(
        new Task.Whole(
            newSlot(0, 0, Domain.TOKENS),
            List.of(x, out, state),
            (_, in, _) -> new KeepInputsStep(in.get(0), in.get(2), o.taps() - 1)));
  }

  private Slot kept(Keep keep, long rowBytes, Domain domain) {
    Slot slot = newSlot(0, rowBytes, domain);
    kept.put(keep.id(), slot);
    return slot;
  }

  private void encode(Value v, Encoding encoding) {
    if (encoding == Encoding.F32) {
      return;
    }
    Slot x = floats(v);
    Slot out = newSlot(v.width(), encoding.bytes(v.width()), x.domain());
    slots.get(v).put(encoding, out);
    tasks.add(
        new Task.Rowwise(
            out,
            List.of(x),
            x.domain(),
            (steps, in, y) -> steps.encode(in.getFirst(), encoding, y)));
  }

  /** The table of a rotation: the cosine and the sine of each pair, for each token of a step. */
  private Slot table(Rotation rotation) {
    for (Table table : tables) {
      if (same(table.rotation(), rotation)) {
        return table.slot();
      }
    }
    int width = 2 * rotation.inverseFrequencies().length;
    Slot out = newSlot(width, Encoding.F32.bytes(width), Domain.TOKENS);
    tables.add(new Table(rotation, out));
    tasks.add(
        new Task.Rowwise(
            out, List.of(), Domain.TOKENS, (_, _, y) -> new RopeTableStep(rotation, y)));
    return out;
  }

  private static boolean same(Rotation a, Rotation b) {
    return a.magnitude() == b.magnitude()
        && Arrays.equals(a.inverseFrequencies(), b.inverseFrequencies());
  }

  private void rowwise(Value v, List<Slot> reads, Task.Maker<RowStep> maker) {
    Domain domain = reads.isEmpty() ? Domain.TOKENS : reads.getFirst().domain();
    tasks.add(new Task.Rowwise(slot(v, domain), reads, domain, maker));
  }

  private Program.Result end(Graph.End end) {
    return switch (end) {
      case Graph.End.Rows e -> {
        Slot hidden = floats(e.hidden());
        Optional<Slot> logits = e.logits().map(this::floats);
        logits.ifPresent(l -> answers(hidden, l));
        yield new Program.Result.Rows(hidden, logits);
      }
      case Graph.End.Hidden e -> new Program.Result.Hidden(floats(e.hidden()));
    };
  }

  private void answers(Slot hidden, Slot logits) {
    Slot none = newSlot(0, 0, Domain.REQUESTS);
    tasks.add(
        new Task.Whole(none, List.of(hidden, logits), (steps, in, _) -> steps.answers(in.get(1))));
  }

  private Slot floats(Value v) {
    return slots.get(v).get(Encoding.F32);
  }

  private Slot slot(Value v, Domain domain) {
    Slot slot = newSlot(v.width(), Encoding.F32.bytes(v.width()), domain);
    slots.computeIfAbsent(v, _ -> new EnumMap<>(Encoding.class)).put(Encoding.F32, slot);
    return slot;
  }

  private Slot newSlot(int width, long rowBytes, Domain domain) {
    return new Slot(count++, width, rowBytes, domain);
  }
}
