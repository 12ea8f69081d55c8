package io.solebox.server.library;

import io.solebox.server.http.Exchange;
import io.solebox.server.http.Registration;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A pull that somebody waits for. When he leaves, or the server ends, it ends too; what has come is
 * kept.
 */
public final class PullRun {
  /** How long the end of the server is not noticed. */
  private static final long LOOK_MILLIS = 250;

  /** For the disk, when it ends before it is done. */
  private static final Duration LAST_WRITES = Duration.ofSeconds(10);

  private PullRun() {}

  /**
   * @param watcher hears it from another thread
   * @throws RuntimeException whatever the library throws, or why nobody waits any more
   */
  public static KeptModel run(
      Exchange exchange, ModelLibrary library, PullWish wish, PullWatcher watcher)
      throws InterruptedException {
    var task = new FutureTask<KeptModel>(() -> library.pull(wish, watcher));
    Thread worker = Thread.ofVirtual().name("pull").unstarted(task);
    try (Registration _ = exchange.cancelWith(() -> task.cancel(true))) {
      worker.start();
      return await(exchange, task);
    } catch (CancellationException e) {
      throw exchange.cancelled();
    } finally {
      task.cancel(true);
      worker.join(LAST_WRITES);
    }
  }

  private static KeptModel await(Exchange exchange, FutureTask<KeptModel> task)
      throws InterruptedException {
    while (true) {
      try {
        return task.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        if (exchange.mustEnd()) {
          task.cancel(true);
        }
      } catch (ExecutionException e) {
        if (e.getCause() instanceof RuntimeException failure) {
          throw failure;
        }
        throw new IllegalStateException(e.getCause());
      }
    }
  }
}
