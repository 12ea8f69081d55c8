package io.solebox.server.answers;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Where the messages of a chat can be cut, when the oldest are to be left away. System messages at
 * the beginning stay, as do the last message of the user and all that is newest. Whole turns go
 * first, since templates want turns to take turns, and then what the assistant did in the last one;
 * a call and its results stay together.
 */
public record Turns(List<Map<String, Object>> messages) {
  private String role(int index) {
    return String.valueOf(messages.get(index).get("role"));
  }

  private int systems() {
    int count = 0;
    while (count < messages.size() && role(count).equals("system")) {
      count++;
    }
    return count;
  }

  private int lastUser() {
    int last = messages.size() - 1;
    while (last >= 0 && !role(last).equals("user")) {
      last--;
    }
    return last;
  }

  /** How many messages may be left away, from none on, in ascending order. */
  public List<Integer> cuts() {
    int systems = systems();
    int lastUser = lastUser();
    List<Integer> cuts = new ArrayList<>(List.of(0));
    for (int at = systems + 1; at < messages.size(); at++) {
      boolean turn = role(at).equals("user");
      boolean step = at > lastUser + 1 && role(at).equals("assistant");
      if (turn || step) {
        cuts.add(at - systems - (at > lastUser && lastUser >= systems ? 1 : 0));
      }
    }
    return cuts;
  }

  /**
   * What is left.
   *
   * @param dropped one of {@link #cuts}
   */
  public List<Map<String, Object>> without(int dropped) {
    int systems = systems();
    int lastUser = lastUser();
    List<Map<String, Object>> left = new ArrayList<>(messages.subList(0, systems));
    int from = systems + dropped;
    if (dropped > 0 && lastUser >= systems && from > lastUser) {
      left.add(messages.get(lastUser));
      from++;
    }
    left.addAll(messages.subList(from, messages.size()));
    return left;
  }
}
