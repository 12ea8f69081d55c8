package io.solebox.scout.notice;

import io.solebox.scout.judge.Judgement;
import io.solebox.scout.story.Event;
import java.time.Instant;

/**
 * What is told of one thing: once to each channel, whatever happens.
 *
 * @param key the same for the same happening of the same thing: by it a channel may tell that it
 *     has had this before. A hash, since it outlives the listing
 * @param watch which wanted it, by its name
 */
public record Notice(String key, String watch, Event event, Judgement judgement) implements Told {
  @Override
  public Instant at() {
    return event.at();
  }
}
