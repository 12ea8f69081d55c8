package io.solebox.backend.cuda.fake;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Work in order. Lazy: nothing runs until somebody waits for it, so that a host that reads too
 * early reads what was there before.
 */
final class FakeStream {
  /** A piece of device work. */
  interface Work {
    void run();
  }

  private final Deque<Work> queue = new ArrayDeque<>();
  private List<Work> captured = List.of();
  private boolean capturing;
  private long queued;
  private long done;

  void add(Work work) {
    if (capturing) {
      captured.add(work);
    } else {
      queue.add(work);
      queued++;
    }
  }

  boolean capturing() {
    return capturing;
  }

  void beginCapture() {
    if (capturing) {
      throw new FakeError(FakeError.INVALID_VALUE, "is capturing already");
    }
    captured = new ArrayList<>();
    capturing = true;
  }

  List<Work> endCapture() {
    if (!capturing) {
      throw new FakeError(FakeError.INVALID_VALUE, "does not capture");
    }
    capturing = false;
    return captured;
  }

  /** Number of the work that was queued last. */
  long queued() {
    return queued;
  }

  void runAll() {
    runTo(queued);
  }

  /** Runs what comes next; whether more is left. */
  boolean runOne() {
    runTo(Math.min(queued, done + 1));
    return done < queued;
  }

  /** Runs until this much is done. */
  void runTo(long number) {
    if (capturing) {
      throw new FakeError(FakeError.CAPTURE_UNSUPPORTED, "waits for a stream that is capturing");
    }
    while (done < number) {
      done++;
      queue.poll().run();
    }
  }
}
