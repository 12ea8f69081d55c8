package io.solebox.app.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SampleTextTest {
  /** No prefix cache knows the prompt of another round, and the answer is the same. */
  @Test
  void promptsOfTwoRoundsPartAtTheirBeginning() {
    for (SampleText text : SampleText.values()) {
      SampleText.Recorded first = text.recorded(32000, 1);
      SampleText.Recorded second = text.recorded(32000, 2);
      assertNotEquals(first.prompt()[0], second.prompt()[0]);
      assertEquals(first.prompt().length, second.prompt().length);
      assertEquals(first.answer().length, second.answer().length);
      assertNotEquals(text.prompt(1).charAt(0), text.prompt(2).charAt(0));
      assertArrayEquals(first.prompt(), text.recorded(32000, 1).prompt());
      assertArrayEquals(
          text.prompt(1).substring(1).toCharArray(), text.prompt(2).substring(1).toCharArray());
    }
  }

  /** Or what repeats the input could not be looked up in it. */
  @Test
  void answersHaveTheIdsOfTheirPrompts() {
    SampleText.Recorded summary = SampleText.SUMMARY.recorded(32000, 3);
    long found =
        Arrays.stream(summary.answer())
            .filter(id -> Arrays.stream(summary.prompt()).anyMatch(other -> other == id))
            .count();
    assertTrue(2 * found > summary.answer().length, found + " of " + summary.answer().length);
  }
}
