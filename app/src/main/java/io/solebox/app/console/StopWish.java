package io.solebox.app.console;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Ctrl-C as a wish: what is going on ends at its next border and keeps what it has, and the process
 * ends when this is closed.
 */
public final class StopWish implements AutoCloseable {
  private final AtomicBoolean wished = new AtomicBoolean();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread hook = new Thread(this::wish);

  private StopWish() {}

  public static StopWish ofCtrlC() {
    var wish = new StopWish();
    Runtime.getRuntime().addShutdownHook(wish.hook);
    return wish;
  }

  private void wish() {
    wished.set(true);
    try {
      closed.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // nobody does that to a hook, and then it is over
    }
  }

  public boolean isWished() {
    return wished.get();
  }

  @Override
  public void close() {
    closed.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending, and the hook has been run.
    }
  }
}
