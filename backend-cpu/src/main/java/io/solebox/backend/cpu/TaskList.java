package io.solebox.backend.cpu;

import io.solebox.engine.graph.Keep;
import io.solebox.engine.graph.Value;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The tasks of a program while it is made, and the slots that they leave for one another. */
final class TaskList {
  private final List<Task> tasks = new ArrayList<>();
  private final Map<Value, EnumMap<Encoding, Slot>> slots = new HashMap<>();
  private final Map<Integer, Slot> kept = new LinkedHashMap<>(); // by keep id
  private int count;

  List<Task> tasks() {
    return List.copyOf(tasks);
  }

  List<Slot> kept() {
    return List.copyOf(kept.values());
  }

  /** Slots so far. */
  int count() {
    return count;
  }

  void add(Task task) {
    tasks.add(task);
  }

  void whole(Slot out, List<Slot> reads, Task.Maker<Step> maker) {
    add(new Task.Whole(out, reads, maker));
  }

  void rowwise(Slot out, List<Slot> reads, Task.Maker<RowStep> maker) {
    add(new Task.Rowwise(out, reads, out.domain(), maker));
  }

  Slot newSlot(int width, long rowBytes, Domain domain) {
    return new Slot(count++, width, rowBytes, domain);
  }

  /** For f32 that no op of the graph has a value for. */
  Slot floats(int width, Domain domain) {
    return newSlot(width, Encoding.F32.bytes(width), domain);
  }

  /** For what an op gives. */
  Slot slot(Value v, Domain domain) {
    Slot slot = floats(v.width(), domain);
    put(v, Encoding.F32, slot);
    return slot;
  }

  void put(Value v, Encoding encoding, Slot slot) {
    slots.computeIfAbsent(v, _ -> new EnumMap<>(Encoding.class)).put(encoding, slot);
  }

  /** Where an op before has left a value. */
  Slot of(Value v) {
    return of(v, Encoding.F32);
  }

  Slot of(Value v, Encoding encoding) {
    return slots.get(v).get(encoding);
  }

  boolean has(Value v, Encoding encoding) {
    return slots.get(v).containsKey(encoding);
  }

  /** What outlives a step. */
  Slot kept(Keep keep, long rowBytes, Domain domain) {
    return kept.computeIfAbsent(keep.id(), _ -> newSlot(0, rowBytes, domain));
  }
}
