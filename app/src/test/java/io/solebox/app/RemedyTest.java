package io.solebox.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * No refusal leaves a person without something to do: read from the sources of all modules. What
 * only a run can show (a remedy that was computed) is asserted by {@code SoleboxException} itself.
 */
class RemedyTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  /** Of {@code new SoleboxException(code, place, message, remedy)}. */
  private static final int REMEDY = 3;

  /** A method of a class that takes a remedy and makes an error of it. */
  private static final Pattern FACTORY =
      Pattern.compile("\\b(\\w+)\\(([^()]*\\bString remedy\\b[^()]*)\\)\\s*\\{");

  @Test
  void everyRefusalHasARemedy() throws IOException {
    var empty = new ArrayList<String>();
    int sites = 0;
    for (Path source : sources()) {
      String text = Files.readString(source);
      for (var site : makers(text).entrySet()) {
        Matcher call = Pattern.compile(Pattern.quote(site.getKey()) + "\\(").matcher(text);
        while (call.find()) {
          List<String> arguments = arguments(text, call.end());
          if (arguments.size() > site.getValue()) {
            sites++;
            if (arguments.get(site.getValue()).matches("(?s).*(?<!\\\\)\"\".*")) {
              long line = text.substring(0, call.start()).lines().count();
              empty.add(ROOT.relativize(source) + ":" + line);
            }
          }
        }
      }
    }
    assertEquals(List.of(), empty);
    assertTrue(sites > 100, "the scan found " + sites + " refusals only");
  }

  /** What makes errors, and which argument the remedy is. */
  private static Map<String, Integer> makers(String text) {
    var makers = new LinkedHashMap<String, Integer>();
    if (text.contains("SoleboxException")) {
      makers.put("new SoleboxException", REMEDY);
      Matcher factory = FACTORY.matcher(text);
      while (factory.find()) {
        List<String> parameters = List.of(factory.group(2).split(","));
        int index = 0;
        while (!parameters.get(index).contains("String remedy")) {
          index++;
        }
        makers.put(factory.group(1), index);
      }
    }
    return makers;
  }

  /** The arguments of a call whose parenthesis opens before {@code from}. */
  private static List<String> arguments(String text, int from) {
    var arguments = new ArrayList<String>();
    int depth = 0;
    boolean quoted = false;
    int start = from;
    for (int i = from; ; i++) {
      char c = text.charAt(i);
      if (quoted) {
        i += c == '\\' ? 1 : 0;
        quoted = c != '"';
      } else if (c == '"') {
        quoted = true;
      } else if (depth == 0 && (c == ',' || c == ')')) {
        arguments.add(text.substring(start, i).strip());
        start = i + 1;
        if (c == ')') {
          return arguments;
        }
      } else {
        depth += "([{".indexOf(c) >= 0 ? 1 : ")]}".indexOf(c) >= 0 ? -1 : 0;
      }
    }
  }

  private static List<Path> sources() throws IOException {
    var files = new ArrayList<Path>();
    try (Stream<Path> modules = Files.list(ROOT)) {
      for (Path main : modules.map(m -> m.resolve("src/main/java")).toList()) {
        if (Files.isDirectory(main)) {
          try (Stream<Path> all = Files.walk(main)) {
            all.filter(f -> f.toString().endsWith(".java")).forEach(files::add);
          }
        }
      }
    }
    return files;
  }
}
