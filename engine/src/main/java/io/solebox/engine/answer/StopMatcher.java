package io.solebox.engine.answer;

import java.util.List;
import java.util.Optional;

/**
 * Finds stop strings in text that arrives in parts. The result does not depend on where the parts
 * end: the stop string that is complete first wins, and of two that end together the longer one.
 */
final class StopMatcher {
  private final List<String> stops;

  /** Text that came in and has not been released: it may be the start of a stop string. */
  private final StringBuilder held = new StringBuilder();

  private Optional<String> match = Optional.empty();

  StopMatcher(List<String> stops) {
    this.stops = List.copyOf(stops);
  }

  /** Adds text and returns what is certain not to belong to a stop string. */
  String accept(String text) {
    held.append(text);
    int start = held.length();
    int end = Integer.MAX_VALUE;
    for (String stop : stops) {
      int at = held.indexOf(stop);
      if (at >= 0 && (at + stop.length() < end || (at + stop.length() == end && at < start))) {
        start = at;
        end = at + stop.length();
        match = Optional.of(stop);
      }
    }
    int safe = matched() ? start : held.length() - longestOpenStart();
    String released = held.substring(0, safe);
    held.delete(0, matched() ? held.length() : safe);
    return released;
  }

  /** Length of the longest end of the text that a stop string could begin with. */
  private int longestOpenStart() {
    int longest = 0;
    for (String stop : stops) {
      for (int n = Math.min(stop.length() - 1, held.length()); n > longest; n--) {
        if (stop.startsWith(held.substring(held.length() - n))) {
          longest = n;
        }
      }
    }
    return longest;
  }

  /** Whether a stop string was met; nothing is released after it. */
  boolean matched() {
    return match.isPresent();
  }

  /** The stop string that was met. */
  Optional<String> match() {
    return match;
  }

  /** Releases what was held back, because no more text comes. */
  String finish() {
    String rest = held.toString();
    held.setLength(0);
    return rest;
  }
}
