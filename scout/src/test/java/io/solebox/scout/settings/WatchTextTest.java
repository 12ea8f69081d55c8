package io.solebox.scout.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.scout.settings.ScoutFile.Reading;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class WatchTextTest {
  private static final String TWO =
      """
      # mine
      [scout]
      currency = "EUR"

      # the first
      [[watch]]
      name = "one" # here
      any = "v100"

      [[watch]]
      name = "two"
      any = [
        "[[watch]]",
      ]

      # the end
      """;

  private static ScoutSettings good(String text) {
    Reading reading = ScoutFile.of(text, Path.of("/"), ZoneOffset.UTC);
    return assertInstanceOf(Reading.Good.class, reading, reading::toString).settings();
  }

  @Test
  void aWatchIsTakenOutAndTheRestStaysAsItIs() {
    String one = WatchText.without(TWO, 0).orElseThrow();
    assertEquals(TWO.replaceAll("(?s)# the first.*?\\n\\n", ""), one);
    String two = WatchText.without(TWO, 1).orElseThrow();
    assertTrue(two.contains("# the first") && two.endsWith("# the end\n"), two);
    assertEquals(List.of("one"), good(two).watches().stream().map(it -> it.name()).toList());
    assertTrue(WatchText.without(TWO, 2).isEmpty());
  }

  @Test
  void whatIsWrittenIsReadTheSame() {
    String block =
        WatchText.block(
            Map.of(
                "name",
                "odd \"name\" \\",
                "any",
                List.of("\"tesla v100\"", "x\ty"),
                "price",
                "100..450 EUR",
                "per_gb",
                "12",
                "seller_score",
                5,
                "seller_percent",
                99.5));
    var first = good(WatchText.with(TWO, block)).watches().getLast();
    assertEquals("odd \"name\" \\", first.name());
    String again = WatchText.block(WatchText.fields(first));
    assertEquals(first, good(WatchText.with(TWO, again)).watches().getLast());
  }

  @Test
  void theExampleIsSoundAsItIsAndWithAllOfItSwitchedOn() {
    assertEquals(List.of(), good(ScoutFile.example()).watches());
    String all =
        ScoutFile.example()
            .lines()
            .map(line -> line.matches("#[^ ].*") ? line.substring(1) : line)
            .collect(Collectors.joining("\n"));
    ScoutSettings settings = good(all);
    assertEquals(3, settings.channels().size());
    assertEquals(List.of(), WatchAdvice.of(settings.watches().getFirst(), settings));
  }

  @Test
  void whatCanNeverBeIsSaid() {
    ScoutSettings settings =
        good(
            """
            [[watch]]
            name = "a"
            all = ["v100"]
            none = ["v100*"]
            price = "500..900 EUR"
            per_unit = "400 EUR"
            [[watch]]
            name = "b"
            any = ["v100", "p40"]
            none = ["P40"]
            sale = "fixed"
            tell = "ending"
            """);
    String first = String.join(" ", WatchAdvice.of(settings.watches().getFirst(), settings));
    assertTrue(first.contains("matches nothing") && first.contains("lots alone"), first);
    String second = String.join(" ", WatchAdvice.of(settings.watches().getLast(), settings));
    assertTrue(second.contains("'p40' of any") && second.contains("only auctions"), second);
  }
}
