package io.solebox.scout.run;

import io.solebox.scout.judge.Judgement;
import io.solebox.scout.story.Event;
import java.util.Set;

/**
 * What was decided of something that happened, for one watch.
 *
 * @param channels that are told; empty where none is
 * @param why in words
 */
public record Decision(
    Event event, Judgement judgement, String watch, Set<String> channels, String why) {
  public Decision {
    channels = Set.copyOf(channels);
  }

  public boolean isTold() {
    return !channels.isEmpty();
  }
}
