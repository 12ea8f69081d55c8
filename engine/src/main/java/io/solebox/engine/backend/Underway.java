package io.solebox.engine.backend;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Work that was begun, on other threads than the one that waits for its end. */
public final class Underway {
  /** Work that had ended well when it was asked about. */
  public static final Underway ENDED = new Underway();

  static {
    ENDED.end();
  }

  private final CompletableFuture<Void> end = new CompletableFuture<>();

  public boolean hasEnded() {
    return end.isDone();
  }

  /**
   * Waits for the end, whatever interrupts arrive meanwhile.
   *
   * @throws RuntimeException or an {@link Error}, with which the work failed
   */
  public void await() {
    try {
      end.join();
    } catch (CompletionException e) {
      switch (e.getCause()) {
        case RuntimeException failure -> throw failure;
        case Error failure -> throw failure;
        case null, default -> throw e;
      }
    }
  }

  /** Waits for the end, whether it is a good one or not. */
  public void awaitAnyEnd() {
    end.handle((_, _) -> true).join();
  }

  /** Has somebody told of the end, on the thread that brings it, or at once. */
  public void whenEnded(Runnable told) {
    var _ = end.whenComplete((_, _) -> told.run());
  }

  /** It has ended well. */
  public void end() {
    end.complete(null);
  }

  /** It has failed. */
  public void fail(Throwable why) {
    end.completeExceptionally(why);
  }
}
