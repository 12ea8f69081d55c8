package io.solebox.store.pull.http;

import java.time.Duration;

/** Lets time pass. A seam: tests note what would have been waited for. */
@FunctionalInterface
public interface Sleeper {
  Sleeper SYSTEM = Thread::sleep;

  void sleep(Duration time) throws InterruptedException;
}
