package io.solebox.backend.cuda;

import io.solebox.backend.cuda.driver.PinnedMemory;
import io.solebox.backend.cuda.driver.Stream;
import io.solebox.engine.backend.HiddenPlace;
import io.solebox.engine.error.SoleboxException;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * Rows of a hidden state on their way between a place that two stages have and the memory where one
 * of them computes, for one part of a step. What is in ordinary memory of the host goes over pinned
 * memory.
 *
 * @param address of the part's rows, which stand one behind the other
 * @param pinned at least as large as they are
 * @param tokens of the step, one for each row of the part
 */
record HiddenTransfer(
    HiddenPlace place, long address, long rowBytes, PinnedMemory pinned, int[] tokens) {
  /** On the calling thread, before the GPU's takes. */
  void beforeTaking() {
    if (place instanceof HiddenPlace.InHost(_, var rows, _)) {
      for (int t = 0; t < tokens.length; t++) {
        MemorySegment.copy(rows, tokens[t] * rowBytes, pinned.segment(), t * rowBytes, rowBytes);
      }
    }
  }

  /** Queues what brings the rows to the memory where they are used. */
  void take(Stream stream) {
    crossing()
        .ifPresentOrElse(
            c -> eachRun((at, from, bytes) -> c.crossing().take(stream, at, from, bytes)),
            () -> stream.upload(whole(), address));
  }

  /** On the calling thread, before the GPU's leaves them. */
  void beforeLeaving() {
    crossing().ifPresent(c -> c.crossing().makeReady());
  }

  /** Queues what brings the rows out. */
  void leave(Stream stream) {
    crossing()
        .ifPresentOrElse(
            c -> eachRun((at, from, bytes) -> c.crossing().leave(stream, from, at, bytes)),
            () -> stream.download(address, whole()));
  }

  /**
   * On the calling thread, when the GPU's has failed: that may come of the one that the rows go to.
   *
   * @throws SoleboxException of that one, if it is lost
   */
  void blame(SoleboxException failure) {
    try {
      crossing().ifPresent(c -> c.crossing().requireReceiver());
    } catch (SoleboxException e) {
      e.addSuppressed(failure);
      throw e;
    }
  }

  /** On the calling thread, when the GPU's has left them. */
  void afterLeaving() {
    if (place instanceof HiddenPlace.InHost(_, var rows, _)) {
      for (int t = 0; t < tokens.length; t++) {
        MemorySegment.copy(pinned.segment(), t * rowBytes, rows, tokens[t] * rowBytes, rowBytes);
      }
    }
  }

  private Optional<Crossing.Place> crossing() {
    return switch (place) {
      case HiddenPlace.InHost _ -> Optional.empty();
      case Crossing.Place crossing -> Optional.of(crossing);
      case HiddenPlace.OfBackend other ->
          throw new IllegalArgumentException(other + " is of another backend");
    };
  }

  private MemorySegment whole() {
    return pinned.segment().asSlice(0, tokens.length * rowBytes);
  }

  /** Rows that stand together on both sides. */
  private interface Run {
    /**
     * @param at in the place, in bytes
     * @param mine address of the first
     */
    void copy(long at, long mine, long bytes);
  }

  private void eachRun(Run run) {
    int first = crossing().orElseThrow().firstRow();
    for (int from = 0; from < tokens.length; ) {
      int end = from + 1;
      while (end < tokens.length && tokens[end] == tokens[end - 1] + 1) {
        end++;
      }
      run.copy(
          (first + tokens[from]) * rowBytes, address + from * rowBytes, (end - from) * rowBytes);
      from = end;
    }
  }
}
