package io.solebox.engine.schedule;

import io.solebox.engine.generation.Priority;
import java.util.Comparator;
import java.util.List;

/** First come, first served; background work after all that people wait for. */
final class FirstCome implements SchedulerPolicy {
  private static final Comparator<Sequence> BY_PRIORITY =
      Comparator.comparing(sequence -> sequence.work().priority());

  @Override
  public List<Sequence> admission(List<Sequence> waiting) {
    return sorted(waiting);
  }

  @Override
  public List<Sequence> prefill(List<Sequence> running) {
    return sorted(running);
  }

  private static List<Sequence> sorted(List<Sequence> sequences) {
    boolean alike = sequences.stream().noneMatch(s -> s.work().priority() != Priority.INTERACTIVE);
    return alike ? sequences : sequences.stream().sorted(BY_PRIORITY).toList();
  }

  @Override
  public Sequence victim(List<Sequence> running) {
    return sorted(running).getLast();
  }

  @Override
  public void scheduled(Sequence sequence, int tokens) {}
}
