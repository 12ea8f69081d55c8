package io.solebox.scout.channel;

import io.solebox.scout.notice.Notice;
import java.util.List;

/**
 * What goes to a channel at once.
 *
 * @param key the same whenever this message is sent again
 * @param notices at least one, at most as many as the channel takes
 * @param perhapsAgain whether the process ended while it was sent: it may have arrived
 */
public record Message(String key, List<Notice> notices, boolean perhapsAgain) {
  public Message {
    notices = List.copyOf(notices);
    if (notices.isEmpty()) {
      throw new IllegalArgumentException("a message of nothing");
    }
  }
}
