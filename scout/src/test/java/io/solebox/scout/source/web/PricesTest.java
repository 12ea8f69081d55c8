package io.solebox.scout.source.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PricesTest {
  private static String of(String text) {
    return Prices.first(text, Optional.of("EUR")).map(Object::toString).orElse("none");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "V100 32GB 450 EUR | 450 EUR",
        "€450 V100 | 450 EUR",
        "V100 für 450,- VB | 450 EUR",
        "450,-- inkl. Versand | 450 EUR",
        "450 VB | 450 EUR",
        "$1,200.50 shipped | 1200.50 USD",
        "1.200,50€ | 1200.50 EUR",
        "1 200,00 zł | 1200.00 PLN",
        "CHF 1'250.00 | 1250.00 CHF",
        "3.999 Euro | 3999 EUR",
        "A100 80GB - £3,500 ono | 3500 GBP",
        "C$99 | 99 CAD",
        "was 500€ now 450€ | 500 EUR",
        "4x V100-SXM2-16GB | none",
        "699-2G506-0200-300 | none",
        "P40 24GB 250W | none",
        "RTX 3090 like new | none",
        "0 EUR | none",
        "99999999999 EUR | none",
        "eurorack module 12 | none"
      })
  void findsWhatIsAsked(String text, String price) {
    assertEquals(price, of(text));
  }

  @Test
  void aBareSignIsTheDollarOfTheCountry() {
    assertEquals("5 CAD", Prices.first("$5", Optional.of("CAD")).orElseThrow().toString());
    assertEquals(
        "none", Prices.first("450,-", Optional.empty()).map(Object::toString).orElse("none"));
  }

  @Test
  void markupBecomesTextAndTextStays() {
    assertEquals("a b & c <d", PlainText.of("<p>a</p><b>b</b> &amp; c &lt;d<!-- x"));
    assertEquals("5 < 6 > 4", PlainText.of("5 < 6 > 4"));
    assertEquals("😀 &unknown; ", PlainText.of("&#x1F600; &unknown; &#xD800;") + " ");
  }

  @Test
  void aLongPostOfNumbersIsReadInLinearTime() {
    String numbers = "111 ".repeat(16_000) + "450 EUR";
    assertTimeoutPreemptively(
        Duration.ofSeconds(10), () -> Prices.first(numbers, Optional.of("EUR")));
  }
}
