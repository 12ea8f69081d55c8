import io.solebox.store.blob.Digest;
import io.solebox.store.layout.ModelName;
import io.solebox.store.layout.ModelStore;
import io.solebox.store.layout.Verifier;
import io.solebox.testkit.hub.FakeAnswer;
import io.solebox.testkit.hub.FakeBody;
import io.solebox.testkit.hub.FakeServer;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * {@code Kills SOLEBOX WORK [--kills N] [--seed N] [--only NAMES] [--folder DIR]}: see {@code
 * bench/kills/measure}.
 */
final class Kills {
  /**
   * A command that is killed.
   *
   * @param before commands that make the store what it was before each time
   * @param makes the name that is there afterwards; empty for a command that makes none
   */
  private record Victim(
      String title, List<List<String>> before, List<String> command, Optional<String> makes) {}

  private final String solebox;
  private final Path work;
  private final Path home;
  private final Random random;

  private Kills(String solebox, Path work, long seed) {
    this.solebox = solebox;
    this.work = work;
    this.home = work.resolve("home");
    this.random = new Random(seed);
  }

  public static void main(String[] arguments) throws Exception {
    int kills = 200;
    long seed = System.nanoTime();
    Set<String> only = Set.of();
    Optional<Path> folder = Optional.empty();
    for (int i = 2; i + 1 < arguments.length; i += 2) {
      switch (arguments[i]) {
        case "--kills" -> kills = Integer.parseInt(arguments[i + 1]);
        case "--seed" -> seed = Long.parseLong(arguments[i + 1]);
        case "--only" -> only = Set.of(arguments[i + 1].split(","));
        case "--folder" -> folder = Optional.of(Path.of(arguments[i + 1]));
        default -> throw new IllegalArgumentException(arguments[i]);
      }
    }
    System.out.println("seed " + seed);
    var all = new Kills(arguments[0], Path.of(arguments[1]), seed);
    System.exit(all.run(folder, kills, only) ? 0 : 1);
  }

  private boolean run(Optional<Path> folder, int kills, Set<String> only) throws Exception {
    Path file = work.resolve("tiny.gguf");
    must("synth", "tiny", "--type", "F32", "--out", file.toString());
    must("models", "import", file.toString(), "--name", "base", "--copy");
    must("models", "import", file.toString(), "--name", "two", "--copy");
    must("models", "set", "two", "general.name=second");
    if (folder.isPresent()) {
      must("models", "import", folder.get().toString(), "--name", "folder", "--copy");
    } else {
      System.out.println("convert: SKIPPED: --folder names no folder of safetensors to convert");
    }
    byte[] model = Files.readAllBytes(file);
    FakeBody body = FakeBody.of(model);
    boolean well = true;
    System.out.printf(
        "%-10s %6s %14s %10s %7s%n", "command", "kills", "before its end", "second try", "failed");
    try (var server = new FakeServer(request -> FakeAnswer.ranged(request, body, "\"kill\""))) {
      for (Victim victim : victims(file, server.uri() + "/kill.gguf", Digest.of(model))) {
        boolean can = !victim.title().equals("convert") || folder.isPresent();
        if (can && (only.isEmpty() || only.contains(victim.title()))) {
          well &= run(victim, kills);
        }
      }
    }
    return well;
  }

  private static List<Victim> victims(Path file, String address, Digest digest) {
    String port = address.replaceFirst("http://([^/]*)/.*", "$1");
    List<String> importing =
        List.of("models", "import", file.toString(), "--name", "made", "--copy");
    return List.of(
        new Victim("import", List.of(), importing, Optional.of("made")),
        new Victim(
            "pull",
            List.of(),
            List.of("pull", address, "--sha256", digest.hex()),
            Optional.of(port + "/files/kill:latest")),
        new Victim("convert", List.of(), List.of("convert", "folder", "made"), Optional.of("made")),
        new Victim(
            "quantize",
            List.of(),
            List.of("quantize", "base", "made", "--type", "Q4_K_M"),
            Optional.of("made")),
        new Victim(
            "set",
            List.of(),
            List.of("models", "set", "two", "general.name=other"),
            Optional.of("two")),
        new Victim(
            "rollback",
            List.of(),
            List.of("models", "rollback", "two", "--to", "1"),
            Optional.of("two")),
        // Last: it lets generations go that others go back to.
        new Victim(
            "prune",
            List.of(
                List.of("quantize", "base", "made", "--type", "Q8_0"),
                List.of("models", "rm", "made")),
            List.of("models", "prune", "--keep", "2", "--yes"),
            Optional.empty()));
  }

  private boolean run(Victim victim, int kills) throws Exception {
    long usual = Long.MAX_VALUE; // the shorter of two: the first one fills caches
    for (int i = 0; i < 2; i++) {
      prepare(victim);
      long start = System.nanoTime();
      must(victim.command());
      usual = Math.min(usual, System.nanoTime() - start);
    }
    int early = 0;
    List<String> failures = new ArrayList<>();
    for (int i = 0; i < kills; i++) {
      prepare(victim);
      long nanos = (long) (random.nextDouble() * usual);
      early += killed(victim.command(), nanos) ? 1 : 0;
      String when = "%s after %d ms: ".formatted(victim.title(), nanos / 1_000_000);
      trouble().ifPresent(what -> failures.add(when + what));
      int exit = start(victim.command()).waitFor();
      if (exit != 0) {
        failures.add(when + "the second try ends with " + exit + ": " + said());
      }
      trouble().ifPresent(what -> failures.add(when + "after the second try " + what));
      if (victim.makes().filter(name -> !names().contains(ModelName.parse(name))).isPresent()) {
        failures.add(when + "its model is not there after the second try");
      }
    }
    System.out.printf(
        Locale.ROOT,
        "%-10s %6d %14d %10s %7d%n",
        victim.title(),
        kills,
        early,
        "%.1f s".formatted(usual / 1e9),
        failures.size());
    failures.forEach(failure -> System.out.println("  " + failure));
    return failures.isEmpty();
  }

  /** As it was before the command: what it makes is gone, and what another one needs is there. */
  private void prepare(Victim victim) throws Exception {
    for (ModelName name : names()) {
      if (name.name().equals("made") || name.host().startsWith("127.")) {
        store().remove(name);
      }
    }
    for (List<String> command : victim.before()) {
      must(command);
    }
  }

  private ModelStore store() {
    return ModelStore.open(home.resolve("store"));
  }

  private Set<ModelName> names() {
    return new HashSet<>(store().names());
  }

  /** What is wrong with the store, if anything is. */
  private Optional<String> trouble() {
    List<ModelName> kept = List.of("base", "two").stream().map(ModelName::parse).toList();
    if (!names().containsAll(kept)) {
      return Optional.of("there are but " + names());
    }
    var verifier = new Verifier(store());
    return verifier.blobs(store().names()).stream()
        .map(blob -> verifier.check(blob, _ -> {}))
        .filter(blob -> blob.state() != Verifier.State.SOUND)
        .map(blob -> blob.state() + " " + blob.title())
        .findFirst();
  }

  /** Whether it was killed before it ended by itself. */
  private boolean killed(List<String> command, long afterNanos) throws Exception {
    Process process = start(command);
    boolean ended = process.waitFor(afterNanos, TimeUnit.NANOSECONDS);
    process.destroyForcibly();
    process.waitFor();
    return !ended;
  }

  private void must(String... command) throws Exception {
    must(Arrays.asList(command));
  }

  private void must(List<String> command) throws Exception {
    if (start(command).waitFor() != 0) {
      throw new IllegalStateException(command + ": " + said());
    }
  }

  private String said() throws Exception {
    return Files.readString(work.resolve("said")).strip();
  }

  private Process start(List<String> command) throws Exception {
    List<String> all = new ArrayList<>(List.of(solebox));
    all.addAll(command);
    File said =
        work.resolve("said").toFile(); // a file: the launcher then is the process that is killed
    var builder = new ProcessBuilder(all).redirectErrorStream(true).redirectOutput(said);
    builder.environment().putAll(Map.of("SOLEBOX_HOME", home.toString()));
    return builder.start();
  }
}
