package io.solebox.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Holds the arrows between modules, and between packages inside them, read from their sources
 * ({@code docs/architecture.md}).
 */
class LayeringTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern NAME = Pattern.compile("(?m)^\\s*(?:open\\s+)?module\\s+([\\w.]+)");
  private static final Pattern REQUIRES =
      Pattern.compile(
          "(?m)^\\s*requires\\s+(?:transitive\\s+|static\\s+)*(io\\.solebox\\.[\\w.]+);");

  /**
   * Ways to open a connection to somewhere else. One package may use them to fetch models, one to
   * ask the issuer that an administrator has named who somebody is, and one to speak with servers
   * of tools that whoever started the server has named, and one to ask the plug before the box, and
   * one to ask the board below it where that is behind a bridge: the only connections that the
   * server itself opens. A benchmark reads streams of the server in its own process, at the
   * loopback address.
   */
  private static final Pattern OUTBOUND =
      Pattern.compile(
          "java\\.net\\.http\\b|\\bHttpClient\\b|\\bHttpURLConnection\\b|\\bopenConnection\\(|"
              + "\\bopenStream\\(|\\bnew Socket\\(|\\bSocketChannel\\.open\\(|"
              + "\\bDatagramSocket\\b|\\bWebClient\\b|import org\\.apache\\.commons\\.net\\b");

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
    assertEquals(new TreeSet<>(Layers.ALLOWED.keySet()), new TreeSet<>(required.keySet()));
    required.forEach(
        (module, ours) ->
            assertTrue(
                Layers.ALLOWED.get(module).containsAll(ours), () -> module + " requires " + ours));
  }

  @Test
  void packagesOfTheEngineUseWhatIsBelowThem() throws IOException {
    requirePackages("engine", stacked(Layers.ENGINE));
  }

  @Test
  void packagesOfTheStoreUseWhatIsBelowThem() throws IOException {
    requirePackages("store", stacked(Layers.STORE));
  }

  @Test
  void packagesOfThePlannerUseWhatIsBelowThem() throws IOException {
    requirePackages("planner", stacked(Layers.PLANNER));
    requirePackages("scout", stacked(Layers.SCOUT));
  }

  private static Map<String, Set<String>> stacked(List<String> packages) {
    var allowed = new HashMap<String, Set<String>>();
    for (int i = 0; i < packages.size(); i++) {
      allowed.put(packages.get(i), Set.copyOf(packages.subList(0, i)));
    }
    return allowed;
  }

  @Test
  void packagesOfTheServerPointFromTheApisToHttp() throws IOException {
    requirePackages("server", Layers.SERVER);
  }

  @Test
  void familiesOfCommandsStandOnConsoleAndSession() throws IOException {
    requirePackages("app", Layers.APP);
  }

  /** Packages are named by what follows the module's name; its own package is "". */
  private static void requirePackages(String module, Map<String, Set<String>> allowed)
      throws IOException {
    Path root = ROOT.resolve(module + "/src/main/java/io/solebox/" + module);
    Pattern used =
        Pattern.compile(
            "(?m)^import (?:static )?io\\.solebox\\." + module + "\\.((?:[a-z]\\w*\\.)*)[A-Z]");
    var seen = new TreeSet<String>();
    for (Path source : sources(".java")) {
      if (source.startsWith(root)) {
        String own = root.relativize(source.getParent()).toString().replace('/', '.');
        seen.add(own);
        assertTrue(allowed.containsKey(own), () -> "which place has the package of " + source);
        used.matcher(Files.readString(source))
            .results()
            .map(r -> r.group(1).replaceAll("\\.$", ""))
            .forEach(
                other ->
                    assertTrue(
                        other.equals(own) || allowed.get(own).contains(other),
                        () -> source + " uses " + other));
      }
    }
    assertEquals(new TreeSet<>(allowed.keySet()), seen);
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
  void onePackageEachOpensOutboundConnections() throws IOException {
    var found = new TreeSet<String>();
    for (Path source : sources(".java")) {
      String place = ROOT.relativize(source).toString();
      if (Layers.OPEN_OUTSIDE.stream().noneMatch(place::startsWith)) {
        OUTBOUND
            .matcher(Files.readString(source))
            .results()
            .forEach(r -> found.add(place + ": " + r.group()));
      }
    }
    String loopback = "app/src/main/java/io/solebox/app/bench/LoopbackClient.java";
    String fetching = "store/src/main/java/module-info.java: java.net.http";
    String asking = "server/src/main/java/module-info.java: java.net.http";
    String switching = "hardware/src/main/java/module-info.java: java.net.http";
    assertEquals(Set.of(loopback + ": new Socket(", fetching, asking, switching), found);
    String client = Files.readString(ROOT.resolve(loopback));
    assertTrue(client.contains("new Socket(InetAddress.getLoopbackAddress(), port)"), client);
    assertFalse(client.contains(".connect("), client);
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
