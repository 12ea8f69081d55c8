package io.solebox.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Pages of the documentation are whole, and lead to where they say. */
class PagesOfDocsTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern MERGE = Pattern.compile("(<{7}|>{7}|\\|{7}) .*|={7}");
  private static final Pattern HEADING = Pattern.compile("#{1,6} (.*)");
  private static final Pattern MARK = Pattern.compile("<a (?:id|name)=\"([^\"]+)\"");
  private static final Pattern LINK = Pattern.compile("]\\(([^)#:\\s]*)(?:#([^)\\s]+))?\\)");

  private static List<Path> pages() throws IOException {
    try (Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
      return Stream.concat(
              docs.filter(page -> page.toString().endsWith(".md")).sorted(),
              Stream.of("README.md", "CONTRIBUTING.md", "bench/README.md").map(ROOT::resolve))
          .toList();
    }
  }

  @Test
  void noMergeWasLeftHalf() throws IOException {
    var half = new ArrayList<String>();
    for (Path page : pages()) {
      List<String> lines = Files.readAllLines(page);
      for (int i = 0; i < lines.size(); i++) {
        if (MERGE.matcher(lines.get(i)).matches()) {
          half.add(ROOT.relativize(page) + ":" + (i + 1));
        }
      }
    }
    assertEquals(List.of(), half);
  }

  @Test
  void linksLeadSomewhere() throws IOException {
    Map<Path, Set<String>> headings = new HashMap<>();
    for (Path page : pages()) {
      headings.put(page, headings(page));
    }
    var lost = new ArrayList<String>();
    int links = 0;
    for (Path page : pages()) {
      Matcher link = LINK.matcher(Files.readString(page));
      for (; link.find(); links++) {
        Path to = page.resolveSibling(link.group(1)).normalize();
        Path target = link.group(1).isEmpty() ? page : to;
        Set<String> there = headings.getOrDefault(target, Set.of());
        boolean found = link.group(2) == null || there.contains(link.group(2));
        if (!Files.exists(target) || headings.containsKey(target) && !found) {
          lost.add(ROOT.relativize(page) + ": " + link.group());
        }
      }
    }
    assertEquals(List.of(), lost);
    assertTrue(links > 300, "only " + links + " links were found");
  }

  /** As those who show Markdown name them. */
  private static Set<String> headings(Path page) throws IOException {
    Set<String> names = new HashSet<>();
    boolean code = false;
    for (String line : Files.readAllLines(page)) {
      code ^= line.startsWith("```");
      MARK.matcher(line).results().forEach(mark -> names.add(mark.group(1)));
      Matcher heading = HEADING.matcher(line);
      if (!code && heading.matches()) {
        String name =
            heading.group(1).strip().toLowerCase(Locale.ROOT).replaceAll("[^\\w\\- ]", "");
        name = name.replace(' ', '-');
        for (int i = 1; !names.add(name); i++) {
          name = name.replaceFirst("(-\\d+)?$", "-" + i);
        }
      }
    }
    return names;
  }
}
