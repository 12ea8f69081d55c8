package io.solebox.server.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.solebox.server.SetClock;
import io.solebox.server.box.BoxKey;
import io.solebox.server.storage.ServerTables;
import io.solebox.storage.Database;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The verifier of {@code docs/audit}, on what a box exports. */
@Timeout(60)
class AuditDocsTest {
  private static final Path DOCS = Path.of("../docs/audit");

  /** Verifies a file for each list of arguments behind a lone comma; a line for each. */
  private static final String DRIVER =
      "import sys; sys.path.insert(0, sys.argv[1]); import verify;"
          + "[print('=', verify.main(*each.split(' '))) for each in sys.argv[2:]]";

  @TempDir private Path folder;

  /** Two heads, details, letters of all kinds. */
  private List<String> exported() throws IOException {
    SetClock clock = new SetClock(1_800_000_000_000L);
    Path file = folder.resolve("audit.jsonl");
    try (Database database = ServerTables.open(folder.resolve("server.db"))) {
      AuditLog log = new AuditLog(database, BoxKey.in(folder), clock, clock::nanos);
      log.append(new Entry("key.add", "ann", "laptop", Map.of("scopes", "models", "a.b-c", "x")));
      log.append(new Entry("model.pull", "Zoë \u2028 \"7\"", "名前", Map.of()));
      log.sign();
      log.append(new Entry("key.revoke", "ann", "", Map.of("at", "7")));
    }
    try (AuditBook book = AuditBook.open(folder)) {
      book.export("ann", file);
    }
    return Files.readAllLines(file);
  }

  @Test
  void theVerifierIsShort() throws IOException {
    assertTrue(Files.readAllLines(DOCS.resolve("verify.py")).size() <= 100);
  }

  @Test
  void whatIsSoundIsAndWhateverIsDoneToItIsFound() throws Exception {
    List<String> lines = exported();
    String file = write(lines);
    String digest = lines.getLast().replaceFirst(".*\"digest\":\"([0-9a-f]+)\".*", "$1");
    String fingerprint = BoxKey.in(folder).fingerprint();
    List<String> calls =
        new ArrayList<>(List.of(file, file + " " + fingerprint, file + " 4:" + digest));
    int sound = calls.size();
    calls.add(file + " " + "0".repeat(64));
    calls.add(file + " 3:" + digest);
    calls.add(file + " 5:" + digest);
    for (int i = 0; i < lines.size(); i++) {
      List<String> without = new ArrayList<>(lines);
      without.remove(i);
      calls.add(write(without));
      List<String> doubled = new ArrayList<>(lines);
      doubled.add(i, lines.get(i));
      calls.add(write(doubled));
    }
    altered(lines, "\"signature\":\"..", "\"signature\":\"ff", calls);
    altered(lines, "\"details\":\\{", "\"details\":{\"more\":\"x\",", calls);
    altered(lines, "\"actor\":\"ann\"", "\"actor\":\"ben\"", calls);
    altered(lines, "\"at\":\"7\"", "\"at\":7", calls); // the same bytes, and no text
    altered(lines, "\"at\":1800000000000", "\"at\":1800000000000.0", calls);
    altered(lines, "\"subject\":\"\"", "\"subject\":null", calls);
    altered(lines, "\"digest\":\"..", "\"digest\":\"00", calls);
    altered(lines, "BEGIN PUBLIC KEY-----.....", "BEGIN PUBLIC KEY-----AAAAA", calls);
    List<String> results = python(calls);
    for (int i = 0; i < calls.size(); i++) {
      assertEquals("= " + (i < sound ? 0 : 1), results.get(i), calls.get(i));
    }
  }

  private void altered(List<String> lines, String pattern, String by, List<String> calls)
      throws IOException {
    List<String> changed = lines.stream().map(line -> line.replaceFirst(pattern, by)).toList();
    assertTrue(!changed.equals(lines), pattern);
    calls.add(write(changed));
  }

  private String write(List<String> lines) throws IOException {
    return Files.write(Files.createTempFile(folder, "log", ".jsonl"), lines).toString();
  }

  private List<String> python(List<String> calls) throws Exception {
    List<String> command =
        new ArrayList<>(List.of("python3", "-B", "-c", DRIVER, DOCS.toRealPath().toString()));
    command.addAll(calls);
    Path out = folder.resolve("out");
    Optional<Process> started = started(new ProcessBuilder(command).redirectOutput(out.toFile()));
    assumeTrue(started.isPresent(), "SKIPPED: there is no python3");
    Process process = started.get();
    String errors = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(true, process.waitFor(50, TimeUnit.SECONDS));
    assertEquals(0, process.exitValue(), errors);
    return Files.readAllLines(out).stream().filter(line -> line.startsWith("=")).toList();
  }

  private static Optional<Process> started(ProcessBuilder builder) {
    try {
      return Optional.of(builder.start());
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
