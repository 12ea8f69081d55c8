package io.solebox.engine.backend;

import io.solebox.engine.error.SoleboxException;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Plans that each keep a part of the same sequences, as one: a block or a place for state has the
 * same number in all of them.
 */
record Members(List<Plan> plans) implements AutoCloseable {
  Members {
    plans = List.copyOf(plans);
  }

  /** The smallest pools of all, so that a block id is good everywhere. */
  List<Integer> kvBlocks() {
    int groups = plans.getFirst().kvBlocks().size();
    return IntStream.range(0, groups)
        .mapToObj(g -> plans.stream().map(s -> s.kvBlocks().get(g)).min(Integer::compare).get())
        .toList();
  }

  /** As many as every one has that has state to put there. */
  int slots() {
    return withState().mapToInt(Plan::slots).min().orElse(0);
  }

  void copySlot(int from, int to) {
    withState().forEach(plan -> plan.copySlot(from, to));
  }

  private Stream<Plan> withState() {
    return plans.stream().filter(plan -> plan.slots() > 0);
  }

  /** Of all, one behind the other. */
  long bytes(KeptPlace place) {
    return plans.stream().mapToLong(plan -> plan.bytes(place)).sum();
  }

  void read(KeptPlace place, MemorySegment to) {
    for (Plan plan : plans) {
      part(plan, place, to).ifPresent(part -> plan.read(place, part));
    }
  }

  void write(KeptPlace place, MemorySegment from) {
    for (Plan plan : plans) {
      part(plan, place, from).ifPresent(part -> plan.write(place, part));
    }
  }

  /** What of a place's bytes is one plan's; empty where it keeps nothing there. */
  Optional<MemorySegment> part(Plan plan, KeptPlace place, MemorySegment all) {
    List<Plan> others = plans.subList(0, plans.indexOf(plan));
    long before = others.stream().mapToLong(other -> other.bytes(place)).sum();
    long bytes = plan.bytes(place);
    return bytes > 0 ? Optional.of(all.asSlice(before, bytes)) : Optional.empty();
  }

  /** What is true of several is said once. */
  List<String> notes() {
    return plans.stream().flatMap(plan -> plan.notes().stream()).distinct().toList();
  }

  /** Of those that have one, loaded at the same time; others use weights in place. */
  Optional<LoadReport> loadReport() {
    return plans.stream().flatMap(plan -> plan.loadReport().stream()).reduce(LoadReport::beside);
  }

  /** Of the first that is lost. */
  Optional<SoleboxException> loss() {
    return plans.stream().flatMap(plan -> plan.loss().stream()).findFirst();
  }

  @Override
  public void close() {
    plans.forEach(Plan::close);
  }
}
