package io.solebox.server.library;

import io.solebox.server.http.Exchange;
import io.solebox.server.http.Registration;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/**
 * Long work on a library that somebody waits for, as a pull. When he leaves, or the server ends, it
 * ends too; what is done of it is kept.
 */
public final class LibraryRun {
  /** How long the end of the server is not noticed. */
  private static final long LOOK_MILLIS = 250;

  /** For the disk, when it ends before it is done. */
  private static final Duration LAST_WRITES = Duration.ofSeconds(10);

  private LibraryRun() {}

  /** What is done. */
  @FunctionalInterface
  public interface Work {
    /**
     * @param unwanted whether nobody waits any more; the thread is interrupted then
     */
    KeptModel run(BooleanSupplier unwanted) throws InterruptedException;
  }

  /**
   * Does it in another thread, and remembers that it was done.
   *
   * @param action as {@link Exchange#record} takes it
   * @throws RuntimeException whatever it throws, or why nobody waits any more
   */
  public static KeptModel run(Exchange exchange, String action, Work work)
      throws InterruptedException {
    var unwanted = new AtomicBoolean();
    var task = new FutureTask<KeptModel>(() -> work.run(unwanted::get));
    Thread worker = Thread.ofVirtual().name("library").unstarted(task);
    try (Registration _ = exchange.cancelWith(() -> cancel(task, unwanted))) {
      worker.start();
      KeptModel model = await(exchange, task, unwanted);
      exchange.record(action, model.name(), Map.of("digest", model.digest()));
      return model;
    } catch (CancellationException e) {
      throw exchange.cancelled();
    } finally {
      cancel(task, unwanted);
      worker.join(LAST_WRITES);
    }
  }

  private static void cancel(FutureTask<?> task, AtomicBoolean unwanted) {
    unwanted.set(true);
    task.cancel(true);
  }

  private static KeptModel await(
      Exchange exchange, FutureTask<KeptModel> task, AtomicBoolean unwanted)
      throws InterruptedException {
    while (true) {
      try {
        return task.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        if (exchange.mustEnd()) {
          cancel(task, unwanted);
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
