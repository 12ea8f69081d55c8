package io.solebox.scout.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TextTest {
  private static boolean has(String title, String term) {
    return Term.of(term).in(Text.of(title));
  }

  private static boolean hasPart(String title, String number) {
    return PartNumber.of(number).in(Text.of(title));
  }

  @Test
  void whatLooksTheSameIsTheSame() {
    for (String title :
        List.of(
            "TESLA V100 KÜHLER",
            "ｔｅｓｌａ　ｖ１００ kuhler",
            "𝐓𝐞𝐬𝐥𝐚 V100™ Ku\u0308hler",
            // the first letters of the second word are Cyrillic, of the first Greek
            "Τesla V1\u200b00 Кühler")) {
      assertEquals("tesla v100 kuhler", Text.of(title).toString(), title);
    }
    assertEquals("strasse lodz oeuvre 12", Text.of("Straße Łódź Œuvre ١٢").toString());
  }

  @Test
  void amountsOfMemoryAreOneWord() {
    for (String written : List.of("32GB", "32 GB", "32-GB", "32G", "32 Go", "32 GiB", "32gigs")) {
      assertTrue(has("V100 " + written + " SXM2", "32gb"), written);
    }
    assertFalse(has("V100 320GB", "32gb"));
  }

  @Test
  void countsAreCutFromWhatTheyCount() {
    assertEquals("4x v100", Text.of("4xV100").toString());
    assertEquals("4x 32gb", Text.of("4×32GB").toString());
    assertEquals("p40 x2", Text.of("P40x2").toString());
    assertEquals("4x67a82257 rtx3090", Text.of("4X67A82257 RTX3090").toString());
  }

  @Test
  void namesAreFoundWholeAndInPieces() {
    String title = "NVIDIA A100-SXM4-40GB (PG 199) 699-2G506-0200-300";
    for (String term :
        List.of(
            "a100",
            "sxm4",
            "A100-SXM4",
            "\"a100 sxm4 40 gb\"",
            "pg199",
            "PG-199",
            "699-2G506-0200-300",
            "6992g5060200300")) {
      assertTrue(has(title, term), term);
    }
    assertFalse(has(title, "a10"));
    assertFalse(has("lot of a 100 pieces", "a100"));
  }

  @Test
  void partNumbersMayBeBeginnings() {
    String title = "board 699 2G506-0200-300 tested";
    assertTrue(hasPart(title, "699-2G506-0200-300"));
    assertTrue(hasPart(title, "699-2G506*"));
    assertTrue(hasPart(title, "699-2G506-02..."));
    assertTrue(hasPart("6992G5060200300", "699-2g506…"));
    // pieces may stand before and after it, as in DRIVE-PG199-PROD
    assertTrue(hasPart(title, "699-2G506-0200"));
    assertTrue(hasPart("NVIDIA DRIVE-PG199-PROD", "PG199"));
    assertFalse(hasPart(title, "699-2G506-02"));
    assertFalse(hasPart(title, "699-2G503*"));
    assertFalse(hasPart(title, "2G506-0200-300-1"));
    assertTrue(hasPart("Nvidia PG199 module", "PG199"));
    assertThrows(IllegalArgumentException.class, () -> PartNumber.of(" * "));
  }

  @Test
  void wordsPhrasesAndStems() {
    String title = "Tesla P40 mit Lüfteradapter, Wasserkühler";
    assertTrue(has(title, "lufter*"));
    assertTrue(has(title, "*kühler"));
    assertTrue(has(title, "*terada* tesla"));
    assertFalse(has(title, "kühler"));
    assertTrue(has(title, "\"tesla p40\""));
    assertFalse(has(title, "\"p40 tesla\""));
    assertTrue(has(title, "p40 tesla"));
    assertThrows(IllegalArgumentException.class, () -> Term.of("\"\""));
    assertThrows(IllegalArgumentException.class, () -> Term.of("~"));
  }

  @Test
  void wrongLettersOnlyWhereAskedFor() {
    assertFalse(has("nvdia telsa", "nvidia"));
    assertTrue(has("nvdia telsa", "nvidia~ tesla~"));
    assertFalse(has("nvda", "nvidia~"));
    assertTrue(has("nvda", "nvidia~2"));
    assertFalse(has("A1OO", "a100"));
    for (String alike : List.of("A1OO", "AlOO", "a1o0", "AIO0", "1A00")) {
      assertTrue(has(alike, "a100~"), alike);
    }
    for (String other : List.of("V100", "A10", "A1000", "H100", "A40")) {
      assertFalse(has(other, "a100~"), other);
    }
    assertTrue(has("A1000", "a100~2"));
  }

  @Test
  void editsAreThoseOfDamerauAndLevenshtein() {
    assertTrue(Edits.within("tesla", "telsa", 1));
    assertTrue(Edits.within("", "ab", 2));
    assertFalse(Edits.within("", "abc", 2));
    assertTrue(Edits.within("abcd", "bacd", 1));
    assertFalse(Edits.within("abcd", "badc", 1));
    assertTrue(Edits.within("abcd", "badc", 2));
  }

  @Test
  void anyTitleIsReadAndCaseAndAccentsMakeNoDifference() {
    Random random = new Random(24);
    Term term = Term.of("tesl* \"v100 sxm2\" nvidia~ *gb");
    for (int i = 0; i < 2_000; i++) {
      String title = Titles.random(random);
      Text text = Text.of(title);
      assertEquals(Folding.fold(title), Folding.fold(Folding.fold(title)), title);
      assertEquals(text.words(), Text.of(title.toUpperCase(Locale.ROOT)).words(), title);
      assertEquals(text.words(), Text.of(Titles.accented(title)).words(), title);
      assertEquals(
          term.in(text), term.in(Text.of(Titles.accented(title.toLowerCase(Locale.ROOT)))), title);
    }
  }
}
