package io.solebox.engine.backend;

import io.solebox.engine.error.SoleboxException;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
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
    eachPart(place, to, plan -> part -> plan.read(place, part));
  }

  void write(KeptPlace place, MemorySegment from) {
    eachPart(place, from, plan -> part -> plan.write(place, part));
  }

  private void eachPart(
      KeptPlace place, MemorySegment all, Function<Plan, Consumer<MemorySegment>> copy) {
    long at = 0;
    for (Plan plan : plans) {
      long bytes = plan.bytes(place);
      if (bytes > 0) {
        copy.apply(plan).accept(all.asSlice(at, bytes));
      }
      at += bytes;
    }
  }

  /** What is true of several is said once. */
  List<String> notes() {
    return plans.stream().flatMap(plan -> plan.notes().stream()).distinct().toList();
  }

  /** Of those that have one, loaded one after the other; others use weights in place. */
  Optional<LoadReport> loadReport() {
    return plans.stream().flatMap(plan -> plan.loadReport().stream()).reduce(LoadReport::plus);
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
