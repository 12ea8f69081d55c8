package io.solebox.hardware.board;

import java.time.Duration;

/**
 * How long a link waits.
 *
 * @param free for the line, where other processes have it; each has it for one exchange
 * @param answer for one answer
 * @param quiet after the last byte, until what has begun counts as cut
 * @param sends how often a question is sent at most; all of them must lie within the two seconds
 *     for which a board remembers an order
 */
public record LinkPace(Duration free, Duration answer, Duration quiet, int sends) {
  public static final LinkPace USUAL =
      new LinkPace(Duration.ofSeconds(3), Duration.ofMillis(300), Duration.ofMillis(50), 4);
}
