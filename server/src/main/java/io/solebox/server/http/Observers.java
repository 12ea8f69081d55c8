package io.solebox.server.http;

/**
 * What hears of every request of a server.
 *
 * @param counters what has happened
 * @param metrics what requests were for, and what became of them
 */
public record Observers(Counters counters, RequestMetrics metrics) {
  public Observers() {
    this(new Counters(), new RequestMetrics());
  }
}
