package io.solebox.server.chats.search;

import java.util.List;

/**
 * What a search has found so far.
 *
 * @param indexed of all chats, the part that was looked at: 1 where that is all of them
 * @param damaged of these, the chats and messages that cannot be opened, and were passed over
 */
public record Found(List<Hit> hits, double indexed, int damaged) {
  /** Where there is nothing to look at. */
  public static final Found NOTHING = new Found(List.of(), 1, 0);
}
