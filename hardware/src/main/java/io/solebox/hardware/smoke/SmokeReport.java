package io.solebox.hardware.smoke;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a smoke test found.
 *
 * @param version of Solebox
 * @param pace {@code quick}, {@code usual} or {@code full}
 * @param cards that were tried
 * @param power what holds them, a sentence each
 * @param missing what was not tried, and why, a sentence each
 * @param notes what else is worth knowing
 * @param aborted why it ended before its time
 */
public record SmokeReport(
    Instant at,
    String version,
    String pace,
    List<CardFacts> cards,
    List<Figure> figures,
    List<Curve> curves,
    List<String> power,
    List<String> missing,
    List<String> notes,
    Optional<String> aborted) {
  /**
   * A figure over something.
   *
   * @param title for people
   * @param across what the places are of, with its unit
   * @param unit of the values
   */
  public record Curve(String title, String across, Unit unit, List<Place> places) {
    public Curve {
      places = List.copyOf(places);
    }
  }

  /** A value at a place. */
  public record Place(double at, double value) {}

  public SmokeReport {
    cards = List.copyOf(cards);
    figures = List.copyOf(figures);
    curves = List.copyOf(curves);
    power = List.copyOf(power);
    missing = List.copyOf(missing);
    notes = List.copyOf(notes);
  }

  /** Of its worst figure. */
  public Grade grade() {
    return Grade.worst(figures.stream().map(Figure::grade).toList());
  }

  /** What is low or bad, the worst first. */
  public List<Figure> troubles() {
    return figures.stream()
        .filter(Figure::isTrouble)
        .sorted((one, other) -> other.grade().compareTo(one.grade()))
        .toList();
  }
}
