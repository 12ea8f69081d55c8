package io.solebox.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import io.solebox.app.plan.ServedPlans;
import io.solebox.planner.report.Texts;
import io.solebox.server.plan.PlanWish;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What plans say has keys, by which a page says it in other languages. */
@Timeout(120)
class PlanTextsTest {
  private static final Path ENGLISH =
      Path.of("../server/src/main/resources/io/solebox/server/web/desk/plan/words/en.js");
  private static final Path TABLES =
      Path.of("../hardware/src/main/resources/io/solebox/hardware/table");
  private static final Pattern WORDS = Pattern.compile("  \"plan\\.text\\.([^\"]+)\": \"(.*)\",");

  /** A figure or two, with a unit; and who has it: a device, a source of a shape. */
  private static final Pattern NAMED =
      Pattern.compile(
          "-?[\\d.,]+( to [\\d.,]+)?( \\S+)?( tokens)?|(cuda:\\d|cpu|\\d+ x) .*|config.json of .*|litgpt/.*|the catalogue.*");

  /** What is no word that any text may have. */
  private static final int LONG = 14;

  @TempDir Path home;

  private Map<String, Object> plan(String model, Map<String, List<String>> said) {
    var environment =
        new Environment(Map.of("SOLEBOX_HOME", home.toString()), home, Optional.empty());
    return new ServedPlans(Console.system(), environment).plan(new PlanWish(model, said));
  }

  @Test
  void thePageHasTheEnglishOfThePlanner() throws IOException {
    Map<String, String> page = new HashMap<>();
    for (String line : Files.readAllLines(ENGLISH)) {
      Matcher words = WORDS.matcher(line);
      if (words.matches()) {
        page.put(words.group(1), words.group(2));
      }
    }
    assertEquals(new Texts().english(), page);
  }

  @Test
  void allThatPlansSayHasAKeyButNamesFiguresAndSources() throws IOException {
    Set<String> known = cells();
    check(known, plan("13b", Map.of()));
    check(
        known,
        plan(
            "13b",
            Map.of(
                "host", List.of("LX2160A"),
                "cards", List.of("4x PG199"),
                "supply", List.of("1400W platinum"),
                "cooling", List.of("server-air"),
                "disk_gbs", List.of("3"),
                "duty", List.of("6:2:16"),
                "wanted", List.of("87"),
                "clients", List.of("8"))));
    check(
        known,
        plan(
            "qwen3-next-80b-a3b",
            Map.of(
                "host", List.of("CIX P1"),
                "cards", List.of("V100-SXM2-16GB"),
                "cooling", List.of("side-fan"),
                "wanted", List.of("5"),
                "cost_usd", List.of("4150"))));
    check(known, plan("gemma3-1b", Map.of("cards", List.of("3x V100-SXM2-32GB"))));
    check(known, plan("1b", Map.of("host", List.of("CM5"), "cards", List.of("A4000"))));
    check(known, plan("8b", Map.of("host", List.of("LX2160A"), "cards", List.of("P40"))));
  }

  /** What tables have: names and sources. */
  private static Set<String> cells() throws IOException {
    Set<String> all = new HashSet<>();
    try (Stream<Path> files = Files.list(TABLES)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".tsv")).toList()) {
        for (String line : Files.readAllLines(file)) {
          all.addAll(List.of(line.split("\t")));
        }
      }
    }
    return all;
  }

  private static void check(Set<String> known, Map<String, Object> plan) {
    var texts = new Texts();
    for (Object each : (List<?>) plan.get("sections")) {
      var section = (Map<?, ?>) each;
      require(known, texts, (String) section.get("title"));
      ((List<?>) section.get("sentences")).forEach(s -> require(known, texts, (String) s));
      ((List<?>) section.get("lines"))
          .forEach(
              line -> ((Map<?, ?>) line).values().forEach(t -> require(known, texts, (String) t)));
    }
    Map<?, ?> told = (Map<?, ?>) plan.get("texts");
    var part = (Map<?, ?>) ((List<?>) told.get("Memory")).getFirst();
    assertEquals("title.memory", part.get("key"));
  }

  private static void require(Set<String> known, Texts texts, String text) {
    for (Texts.Part part : texts.parts(text)) {
      String english = part.english();
      boolean isNamed =
          part.key().isPresent()
              || NAMED.matcher(english).matches()
              || known.stream().anyMatch(cell -> isSaid(cell, english));
      assertTrue(isNamed, () -> "no key: " + english);
    }
  }

  @Test
  void aTextInAnotherIsFoundToo() {
    String measured = "measured on this machine at 2026-11-30 21:20 UTC by 'solebox bench'";
    Texts.Part part =
        new Texts()
            .parts("each of 8 has a token of every step; its pace was " + measured)
            .getFirst();
    assertEquals(Optional.of("why.pace"), part.key());
    assertEquals(Optional.of("why.each"), part.values().getFirst().getFirst().key());
    assertEquals(Optional.of("measured.here"), part.values().getLast().getFirst().key());
    assertEquals(
        List.of("Nobody has a key for this.", "In Q6_K it fits."),
        new Texts()
            .parts("Nobody has a key for this. In Q6_K it fits.").stream()
                .map(Texts.Part::english)
                .toList());
  }

  private static boolean isSaid(String cell, String text) {
    return cell.equals(text) || (cell.length() > LONG && text.contains(cell));
  }
}
