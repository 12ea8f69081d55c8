package io.solebox.hardware.doctor.facts;

import io.solebox.hardware.box.Box;
import io.solebox.hardware.box.Fields;
import io.solebox.hardware.box.Reading;
import io.solebox.hardware.doctor.Evidence;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the last smoke test of a machine found, as {@code solebox smoke} keeps it.
 *
 * @param at when that was
 * @param pace {@code quick}, {@code usual} or {@code full}
 * @param aborted why it ended before its time
 * @param troubles what was low or bad, in the order of the report
 * @param figures how many there were
 */
public record LastSmoke(
    Instant at, String pace, Optional<String> aborted, List<Trouble> troubles, int figures) {
  /** Where it lies. */
  public static final String FILE = "smoke-last.json";

  /** A report of more figures than this is none of ours. */
  private static final int MOST_FIGURES = 100_000;

  /**
   * A figure that was not as it should be.
   *
   * @param verdict {@code low} or {@code bad}
   * @param reason the likely one; empty where none is known
   */
  public record Trouble(String verdict, String subject, String title, String reason) {
    public boolean isBad() {
      return verdict.equals("bad");
    }
  }

  public LastSmoke {
    troubles = List.copyOf(troubles);
  }

  /** Empty where there was none, or what lies there is no report. */
  public static Optional<LastSmoke> of(Box box) {
    return box.read(FILE)
        .content()
        .map(Reading.Content::bytes)
        .flatMap(Fields::of)
        .flatMap(LastSmoke::of);
  }

  private static Optional<LastSmoke> of(Fields fields) {
    Optional<Instant> at = fields.text("at").flatMap(LastSmoke::instant);
    List<Trouble> troubles = new ArrayList<>();
    int figures = 0;
    while (figures < MOST_FIGURES && fields.text("figures." + figures + ".verdict").isPresent()) {
      String path = "figures." + figures + ".";
      String verdict = fields.text(path + "verdict").orElseThrow();
      if (verdict.equals("low") || verdict.equals("bad")) {
        troubles.add(
            new Trouble(
                verdict,
                fields.text(path + "subject").orElse(""),
                fields.text(path + "title").orElse(""),
                fields.text(path + "reasons.0").orElse("")));
      }
      figures++;
    }
    int count = figures;
    return at.map(
        when ->
            new LastSmoke(
                when, fields.text("pace").orElse("?"), fields.text("aborted"), troubles, count));
  }

  static Optional<Instant> instant(String text) {
    try {
      return Optional.of(Instant.parse(text));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /** As it stands there. */
  public Evidence evidence() {
    return new Evidence(FILE, 1, "\"at\": \"%s\", \"pace\": \"%s\"".formatted(at, pace));
  }
}
