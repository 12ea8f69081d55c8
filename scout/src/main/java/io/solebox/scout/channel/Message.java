package io.solebox.scout.channel;

import io.solebox.scout.notice.Told;
import java.util.List;

/**
 * What goes to a channel at once.
 *
 * @param key the same whenever this message is sent again
 * @param news at least one, at most as many as the channel takes
 * @param perhapsAgain whether it was sent before and nobody knows whether it arrived
 */
public record Message(String key, List<Told> news, boolean perhapsAgain) {
  public Message {
    news = List.copyOf(news);
    if (news.isEmpty()) {
      throw new IllegalArgumentException("a message of nothing");
    }
  }
}
