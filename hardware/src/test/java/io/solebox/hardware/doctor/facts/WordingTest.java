package io.solebox.hardware.doctor.facts;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WordingTest {
  @ParameterizedTest
  @EnumSource
  void isFoundInItsExample(Wording wording) {
    assertTrue(wording.pattern().matcher(wording.example()).find(), wording.example());
    assertFalse(wording.printedBy().isBlank());
  }
}
