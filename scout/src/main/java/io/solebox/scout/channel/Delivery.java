package io.solebox.scout.channel;

import java.time.Duration;

/** What became of a message. */
public sealed interface Delivery {
  /** It arrived. */
  record Accepted() implements Delivery {}

  /**
   * It did not, and may later.
   *
   * @param pause as the channel has said; zero where it has not
   * @param reason without secrets
   */
  record Later(Duration pause, String reason) implements Delivery {}

  /** It never will: this message is not taken as it is; others are. */
  record Refused(String reason) implements Delivery {}

  /**
   * Nothing arrives there any more: what is on its way waits until somebody has changed something.
   *
   * @param remedy what to change
   */
  record Stopped(String reason, String remedy) implements Delivery {}
}
