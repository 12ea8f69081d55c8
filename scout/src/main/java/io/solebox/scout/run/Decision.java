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
    Event event,
    Judgement judgement,
    String watch,
    Outcome outcome,
    Set<String> channels,
    String why) {
  /** What comes of it. */
  public enum Outcome {
    TOLD,
    /** The watch wants the thing, but it is no news to it. */
    NO_NEWS,
    /** The watch does not want the thing. */
    UNWANTED
  }

  public Decision {
    channels = Set.copyOf(channels);
  }
}
