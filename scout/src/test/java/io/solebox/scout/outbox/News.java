package io.solebox.scout.outbox;

import io.solebox.scout.Sightings;
import io.solebox.scout.item.Sighting;
import io.solebox.scout.judge.Judgement;
import io.solebox.scout.notice.Notice;
import io.solebox.scout.story.Event;
import io.solebox.scout.story.Happening;
import java.time.Instant;
import java.util.Optional;

/** Notices for tests. */
public final class News {
  public static final Instant NOON = Sightings.START;

  private News() {}

  /** Of a new thing. */
  public static Notice of(int number, Instant at) {
    return of(number, Happening.NEW, at);
  }

  public static Notice of(int number, Happening happening, Instant at) {
    Sighting seen = Sightings.at(Integer.toString(number), 0, "400.00", "EUR");
    return new Notice(
        "key-" + number,
        "watch",
        new Event(happening, seen, Optional.empty(), 1, at),
        Judgement.NONE);
  }
}
