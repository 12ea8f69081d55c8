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

  private final FakeDevice device;
  private final Interpreter.Waiting outside;
  private final Deque<Work> queue = new ArrayDeque<>();
  private List<Work> captured = List.of();
  private boolean capturing;
  private boolean running; // in another thread, if one asks that does not come from its own work
  private long queued;
  private long done;

  /**
   * @param outside while another thread runs what this one waits for
   */
  FakeStream(FakeDevice device, Interpreter.Waiting outside) {
    this.device = device;
    this.outside = outside;
  }

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
      if (device.sticky() != 0) {
        throw new FakeError(device.sticky(), "");
      }
      if (running) {
        outside.giveWay();
      } else {
        runNext();
      }
    }
  }

  private void runNext() {
    running = true;
    try {
      queue.poll().run();
    } catch (KernelFault e) {
      device.lose(e.kind().code()); // whoever has waited for it
      throw e;
    } finally {
      running = false;
      done++;
    }
  }
}
