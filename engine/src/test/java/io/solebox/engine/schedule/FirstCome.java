package io.solebox.engine.schedule;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** First come, first served; background work after all that people wait for. */
final class FirstCome implements SchedulerPolicy {
  private static final Comparator<Sequence> BY_PRIORITY =
      Comparator.comparing(sequence -> sequence.work().priority());

  @Override
  public void arrived(Sequence sequence) {}

  @Override
  public void admitted(Sequence sequence, boolean first) {}

  @Override
  public void left(Sequence sequence) {}

  @Override
  public void begin(List<Sequence> running, List<Sequence> waiting) {}

  @Override
  public List<Sequence> order(List<Sequence> running, List<Sequence> waiting) {
    var order = new ArrayList<Sequence>();
    running.stream().filter(Sequence::isGenerating).forEach(order::add);
    running.stream().filter(s -> !s.isGenerating()).sorted(BY_PRIORITY).forEach(order::add);
    waiting.stream().sorted(BY_PRIORITY).forEach(order::add);
    return order;
  }

  @Override
  public int most(Sequence sequence) {
    return Integer.MAX_VALUE;
  }

  @Override
  public void scheduled(Sequence sequence, int tokens) {}

  @Override
  public List<Sequence> yielding(Sequence next, List<Sequence> running) {
    return List.of();
  }

  @Override
  public Sequence victim(List<Sequence> running) {
    return running.stream().sorted(BY_PRIORITY).toList().getLast();
  }
}
