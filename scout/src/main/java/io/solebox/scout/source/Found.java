package io.solebox.scout.source;

import io.solebox.scout.item.Sighting;
import java.time.Duration;
import java.util.List;

/** What asking came to. What was found before something went wrong is not lost. */
public sealed interface Found {
  /** In no order; the same thing may be in it twice. */
  List<Sighting> sightings();

  /**
   * All that is new.
   *
   * @param notes what people should know of it, as that it was cut after so many pages
   */
  record Whole(List<Sighting> sightings, List<String> notes) implements Found {
    public Whole {
      sightings = List.copyOf(sightings);
      notes = List.copyOf(notes);
    }
  }

  /**
   * Not all: to be asked again.
   *
   * @param pause as the source has said; zero where it has not
   * @param reason without secrets
   */
  record Part(List<Sighting> sightings, Duration pause, String reason) implements Found {
    public Part {
      sightings = List.copyOf(sightings);
    }
  }

  /**
   * Nothing comes from there until somebody has changed something, as a key that has expired.
   *
   * @param remedy what to change
   */
  record Closed(List<Sighting> sightings, String reason, String remedy) implements Found {
    public Closed {
      sightings = List.copyOf(sightings);
    }
  }
}
