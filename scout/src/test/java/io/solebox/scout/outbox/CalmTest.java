package io.solebox.scout.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.scout.story.Happening;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Quiet hours and digests, also where clocks change: in Berlin on 2026-03-29 and 2026-10-25. */
class CalmTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
  private static final Kind NEW = new Kind(Optional.of(Happening.NEW));
  private static final Kind ENDING = new Kind(Optional.of(Happening.ENDING));
  private static final Kind WORD = new Kind(Optional.empty());

  private static Calm quiet(String from, String to) {
    return new Calm(
        BERLIN,
        Optional.of(new Calm.Quiet(LocalTime.parse(from), LocalTime.parse(to))),
        Optional.empty(),
        Set.of(Happening.ENDING));
  }

  private static Calm digest(String at) {
    return new Calm(
        BERLIN, Optional.empty(), Optional.of(LocalTime.parse(at)), Set.of(Happening.ENDING));
  }

  private static Instant time(String text) {
    return Instant.parse(text);
  }

  @Test
  void quietOverMidnightEndsInTheMorning() {
    Calm calm = quiet("22:00", "07:00");
    assertEquals(
        time("2026-06-02T05:00:00Z"),
        calm.due(NEW, time("2026-06-01T21:30:00Z"), time("2026-06-01T21:30:00Z")));
    assertEquals(Optional.empty(), calm.quietEnd(time("2026-06-01T19:59:59Z")));
    assertTrue(calm.quietEnd(time("2026-06-01T20:00:00Z")).isPresent());
    assertEquals(Optional.empty(), calm.quietEnd(time("2026-06-02T05:00:00Z")));
    Instant night = time("2026-06-02T01:00:00Z");
    assertEquals(night, calm.due(ENDING, night, night), "it was to be told at once");
  }

  @Test
  void quietNightsAreAsLongAsTheClocksSay() {
    Calm calm = quiet("22:00", "07:00");
    assertEquals( // 23 hours have this day
        Optional.of(time("2026-03-29T05:00:00Z")), calm.quietEnd(time("2026-03-28T21:00:00Z")));
    assertEquals(
        Optional.of(time("2026-10-25T06:00:00Z")), calm.quietEnd(time("2026-10-24T20:00:00Z")));
  }

  @Test
  void aTimeThatIsLeftOutIsTheMomentOfTheChange() {
    Calm calm = quiet("22:00", "02:30");
    Instant change = time("2026-03-29T01:00:00Z");
    assertEquals(Optional.of(change), calm.quietEnd(change.minusSeconds(1)));
    assertEquals(Optional.empty(), calm.quietEnd(change));
    assertEquals(
        change, digest("02:30").due(NEW, change.minusSeconds(60), change.minusSeconds(60)));
  }

  @Test
  void aTimeThatComesTwiceEndsTheQuietOnce() {
    Calm calm = quiet("22:00", "02:30");
    Instant second = time("2026-10-25T01:30:00Z");
    for (int minutes = 0; minutes < 200; minutes++) {
      Instant at = second.minus(Duration.ofMinutes(minutes + 1));
      assertEquals(Optional.of(second), calm.quietEnd(at), at.toString());
    }
    assertEquals(Optional.empty(), calm.quietEnd(second));
  }

  @Test
  void aDigestGoesOnceADayWhateverTheClocksDo() {
    for (String at : new String[] {"02:30", "02:00", "03:00", "08:00", "00:00"}) {
      Calm calm = digest(at);
      for (String from : new String[] {"2026-03-27T12:00:00Z", "2026-10-23T12:00:00Z"}) {
        int digests = 0;
        Instant put = time(from);
        Instant end = put.plus(Duration.ofDays(4));
        while (true) {
          Instant due = calm.due(NEW, put, put);
          assertTrue(due.isAfter(put));
          assertEquals(Optional.of(due), calm.told(NEW, due), "what is due is told");
          assertTrue(calm.told(NEW, due.minusMillis(1)).get().isBefore(put.plusMillis(1)));
          put = due.plusMillis(1);
          if (due.isAfter(end)) {
            break;
          }
          digests++;
        }
        assertEquals(4, digests, at + " from " + from);
      }
    }
  }

  @Test
  void whatTheScoutSaysOfItselfWaitsForNoDigestButForTheMorning() {
    Calm both =
        new Calm(
            BERLIN, quiet("22:00", "07:00").quiet(), Optional.of(LocalTime.of(6, 0)), Set.of());
    Instant noon = time("2026-06-01T10:00:00Z");
    assertEquals(noon, both.due(WORD, noon, noon));
    assertEquals(
        time("2026-06-02T05:00:00Z"),
        both.due(NEW, noon, noon),
        "a digest in the quiet goes at its end");
    Instant night = time("2026-06-01T22:00:00Z");
    assertEquals(time("2026-06-02T05:00:00Z"), both.due(WORD, night, night));
  }

  @Test
  void noQuietIsFromATimeToTheSame() {
    assertEquals(Optional.empty(), quiet("07:00", "07:00").quietEnd(time("2026-06-01T05:00:00Z")));
  }
}
