package io.solebox.store.pull.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which licences ask nothing of people. */
class TermsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "'                                 Apache License\n      Version 2.0, January 2004'; true",
        "'MIT License\n\nCopyright (c) X'; true",
        "'Copyright (c) 2025 X\n\nPermission is hereby granted, free of charge, to'; true",
        "'BSD 3-Clause License'; true",
        "'GNU AFFERO GENERAL PUBLIC LICENSE'; true",
        "'LLAMA 3.2 COMMUNITY LICENSE AGREEMENT'; false",
        "'Gemma Terms of Use'; false",
        "'This is not the MIT License'; false",
        "'Apache-like licence with conditions'; false",
        "'Copyright X. Permission is hereby granted, free of charge, to some'; false",
        "'Creative Commons Attribution-NonCommercial 4.0'; false",
        "''; false"
      })
  void asksNothingForOpenLicencesAlone(String text, boolean open) {
    assertEquals(open, Terms.isOpen(text));
  }

  @Test
  void isKnownByItsTextWhereverItComesFrom() {
    Terms here = Terms.of("name", "https://a", List.of("one", "two"));
    assertEquals(here.digest(), Terms.of("name", "https://b", List.of("one", "two")).digest());
    assertNotEquals(here.digest(), Terms.of("name", "https://a", List.of("one")).digest());
  }
}
