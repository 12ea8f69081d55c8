package io.solebox.scout.source.ebay;

import io.solebox.scout.item.Sighting;
import io.solebox.scout.source.Found;
import io.solebox.store.pull.http.Head;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What became of one call. */
sealed interface Answer {
  /**
   * It was answered.
   *
   * @param cut why the body is not whole, where it is not
   */
  record Got(Head head, byte[] body, Optional<String> cut) implements Answer {}

  /**
   * It was refused as it is; others may be answered.
   *
   * @param explained whether eBay has named an error of its own: else who knows who answered
   */
  record Refused(int status, boolean explained, String reason) implements Answer {}

  /** None of what is asked for a while. */
  sealed interface None extends Answer {
    /** The same as a source says it. */
    Found with(List<Sighting> sightings);
  }

  /** Not now. */
  record Later(Duration pause, String reason) implements None {
    @Override
    public Found with(List<Sighting> sightings) {
      return new Found.Part(sightings, pause, reason);
    }
  }

  /** Not now, since it was asked too often; whether for the day or for the minute is not said. */
  record TooOften(Duration pause, String reason) implements None {
    @Override
    public Found with(List<Sighting> sightings) {
      return new Found.Part(sightings, pause, reason);
    }
  }

  /** Not until somebody has changed something. */
  record Closed(String reason, String remedy) implements None {
    @Override
    public Found with(List<Sighting> sightings) {
      return new Found.Closed(sightings, reason, remedy);
    }
  }
}
