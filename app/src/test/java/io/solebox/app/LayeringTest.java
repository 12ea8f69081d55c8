package io.solebox.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the arrows between modules, read from their sources ({@code docs/architecture.md}). */
class LayeringTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern NAME = Pattern.compile("(?m)^\\s*(?:open\\s+)?module\\s+([\\w.]+)");
  private static final Pattern REQUIRES =
      Pattern.compile(
          "(?m)^\\s*requires\\s+(?:transitive\\s+|static\\s+)*(io\\.solebox\\.[\\w.]+);");

  /** What each module may require of ours. A module that is not listed here is a mistake. */
  private static final Map<String, Set<String>> ALLOWED =
      Map.of(
          "io.solebox.engine", Set.of(),
          "io.solebox.testkit", Set.of("io.solebox.engine"),
          "io.solebox.backend.cpu", Set.of("io.solebox.engine"),
          "io.solebox.backend.cuda", Set.of("io.solebox.engine"),
          "io.solebox.server", Set.of("io.solebox.engine"),
          "io.solebox.app", Set.of("io.solebox.engine", "io.solebox.server"));

  /** Ways to open a connection to somewhere else. Modules that may use them: none yet. */
  private static final Pattern OUTBOUND =
      Pattern.compile(
          "java\\.net\\.http\\b|\\bHttpClient\\b|\\bHttpURLConnection\\b|\\bopenConnection\\(|"
              + "\\bopenStream\\(|\\bnew Socket\\(|\\bSocketChannel\\.open\\(|"
              + "\\bDatagramSocket\\b|\\bWebClient\\b");

  @Test
  void modulesRequireOnlyWhatTheyMay() throws IOException {
    var required = new TreeMap<String, Set<String>>();
    for (Path info : sources("module-info.java")) {
      String text = Files.readString(info);
      var name = NAME.matcher(text);
      assertTrue(name.find(), info.toString());
      var ours = new TreeSet<String>();
      REQUIRES.matcher(text).results().forEach(r -> ours.add(r.group(1)));
      required.put(name.group(1), ours);
    }
    assertEquals(new TreeSet<>(ALLOWED.keySet()), new TreeSet<>(required.keySet()));
    required.forEach(
        (module, ours) ->
            assertTrue(ALLOWED.get(module).containsAll(ours), () -> module + " requires " + ours));
  }

  /** What each package of the server may use of the others; the one above them all wires them. */
  private static final Map<String, Set<String>> SERVER =
      Map.of(
          "http", Set.of(),
          "params", Set.of("http"),
          "models", Set.of("http"),
          "health", Set.of("http", "models"),
          "web", Set.of("http"),
          "openai", Set.of("http", "params", "models"));

  private static final Pattern SERVER_IMPORT =
      Pattern.compile("(?m)^import (?:static )?io\\.solebox\\.server\\.([a-z]+)\\.");

  @Test
  void packagesOfTheServerPointFromTheApisToHttp() throws IOException {
    Path server = ROOT.resolve("server/src/main/java/io/solebox/server");
    for (Path source : sources(".java")) {
      if (source.startsWith(server) && !source.getParent().equals(server)) {
        String own = source.getParent().getFileName().toString();
        assertTrue(SERVER.containsKey(own), () -> "which place has the package of " + source);
        SERVER_IMPORT
            .matcher(Files.readString(source))
            .results()
            .map(r -> r.group(1))
            .filter(used -> !used.equals(own))
            .forEach(
                used -> assertTrue(SERVER.get(own).contains(used), () -> source + " uses " + used));
      }
    }
  }

  @Test
  void nobodyNamesABackendAtCompileTime() throws IOException {
    for (Path source : sources(".java")) {
      if (!ROOT.relativize(source).toString().startsWith("backend-")) {
        assertFalse(
            Files.readString(source).contains("io.solebox.backend."),
            () -> source + " names a backend; ServiceLoader finds them");
      }
    }
  }

  @Test
  void nothingOpensOutboundConnections() throws IOException {
    var found = new ArrayList<String>();
    for (Path source : sources(".java")) {
      OUTBOUND
          .matcher(Files.readString(source))
          .results()
          .forEach(r -> found.add(ROOT.relativize(source) + ": " + r.group()));
    }
    assertEquals(List.of(), found);
  }

  private static List<Path> sources(String ending) throws IOException {
    var files = new ArrayList<Path>();
    try (Stream<Path> modules = Files.list(ROOT)) {
      for (Path main : modules.map(m -> m.resolve("src/main/java")).toList()) {
        if (Files.isDirectory(main)) {
          try (Stream<Path> all = Files.walk(main)) {
            all.filter(f -> f.toString().endsWith(ending)).forEach(files::add);
          }
        }
      }
    }
    assertFalse(files.isEmpty());
    return files;
  }
}
