package io.solebox.server.chats;

import java.time.Duration;

/** Does something every minute, in a thread of its own. */
final class IdleSweep implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofMinutes(1);

  private final Thread thread;

  IdleSweep(Runnable work) {
    thread =
        Thread.ofVirtual()
            .name("chats-idle")
            .start(
                () -> {
                  try {
                    while (true) {
                      Thread.sleep(PAUSE);
                      work.run();
                    }
                  } catch (InterruptedException e) {
                    // closed
                  }
                });
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
