package io.solebox.scout.channel;

import java.time.Duration;

/** What became of a message. */
public sealed interface Delivery {
  /**
   * It arrived.
   *
   * @param pause before the next, as the channel has said; zero where it has not
   */
  record Accepted(Duration pause) implements Delivery {
    /** The next may follow at once. */
    public Accepted() {
      this(Duration.ZERO);
    }
  }

  /**
   * It did not as far as is known, and may later.
   *
   * @param pause as the channel has said; zero where it has not
   * @param reason without secrets, as a part of a sentence
   * @param perhapsArrived whether it was sent and no answer came
   */
  record Later(Duration pause, String reason, boolean perhapsArrived) implements Delivery {}

  /**
   * It never will: this message is not taken as it is; others are.
   *
   * @param reason as of {@link Later}
   */
  record Refused(String reason) implements Delivery {}

  /**
   * Nothing arrives there any more: what is on its way waits until somebody has changed something.
   *
   * @param reason as of {@link Later}
   * @param remedy what to change, as a sentence
   */
  record Stopped(String reason, String remedy) implements Delivery {}
}
