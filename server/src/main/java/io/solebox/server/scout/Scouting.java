package io.solebox.server.scout;

import java.util.Map;

/**
 * What the scout has seen and is told, which is a service of its own: this only looks at what it
 * keeps, and leaves wishes there. It opens no connection. Whoever starts a server brings it. Safe
 * for many threads.
 *
 * <p>All answers are objects of JSON. All throw {@link io.solebox.engine.error.SoleboxException}:
 * {@code INVALID_PARAMETER} with the field as its place for what is not there, {@code IO_ERROR} if
 * what the scout keeps cannot be read.
 */
public interface Scouting {
  /** What is for sale that somebody wants, and how the scout itself is. */
  Map<String, Object> look(ScoutQuestion question);

  /**
   * What was asked for a card, day by day.
   *
   * @param card as in the table of GPUs
   * @param currency empty for the one of which most was seen
   * @param days how far back
   */
  Map<String, Object> history(String card, String currency, int days);

  /** Tells nothing of something any more, or later. */
  Map<String, Object> mute(ScoutMute mute);

  /** Tells of it again. */
  Map<String, Object> unmute(ScoutMute.Of of);

  /**
   * The picture of one thing; asks the scout for it where it is not there yet.
   *
   * @param item its {@code id}
   */
  Map<String, Object> thumbnail(String item);

  /** Lets a channel that has stopped try again. */
  Map<String, Object> resume(String channel);
}
