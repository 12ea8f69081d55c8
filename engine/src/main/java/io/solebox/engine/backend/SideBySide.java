package io.solebox.engine.backend;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Makes plans on several devices ready at the same time, each on a thread of its own, since each
 * device has a link of its own. Where one fails the others stop, and what was ready is closed.
 */
public final class SideBySide {
  private static final long LOOK_MILLIS = 50;

  /** Makes one of the plans ready. */
  public interface Maker {
    /**
     * @throws SoleboxException as {@link Backend#prepare}
     */
    Plan make(Progress progress);
  }

  /** What the thread of one plan has to say. */
  private sealed interface Word {
    record Reports(int plan, String stage, double fraction) implements Word {}

    record Ends(int place, Plan plan) implements Word {}

    record Fails(Throwable why) implements Word {}
  }

  private final Progress progress;
  private final LinkedBlockingQueue<Word> words = new LinkedBlockingQueue<>();
  private final JointProgress joint;
  private final List<Optional<Plan>> plans = new ArrayList<>();
  private final List<Throwable> failures = new ArrayList<>();
  private volatile boolean stopped;
  private boolean interrupted;

  private SideBySide(int count, Progress progress) {
    this.progress = progress;
    this.joint = new JointProgress(count);
    for (int i = 0; i < count; i++) {
      plans.add(Optional.empty());
    }
  }

  /**
   * The plans of all makers, in their order.
   *
   * @param progress hears, on the calling thread, of the plan that is furthest behind, and how far
   *     all are there
   * @throws SoleboxException that of the first to fail; {@code CANCELLED} also when interrupted
   */
  public static List<Plan> prepare(List<Maker> makers, Progress progress) {
    return makers.size() == 1
        ? List.of(makers.getFirst().make(progress))
        : new SideBySide(makers.size(), progress).prepareAll(makers);
  }

  private List<Plan> prepareAll(List<Maker> makers) {
    for (int i = 0; i < makers.size(); i++) {
      int place = i;
      Maker maker = makers.get(i);
      Thread.ofPlatform().name("load-" + i).daemon().start(() -> make(place, maker));
    }
    int left = makers.size();
    while (left > 0) {
      left -= next().map(this::hear).orElse(0);
      stopped |= !failures.isEmpty() || interrupted || progress.cancelled();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
      failures.add(
          new SoleboxException(ErrorCode.CANCELLED, "", "Loading was stopped.", "Load it again."));
    }
    if (!failures.isEmpty()) {
      plans.forEach(plan -> plan.ifPresent(Plan::close));
      throw failure();
    }
    return plans.stream().map(Optional::orElseThrow).toList();
  }

  private void make(int place, Maker maker) {
    try {
      words.add(new Word.Ends(place, maker.make(new OwnProgress(place))));
    } catch (Throwable t) {
      words.add(new Word.Fails(t));
    }
  }

  private final class OwnProgress implements Progress {
    private final int place;

    OwnProgress(int place) {
      this.place = place;
    }

    @Override
    public void report(String stage, double fraction) {
      words.add(new Word.Reports(place, stage, fraction));
    }

    @Override
    public boolean cancelled() {
      return stopped;
    }
  }

  private Optional<Word> next() {
    try {
      return Optional.ofNullable(words.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      interrupted = true; // the threads end soon, and must have ended before this comes back
      return Optional.empty();
    }
  }

  /** How many have ended by this. */
  private int hear(Word word) {
    return switch (word) {
      case Word.Reports(int place, String stage, double fraction) -> {
        joint.reports(place, stage, fraction);
        tell();
        yield 0;
      }
      case Word.Ends(int place, Plan plan) -> {
        plans.set(place, Optional.of(plan));
        joint.ends(place);
        tell();
        yield 1;
      }
      case Word.Fails(Throwable why) -> {
        failures.add(why);
        yield 1;
      }
    };
  }

  private void tell() {
    if (failures.isEmpty()) {
      try {
        progress.report(joint.stage(), joint.fraction());
      } catch (RuntimeException e) {
        failures.add(e);
      }
    }
  }

  /** The first one: the others have stopped for its sake, or say why they failed themselves. */
  private RuntimeException failure() {
    Throwable first = failures.getFirst();
    failures.stream()
        .skip(1)
        .filter(other -> !(other instanceof SoleboxException e) || e.code() != ErrorCode.CANCELLED)
        .forEach(first::addSuppressed);
    return switch (first) {
      case RuntimeException e -> e;
      case Error e -> throw e;
      default -> throw new AssertionError(first);
    };
  }
}
