package io.solebox.engine.host;

import io.solebox.engine.error.SoleboxException;
import java.time.Duration;

/** How long a model stays loaded when nobody uses it any more. */
public sealed interface KeepAlive {
  /** Until another needs its memory. */
  KeepAlive WHILE_THERE_IS_ROOM = new WhileThereIsRoom();

  /** As {@link #WHILE_THERE_IS_ROOM}. */
  record WhileThereIsRoom() implements KeepAlive {}

  /**
   * At most so long; 0 unloads it with the end of the last answer.
   *
   * @param time not negative
   */
  record Idle(Duration time) implements KeepAlive {
    public Idle {
      if (time.isNegative()) {
        throw new IllegalArgumentException("a time of " + time);
      }
    }
  }

  /**
   * @param seconds less than 0 is {@link #WHILE_THERE_IS_ROOM}, as is more than a century
   */
  static KeepAlive ofSeconds(double seconds) {
    return seconds < 0 || seconds > Times.MAX_SECONDS
        ? WHILE_THERE_IS_ROOM
        : new Idle(Duration.ofNanos(Math.round(seconds * 1e9)));
  }

  /**
   * As Ollama reads it: {@code 5m}, {@code 1h30m}, {@code 90} (seconds), {@code 0}; less than 0 is
   * {@link #WHILE_THERE_IS_ROOM}.
   *
   * @param place the option or parameter, for the error
   * @throws SoleboxException {@code INVALID_PARAMETER}
   */
  static KeepAlive parse(String place, String text) {
    return ofSeconds(Times.seconds(place, text));
  }
}
