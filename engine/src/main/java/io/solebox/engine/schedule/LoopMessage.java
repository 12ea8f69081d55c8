package io.solebox.engine.schedule;

import io.solebox.engine.backend.StepProfile;
import io.solebox.engine.error.SoleboxException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** What others have to say to an engine loop. */
sealed interface LoopMessage {
  /** The loop has ended without hearing of it. */
  default void fail(SoleboxException why) {}

  /** Somebody has a sequence. */
  record Add(int[] prompt, Work work) implements LoopMessage {
    @Override
    public void fail(SoleboxException why) {
      work.failed(why);
    }
  }

  /** Tell where the time of a step at this position goes. */
  record Profile(int position, CompletableFuture<Optional<StepProfile>> result)
      implements LoopMessage {
    @Override
    public void fail(SoleboxException why) {
      result.completeExceptionally(why);
    }
  }

  /** Somebody closed a generation, or a step has ended; look for it. */
  record Look() implements LoopMessage {}

  /** Fail all that runs with this, and end. */
  record Stop(SoleboxException why) implements LoopMessage {}
}
