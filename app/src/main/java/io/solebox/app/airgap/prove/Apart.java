package io.solebox.app.airgap.prove;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A way that is gone by a thread of its own, since the kernel may end whoever goes it. It does so
 * with calls of other architectures where somebody has filtered these, as units of systemd do
 * ({@code SystemCallArchitectures=}); of such an end Java hears nothing.
 *
 * @param way is gone once
 */
record Apart(Attempt.Try way) implements Attempt.Try {
  private static final Path THREAD = Path.of("/proc/thread-self");
  private static final int LOOKS = 500;
  private static final int MILLIS_BETWEEN = 20;

  @Override
  public Answer go() throws IOException, InterruptedException {
    var begun = new CompletableFuture<Path>();
    var answer = new CompletableFuture<Answer>();
    // Nobody waits at the end for one that is no more.
    Thread.ofPlatform().daemon().name("solebox-apart").start(() -> run(begun, answer));
    try {
      Path thread = begun.get();
      for (int look = 0; look < LOOKS; look++) {
        // First, so that who has answered and ended is not taken for one that was ended.
        boolean there = Files.exists(thread);
        if (answer.isDone() || there) {
          try {
            return answer.get(MILLIS_BETWEEN, TimeUnit.MILLISECONDS);
          } catch (TimeoutException e) {
            continue;
          }
        }
        return new Answer.Held("the kernel ended the thread that tried");
      }
      return new Answer.NotTried("there was no answer");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException known) {
        throw known;
      }
      throw new IllegalStateException(e);
    }
  }

  private void run(CompletableFuture<Path> begun, CompletableFuture<Answer> answer) {
    try {
      begun.complete(THREAD.toRealPath());
      answer.complete(way.go());
    } catch (IOException | InterruptedException | RuntimeException e) {
      begun.completeExceptionally(e);
      answer.completeExceptionally(e);
    }
  }
}
