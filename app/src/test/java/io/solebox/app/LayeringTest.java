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

  /** What each module may require of ours. A module that is not listed here is a mistake. */
  private static final Map<String, Set<String>> ALLOWED =
      Map.ofEntries(
          Map.entry("io.solebox.engine", Set.of()),
          Map.entry("io.solebox.testkit", Set.of("io.solebox.engine")),
          Map.entry("io.solebox.backend.cpu", Set.of("io.solebox.engine")),
          Map.entry("io.solebox.backend.cuda", Set.of("io.solebox.engine")),
          Map.entry("io.solebox.store", Set.of("io.solebox.engine")),
          Map.entry("io.solebox.hardware", Set.of()),
          Map.entry("io.solebox.planner", Set.of("io.solebox.engine", "io.solebox.hardware")),
          Map.entry("io.solebox.storage", Set.of("io.solebox.engine")),
          Map.entry(
              "io.solebox.server",
              Set.of("io.solebox.engine", "io.solebox.hardware", "io.solebox.storage")),
          Map.entry(
              "io.solebox.scout",
              Set.of(
                  "io.solebox.engine",
                  "io.solebox.hardware",
                  "io.solebox.planner",
                  "io.solebox.storage",
                  "io.solebox.store")),
          Map.entry(
              "io.solebox.app",
              Set.of(
                  "io.solebox.engine",
                  "io.solebox.hardware",
                  "io.solebox.planner",
                  "io.solebox.scout",
                  "io.solebox.server",
                  "io.solebox.storage",
                  "io.solebox.store")));

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

  private static final List<String> OPEN_OUTSIDE =
      List.of(
          "store/src/main/java/io/solebox/store/pull/http/",
          "server/src/main/java/io/solebox/server/accounts/oidc/issuer/",
          "server/src/main/java/io/solebox/server/tools/mcp/http/",
          "hardware/src/main/java/io/solebox/hardware/plug/",
          "hardware/src/main/java/io/solebox/hardware/board/line/",
          "scout/src/main/java/io/solebox/scout/channel/mail/", // no HTTP; asks whether it may
          // Tries to get out where it cannot, and where it could stays on this machine unless
          // asked.
          "app/src/main/java/io/solebox/app/airgap/prove/");

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

  /** The packages of the engine from ground to roof: each may use those before it. */
  private static final List<String> ENGINE =
      List.of(
          "error",
          "json",
          "tensor",
          "memory",
          "graph",
          "source",
          "source.gguf",
          "source.safetensors",
          "source.huggingface",
          "source.file",
          "regex",
          "constrain.grammar",
          "constrain.text",
          "constrain.pattern",
          "constrain.schema",
          "constrain.match",
          "tokenizer.normalize",
          "tokenizer",
          "chat.jinja",
          "chat",
          "backend.trial",
          "backend",
          "backend.reference",
          "generation",
          "constrain",
          "constrain.structure",
          "answer.call",
          "answer",
          "model.arch",
          "model.adapter",
          "model",
          "sample",
          "spill",
          "cache",
          "draft",
          "schedule",
          "api",
          "host");

  /** What each package of the server may use of the others; the one above them all wires them. */
  private static final Map<String, Set<String>> SERVER =
      Map.ofEntries(
          Map.entry(
              "",
              Set.of(
                  "box",
                  "hardware",
                  "plan",
                  "scout",
                  "documents",
                  "receipts",
                  "limits",
                  "http",
                  "library",
                  "models",
                  "health",
                  "manage",
                  "describe",
                  "web",
                  "answers",
                  "storage",
                  "seal",
                  "share",
                  "tls",
                  "openai",
                  "anthropic",
                  "ollama",
                  "llama",
                  "responses",
                  "chats",
                  "files",
                  "knowledge",
                  "knowledge.store",
                  "knowledge.watch",
                  "batches",
                  "audit",
                  "accounts",
                  "accounts.factors",
                  "accounts.oidc",
                  "usage",
                  "tools",
                  "tools.basic",
                  "tools.mcp",
                  "desk")),
          Map.entry("box", Set.of()),
          Map.entry("hardware", Set.of("http", "params", "storage")),
          Map.entry("plan", Set.of("http", "params")),
          Map.entry("scout", Set.of("http", "params")),
          Map.entry("documents", Set.of()),
          Map.entry("desk", Set.of("box", "http", "receipts")),
          Map.entry("receipts", Set.of("box", "http")),
          Map.entry("audit", Set.of("box", "http", "params", "storage")),
          Map.entry("usage", Set.of("metrics", "limits", "http", "params", "storage")),
          Map.entry("metrics", Set.of()),
          Map.entry("limits", Set.of()),
          Map.entry("tls", Set.of()),
          Map.entry("http", Set.of("metrics", "limits", "tls")),
          Map.entry("params", Set.of("http")),
          Map.entry("library", Set.of("http")),
          Map.entry("models", Set.of("metrics", "http", "limits", "library", "receipts")),
          Map.entry("health", Set.of("metrics", "http", "library", "models", "usage")),
          Map.entry("manage", Set.of("http", "params", "library", "models")),
          Map.entry("describe", Set.of("http", "params")),
          Map.entry("web", Set.of("http", "tls")),
          Map.entry("share", Set.of("http")),
          Map.entry("answers", Set.of("http", "params", "models", "limits", "receipts")),
          Map.entry("formats", Set.of("http", "params", "models", "answers")),
          Map.entry(
              "openai",
              Set.of("http", "params", "models", "answers", "formats", "storage", "seal")),
          Map.entry("anthropic", Set.of("http", "params", "models", "answers", "formats")),
          Map.entry("ollama", Set.of("http", "params", "library", "models", "answers", "formats")),
          Map.entry("llama", Set.of("http", "params", "models", "answers", "formats")),
          Map.entry("storage", Set.of("http", "params")),
          Map.entry("seal", Set.of("storage")),
          Map.entry("backup", Set.of("storage", "seal")),
          Map.entry(
              "responses",
              Set.of(
                  "http",
                  "params",
                  "models",
                  "answers",
                  "formats",
                  "storage",
                  "seal",
                  "knowledge",
                  "knowledge.search")),
          Map.entry("tools", Set.of("http", "params", "storage")),
          Map.entry("tools.basic", Set.of("tools")),
          Map.entry("tools.mcp.wire", Set.of()),
          Map.entry("tools.mcp.http", Set.of("tools.mcp.wire")),
          Map.entry("tools.mcp", Set.of("tools", "tools.mcp.wire", "tools.mcp.http")),
          Map.entry("chats.store", Set.of("http", "storage", "seal")),
          Map.entry("chats.search", Set.of("chats.store")),
          Map.entry("chats.exchange", Set.of("http", "params", "storage", "chats.store")),
          Map.entry(
              "chats.run",
              Set.of(
                  "http",
                  "params",
                  "models",
                  "answers",
                  "receipts",
                  "tools",
                  "knowledge",
                  "chats.store")),
          Map.entry(
              "chats",
              Set.of(
                  "http",
                  "params",
                  "models",
                  "answers",
                  "storage",
                  "seal",
                  "tools",
                  "knowledge",
                  "knowledge.search",
                  "chats.store",
                  "chats.search",
                  "chats.exchange",
                  "chats.run")),
          Map.entry("accounts", Set.of("http", "params", "limits", "storage", "seal", "audit")),
          Map.entry("accounts.once", Set.of()),
          Map.entry("accounts.totp", Set.of("http", "storage")),
          Map.entry(
              "accounts.passkeys", Set.of("http", "storage", "audit", "accounts", "accounts.once")),
          Map.entry(
              "accounts.factors",
              Set.of(
                  "http",
                  "params",
                  "storage",
                  "seal",
                  "audit",
                  "accounts",
                  "accounts.totp",
                  "accounts.passkeys")),
          Map.entry("accounts.oidc.issuer", Set.of()),
          Map.entry(
              "accounts.oidc",
              Set.of(
                  "http",
                  "storage",
                  "accounts",
                  "accounts.once",
                  "accounts.factors",
                  "accounts.oidc.issuer")),
          Map.entry("knowledge.rank", Set.of()),
          Map.entry("knowledge.vector", Set.of()),
          Map.entry("knowledge.chunk", Set.of("documents")),
          Map.entry("knowledge.store", Set.of("documents", "storage", "seal", "knowledge.chunk")),
          Map.entry(
              "knowledge.index",
              Set.of(
                  "http",
                  "models",
                  "answers",
                  "files",
                  "documents",
                  "knowledge.chunk",
                  "knowledge.store")),
          Map.entry(
              "knowledge.search",
              Set.of(
                  "http",
                  "params",
                  "storage",
                  "knowledge.chunk",
                  "knowledge.vector",
                  "knowledge.rank",
                  "knowledge.store")),
          Map.entry(
              "knowledge.watch", Set.of("http", "storage", "seal", "files", "knowledge.store")),
          Map.entry(
              "knowledge",
              Set.of(
                  "http",
                  "params",
                  "models",
                  "answers",
                  "storage",
                  "seal",
                  "files",
                  "documents",
                  "tools",
                  "knowledge.chunk",
                  "knowledge.store",
                  "knowledge.index",
                  "knowledge.search",
                  "knowledge.watch")),
          Map.entry("files", Set.of("http", "params", "storage", "seal")),
          Map.entry(
              "batches",
              Set.of("http", "params", "limits", "answers", "storage", "seal", "files")));

  /** The packages of the store, from ground to roof as the engine's. */
  private static final List<String> STORE =
      List.of(
          "blob",
          "sign",
          "layout",
          "cleanup",
          "foreign",
          "intake",
          "convert",
          "edit",
          "imatrix",
          "quantize",
          "pull.http",
          "pull.name",
          "pull.transfer",
          "pull.source",
          "pull",
          "catalogue",
          "bundle");

  /** The packages of the planner, from ground to roof as the engine's. */
  private static final List<String> PLANNER =
      List.of(
          "figure",
          "machine",
          "heat",
          "money",
          "report",
          "model",
          "work",
          "speed",
          "memory",
          "measured",
          "trial",
          "plan");

  /** The same for the scout. */
  private static final List<String> SCOUT =
      List.of(
          "toml",
          "item",
          "text",
          "card",
          "story",
          "watch",
          "source",
          "source.ebay",
          "source.web",
          "source.feed",
          "source.shop",
          "judge",
          "notice",
          "channel",
          "channel.discord",
          "channel.mail",
          "channel.ntfy",
          "channel.matrix",
          "channel.webhook",
          "state",
          "outbox",
          "settings",
          "page",
          "run");

  /** The same for the command line, where families of commands do not know each other. */
  private static final Map<String, Set<String>> APP =
      Map.ofEntries(
          Map.entry(
              "",
              Set.of(
                  "airgap",
                  "airgap.prove",
                  "console",
                  "model",
                  "run",
                  "serve",
                  "quality",
                  "plan",
                  "power",
                  "board",
                  "scout",
                  "bench",
                  "bundle",
                  "cert",
                  "doctor",
                  "smoke",
                  "document",
                  "receipts",
                  "audit",
                  "usage",
                  "state",
                  "toolcalls",
                  "grammar",
                  "users",
                  "watch",
                  "store")),
          Map.entry("airgap.filter", Set.of()),
          Map.entry("airgap.kernel", Set.of("airgap.filter")),
          Map.entry("airgap", Set.of("airgap.filter", "airgap.kernel")),
          Map.entry("console", Set.of("airgap")),
          Map.entry("airgap.prove", Set.of("airgap", "airgap.filter", "airgap.kernel", "console")),
          Map.entry("session", Set.of("airgap", "console")),
          Map.entry("grammar", Set.of("console", "session")),
          Map.entry("model", Set.of("console", "session")),
          Map.entry("run", Set.of("console", "session")),
          Map.entry("serve", Set.of("airgap", "console", "session")),
          Map.entry("plan", Set.of("bench.report", "console", "session")),
          Map.entry("power", Set.of("console", "session")),
          Map.entry("board", Set.of("console", "session")),
          Map.entry("scout", Set.of("airgap", "console", "session")),
          Map.entry("quality", Set.of("console", "session")),
          Map.entry("bench", Set.of("bench.report", "console", "session")),
          Map.entry("bench.report", Set.of("console")),
          Map.entry("bundle", Set.of("console", "session")),
          Map.entry("cert", Set.of("console")),
          Map.entry("doctor", Set.of("console", "session")),
          Map.entry("smoke", Set.of("bench.report", "console", "session")),
          Map.entry("document", Set.of("console", "session")),
          Map.entry("receipts", Set.of("console", "session")),
          Map.entry("audit", Set.of("console", "session")),
          Map.entry("usage", Set.of("console", "session")),
          Map.entry("state", Set.of("console", "session")),
          Map.entry("toolcalls", Set.of("console", "session")),
          Map.entry("users", Set.of("console", "session")),
          Map.entry("watch", Set.of("console", "session")),
          Map.entry("store", Set.of("console", "session")));

  @Test
  void packagesOfTheEngineUseWhatIsBelowThem() throws IOException {
    requirePackages("engine", stacked(ENGINE));
  }

  @Test
  void packagesOfTheStoreUseWhatIsBelowThem() throws IOException {
    requirePackages("store", stacked(STORE));
  }

  @Test
  void packagesOfThePlannerUseWhatIsBelowThem() throws IOException {
    requirePackages("planner", stacked(PLANNER));
    requirePackages("scout", stacked(SCOUT));
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
    requirePackages("server", SERVER);
  }

  @Test
  void familiesOfCommandsStandOnConsoleAndSession() throws IOException {
    requirePackages("app", APP);
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
      if (OPEN_OUTSIDE.stream().noneMatch(place::startsWith)) {
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
