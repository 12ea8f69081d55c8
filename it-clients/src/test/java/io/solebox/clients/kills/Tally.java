package io.solebox.clients.kills;

import io.solebox.clients.kills.Api.Answer;
import java.util.EnumMap;
import java.util.Map;

/** What one client was told, counted. Owned by one thread at a time. */
final class Tally {
  private final String client;
  private final Map<Count, Long> said = new EnumMap<>(Count.class);

  Tally(String client) {
    this.client = client;
  }

  long said(Count count) {
    return said.getOrDefault(count, 0L);
  }

  void set(Count count, long value) {
    said.put(count, value);
  }

  void add(Count count) {
    said.merge(count, 1L, Long::sum);
  }

  /** Counts what was done. */
  Answer require(Answer answer, Count count) {
    if (answer.status() != 200) {
      throw new IllegalStateException(
          "%s: %s was answered %d %s".formatted(client, count, answer.status(), answer.text()));
    }
    add(count);
    return answer;
  }
}
