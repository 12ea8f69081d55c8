package io.solebox.engine.host;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The models of a host, and the monitor that guards them: who comes ({@link HostTable}) and who
 * leaves ({@link Departures}) hold it in all that they do.
 */
final class Residents {
  private final Map<String, Hosted> models = new HashMap<>();
  private final KeepAlive usual;
  private boolean closing;
  private long changes;

  /**
   * @param usual how long models stay until somebody says otherwise
   */
  Residents(KeepAlive usual) {
    this.usual = usual;
  }

  /** With the monitor held. */
  Hosted model(String name) {
    return models.computeIfAbsent(name, each -> new Hosted(each, usual));
  }

  /** With the monitor held. */
  Collection<Hosted> all() {
    return models.values();
  }

  /** Those that may leave for another; with the monitor held. */
  List<Hosted> mayLeave() {
    return models.values().stream().filter(Hosted::mayLeave).toList();
  }

  /** Wakes whoever waits for something. */
  synchronized void changed() {
    changes++;
    notifyAll();
  }

  synchronized boolean isClosing() {
    return closing;
  }

  /** From now on nothing is loaded, leased or unloaded any more. */
  synchronized void stop() {
    closing = true;
    changed();
  }

  /** Waits until something has changed, or for {@code limit}. */
  synchronized void await(Duration limit) throws InterruptedException {
    wait(Math.max(1, limit.toMillis()));
  }

  /** The same; without an end where there is no limit. */
  synchronized void await(Optional<Duration> limit) throws InterruptedException {
    if (limit.isPresent()) {
      await(limit.get());
    } else {
      wait();
    }
  }

  /**
   * Waits until something has changed since {@code seen}, or for {@code limit}.
   *
   * @param seen what this returned before; anything else returns at once
   */
  synchronized long awaitChange(long seen, Duration limit) throws InterruptedException {
    if (changes == seen && !closing) {
      await(limit);
    }
    return changes;
  }
}
