package io.solebox.server.models;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

/** The answers of one model that are not over, numbered as they come. Safe for many threads. */
final class OngoingAnswers {
  private final AtomicLong last = new AtomicLong();
  private final Map<Long, MeteredGeneration> all = new ConcurrentSkipListMap<>();

  /** The number of the next. */
  long next() {
    return last.getAndIncrement();
  }

  void add(MeteredGeneration answer) {
    all.put(answer.number(), answer);
  }

  void remove(MeteredGeneration answer) {
    all.remove(answer.number());
  }

  /** Those that are being computed, the oldest first. */
  List<Ongoing> running() {
    return all.values().stream().map(MeteredGeneration::ongoing).flatMap(Optional::stream).toList();
  }

  /** All that are not over, the oldest first. */
  List<RunningAnswer> all() {
    return all.values().stream().map(MeteredGeneration::running).toList();
  }

  /** Ends one; whether there is one of this number. */
  boolean stop(long number) {
    Optional<MeteredGeneration> answer = Optional.ofNullable(all.get(number));
    answer.ifPresent(MeteredGeneration::stop);
    return answer.isPresent();
  }
}
