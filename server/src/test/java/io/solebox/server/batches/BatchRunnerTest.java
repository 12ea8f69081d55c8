package io.solebox.server.batches;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.json.JsonWriter;
import io.solebox.server.answers.Endpoint;
import io.solebox.server.batches.Batch.Status;
import io.solebox.server.files.FileStore;
import io.solebox.server.files.FileStore.Description;
import io.solebox.server.files.NewFile;
import io.solebox.server.http.Caller;
import io.solebox.server.http.Faults;
import io.solebox.server.http.Observers;
import io.solebox.server.http.Problem;
import io.solebox.server.limits.Account;
import io.solebox.server.seal.Passphrase;
import io.solebox.server.seal.Vault;
import io.solebox.server.storage.ServerTables;
import io.solebox.storage.Database;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Batches of which something goes wrong, against an endpoint that a test breaks. */
@Timeout(60)
class BatchRunnerTest {
  private static final String ROUTE = "/v1/test";

  @TempDir private Path folder;
  private final ByteArrayOutputStream log = new ByteArrayOutputStream();
  private final Faults faults = new Faults(new PrintStream(log, true, StandardCharsets.UTF_8));
  private final JsonWriter json = new JsonWriter();

  /** What is thrown for lines of a word, until it is removed. */
  private final Map<String, Supplier<Throwable>> broken = new ConcurrentHashMap<>();

  private Database database;
  private FileStore files;
  private BatchStore store;

  @BeforeEach
  void open() {
    database = ServerTables.open(folder.resolve("server.db"));
    Vault vault = Vault.open(database, Passphrase.NONE, System.err);
    files = new FileStore(vault, folder.resolve("files"), Clock.systemUTC());
    store = new BatchStore(vault, json);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private BatchRunner run(Duration patience) {
    Endpoint endpoint =
        (body, _) -> {
          Supplier<Throwable> failure = broken.get((String) body.get("say"));
          if (failure != null) {
            throwUnchecked(failure.get());
          }
          return json.bytes(body);
        };
    BatchLines lines =
        new BatchLines(
            Map.of(ROUTE, endpoint),
            _ -> Caller.here(Account.unlimited()),
            json,
            (problem, _) -> json.bytes(Map.of("code", problem.code())),
            faults,
            new Observers(),
            patience);
    return new BatchRunner(store, files, lines, 100_000, faults, Clock.systemUTC());
  }

  private static void throwUnchecked(Throwable failure) {
    switch (failure) {
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new IllegalStateException(failure);
    }
  }

  private static SoleboxException engineError(ErrorCode code) {
    return new SoleboxException(code, "", "It went wrong.", "Try it again.");
  }

  /** A batch that says words, one a line. */
  private String order(String... words) throws IOException {
    StringBuilder input = new StringBuilder();
    for (String word : words) {
      input.append(
          "{\"custom_id\":\"%s\",\"url\":\"%s\",\"body\":{\"say\":\"%s\"}}\n"
              .formatted(word, ROUTE, word));
    }
    Description about = new Description("", "in.jsonl", "batch", Optional.empty());
    String file;
    try (NewFile fresh = files.begin("")) {
      try (OutputStream out = fresh.open()) {
        out.write(input.toString().getBytes(StandardCharsets.UTF_8));
      }
      file = files.add(fresh.described(about)).id();
    }
    String id = "batch_" + words[0];
    store.save(
        Batch.of(
            new Batch.Order(id, "", ROUTE, file, Map.of(), false, Optional.empty()),
            1,
            Long.MAX_VALUE));
    return id;
  }

  private String inputFile(String batch) {
    return store.find(batch).orElseThrow().order().inputFile();
  }

  private Path input(String batch) {
    return folder.resolve("files").resolve(inputFile(batch) + ".sealed");
  }

  private String content(Optional<String> file) throws IOException {
    try (InputStream in = files.read(file.orElseThrow(), "")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private Batch awaitOver(String id) throws InterruptedException {
    while (!store.find(id).orElseThrow().status().isOver()) {
      Thread.sleep(10);
    }
    return store.find(id).orElseThrow();
  }

  private static void assertCompleted(int completed, int failed, Batch batch) {
    assertEquals(Status.COMPLETED, batch.status());
    assertEquals(new Batch.Counts(completed + failed, completed, failed), batch.counts());
  }

  @Test
  void oneWhoseInputCannotBeReadFailsAlone() throws Exception {
    String bad = order("bad");
    Files.delete(input(bad));
    Files.createDirectory(input(bad));
    String good = order("good");
    try (BatchRunner _ = run(Duration.ofSeconds(10))) {
      Batch failed = awaitOver(bad);
      assertEquals(Status.FAILED, failed.status());
      assertEquals("file_unreadable", ((Map<?, ?>) failed.errors().getFirst()).get("code"));
      assertCompleted(1, 0, awaitOver(good));
    }
  }

  @Test
  void oneThatCannotBeReadItselfIsInNobodysWay() throws Exception {
    String bad = order("bad");
    String good = order("good");
    database.transaction(sql -> sql.update("UPDATE batch SET body = 'nonsense' WHERE id = ?", bad));
    try (BatchRunner _ = run(Duration.ofSeconds(10))) {
      assertCompleted(1, 0, awaitOver(good));
    }
    String told = log.toString(StandardCharsets.UTF_8);
    assertTrue(told.contains("body of batch " + bad), told);
  }

  /** Whatever is wrong with a line, its batch gets to its end. */
  @ParameterizedTest
  @ValueSource(strings = {"refusal", "engine", "bug", "error"})
  void aLineThatFailsFailsAlone(String what) throws Exception {
    Map<String, Supplier<Throwable>> kinds =
        Map.of(
            "refusal", () -> Problem.of(400, "invalid_value", "No."),
            "engine", () -> engineError(ErrorCode.BAD_GRAMMAR),
            "bug", () -> new IllegalStateException("a bug"),
            "error", () -> new StackOverflowError());
    broken.put("b", kinds.get(what));
    String id = order("a", "b", "c");
    try (BatchRunner _ = run(Duration.ofSeconds(10))) {
      assertCompleted(2, 1, awaitOver(id));
    }
  }

  /** What is gone after a while is waited for. */
  @ParameterizedTest
  @EnumSource(names = {"CANCELLED", "CLOSED", "OUT_OF_MEMORY"})
  void aLineWaitsForAServerThatIsFull(ErrorCode code) throws Exception {
    CountDownLatch tried = new CountDownLatch(1);
    broken.put(
        "a",
        () -> {
          tried.countDown();
          return engineError(code);
        });
    String id = order("a");
    try (BatchRunner _ = run(Duration.ofSeconds(10))) {
      tried.await();
      broken.clear();
      assertCompleted(1, 0, awaitOver(id));
    }
  }

  /** For want of memory, or of space on the disk to keep what it makes. */
  @ParameterizedTest
  @EnumSource(names = {"OUT_OF_MEMORY", "IO_ERROR"})
  void oneThatMustWaitLetsOthersGoOn(ErrorCode code) throws Exception {
    broken.put("full", () -> engineError(code));
    String full = order("full", "first");
    String other = order("other");
    try (BatchRunner runner = run(Duration.ZERO)) {
      assertCompleted(1, 0, awaitOver(other));
      assertEquals(Status.IN_PROGRESS, store.find(full).orElseThrow().status());
      broken.clear();
      runner.look();
      assertCompleted(2, 0, awaitOver(full));
    }
  }

  private Set<String> onDisk() throws IOException {
    try (Stream<Path> all = Files.list(folder.resolve("files"))) {
      return all.map(file -> file.getFileName().toString())
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  /** As of a disk that is full when the second of two files is to be kept. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "BEFORE INSERT ON file WHEN (SELECT COUNT(*) FROM file) = 2",
        "BEFORE UPDATE ON batch",
        "BEFORE DELETE ON batch_line"
      })
  void anEndThatFailsChangesNothingAndIsDoneAgain(String step) throws Exception {
    String id = order("a", "b");
    Batch batch = store.find(id).orElseThrow();
    store.saveLine(batch, new BatchStore.Line(1, false, "{\"a\":1}"));
    store.saveLine(batch, new BatchStore.Line(2, true, "{\"b\":1}"));
    Set<String> before = onDisk();
    BatchFiles output = new BatchFiles(store, files);
    database.transaction(
        sql ->
            sql.update("CREATE TRIGGER full " + step + " BEGIN SELECT RAISE(ABORT, 'full'); END"));
    for (int i = 0; i < 3; i++) {
      assertThrows(SoleboxException.class, () -> output.end(batch, Status.COMPLETED, 5));
      assertEquals(before, onDisk());
      assertEquals(1, files.all("").size());
      assertEquals(batch, store.find(id).orElseThrow());
      assertEquals(2, store.answered(id).size());
    }
    database.transaction(sql -> sql.update("DROP TRIGGER full"));
    output.end(batch, Status.COMPLETED, 5);
    Batch.Results results = store.find(id).orElseThrow().results();
    assertEquals("{\"a\":1}\n", content(results.output()));
    assertEquals("{\"b\":1}\n", content(results.error()));
    assertEquals(before.size() + 2, onDisk().size());
    assertEquals(3, files.all("").size());
    assertEquals(Set.of(), store.answered(id));
  }

  @Test
  void anInputIsReadForAsLongAsSomebodyWantsIt() throws Exception {
    String file = inputFile(order("a", "b", "c"));
    BatchInput input = new BatchInput(() -> files.read(file, ""), ROUTE, 1000);
    assertEquals(Optional.empty(), input.examine(() -> true));
    assertEquals(Optional.of(new BatchInput.Findings(3, List.of())), input.examine(() -> false));
    StringBuilder taken = new StringBuilder();
    input.requests(
        request -> {
          taken.append(request.customId());
          return request.number() < 2;
        });
    assertEquals("ab", taken.toString());
  }
}
