package io.solebox.engine.schedule;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.backend.Limits;
import io.solebox.engine.backend.Plan;
import io.solebox.engine.draft.Guessing;
import io.solebox.engine.generation.Generation;
import io.solebox.engine.generation.GenerationRequest;
import io.solebox.engine.generation.SamplingParams;
import io.solebox.engine.generation.SpillStats;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.spill.FileSeal;
import io.solebox.engine.spill.PrefixFolder;
import io.solebox.engine.spill.SpillFile;
import io.solebox.engine.spill.SpillPlaces;
import io.solebox.engine.spill.SpillStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Prefixes that outlive the loop that computed them, and files that are not what they were. */
@Timeout(60)
class SaveTest {
  private static final Limits LIMITS = RememberingPlan.limits(600, 64, 4);
  private static final long PLENTY = 1 << 20;
  private static final Duration NEVER = Duration.ofDays(1);

  @TempDir Path scratch;

  private record Answer(int[] ids, int cached, SpillStats spill) {}

  private PrefixFolder folder(String identity, long bytes) {
    return PrefixFolder.open(scratch.resolve("model"), identity, FileSeal.NONE, bytes)
        .orElseThrow();
  }

  private static int[] ids(int n, int seed) {
    return new Random(seed).ints(n, 0, RememberingPlan.VOCABULARY).toArray();
  }

  private static SpillPlaces places(long memory, PrefixFolder folder, long readBytes) {
    return new SpillPlaces(memory, Optional.empty(), Optional.of(folder), NEVER, readBytes);
  }

  private static PlanRunner saving(Graph graph, Plan plan, PrefixFolder folder, long spillBytes) {
    var store =
        new SpillStore(
            plan, () -> Long.MAX_VALUE, places(spillBytes, folder, SpillStore.READ_BYTES));
    return new PlanRunner("test", graph, plan, LIMITS, Guessing.NONE, store);
  }

  private static Generation submit(PlanRunner runner, int[] prompt) {
    return runner.submit(GenerationRequest.of(prompt, SamplingParams.greedy(20)), 0, Set.of());
  }

  private static Answer finish(PlanRunner runner, Generation generation)
      throws InterruptedException {
    var ids = new ArrayList<Integer>();
    while (true) {
      switch (generation.next()) {
        case Generation.Queued _, Generation.Prefilling _ -> {}
        case Generation.Token token -> ids.add(token.id());
        case Generation.End end -> {
          int[] all = ids.stream().mapToInt(i -> i).toArray();
          return new Answer(all, end.usage().cachedTokens(), runner.stats().spill());
        }
        case Generation.Failed failed -> throw failed.error();
      }
    }
  }

  /** In a loop of its own, which is closed then. */
  private static Answer ask(Graph graph, Plan plan, PrefixFolder folder, int[] prompt)
      throws InterruptedException {
    try (var runner = saving(graph, plan, folder, 0)) {
      return finish(runner, submit(runner, prompt));
    }
  }

  private static Answer ask(PrefixFolder folder, int[] prompt) throws InterruptedException {
    return ask(CachingPlan.graph(), new CachingPlan(20, 300, 3), folder, prompt);
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.list(scratch.resolve("model"))) {
      return all.filter(file -> file.toString().endsWith(".kv")).sorted().toList();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aPrefixOutlivesARestart(boolean windowed) throws InterruptedException, IOException {
    Graph graph = windowed ? CachingPlan.windowed(40) : CachingPlan.graph();
    int[] prompt = ids(300, 1);
    Answer first = ask(graph, new CachingPlan(20, 30, 3), folder("a", PLENTY), prompt);
    assertEquals(0, first.cached());
    for (Path file : files()) {
      assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }
    var plan = new CachingPlan(20, 30, 3);
    Answer again = ask(graph, plan, folder("a", PLENTY), prompt);
    assertArrayEquals(first.ids(), again.ids());
    assertEquals(288, again.cached());
    assertEquals(300 - 288 + 19, plan.tokens);
    assertTrue(again.spill().restored().pieces() > 0);
    assertEquals(0, again.spill().failures());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void statesOutliveARestart(boolean attends) throws InterruptedException {
    Graph graph = RememberingPlan.graph(attends);
    int[] prompt = ids(300, 1);
    for (int expected : new int[] {0, 256, 256}) {
      var plan = new RememberingPlan(attends ? List.of(40) : List.of(), 12);
      Answer answer = ask(graph, plan, folder("a", PLENTY), prompt);
      assertArrayEquals(RememberingPlan.answer(prompt, 20), answer.ids());
      assertEquals(expected, answer.cached());
    }
  }

  /** Where there is not room for all, what is written is of use: a snapshot, and what it needs. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aSnapshotIsSavedWithItsBlocksOrNotAtAll(boolean spills) throws InterruptedException {
    Graph graph = RememberingPlan.graph(true);
    long ofOne = 9 * 64; // eight blocks and a snapshot, with their headers
    int[] last = ids(300, 2);
    var plan = new RememberingPlan(List.of(24), spills ? 4 : 12);
    try (var runner = saving(graph, plan, folder("a", ofOne + 63), spills ? PLENTY : 0)) {
      for (int[] prompt : new int[][] {ids(300, 1), last}) {
        assertEquals(0, finish(runner, submit(runner, prompt)).cached());
      }
    }
    for (int round = 0; round < 2; round++) {
      var again = new RememberingPlan(List.of(24), 12);
      try (var runner = saving(graph, again, folder("a", ofOne + 63), 0)) {
        assertEquals(ofOne, runner.stats().spill().diskBytes());
        Answer answer = finish(runner, submit(runner, last));
        assertArrayEquals(RememberingPlan.answer(last, 20), answer.ids());
        assertEquals(256, answer.cached());
      }
    }
  }

  /** Memory that holds two blocks, and four sequences that go on from nine each. */
  @Test
  void manyReadAtOnceInLittleMemory() throws InterruptedException {
    var answers = new ArrayList<Answer>();
    for (int seed = 0; seed < 4; seed++) {
      answers.add(ask(folder("a", PLENTY), ids(300, seed)));
    }
    Graph graph = CachingPlan.graph();
    Plan plan = new CachingPlan(60, 300, 3);
    var store = new SpillStore(plan, () -> Long.MAX_VALUE, places(0, folder("a", PLENTY), 2 * 128));
    try (var runner = new PlanRunner("test", graph, plan, LIMITS, Guessing.NONE, store)) {
      var running = new ArrayList<Generation>();
      for (int seed = 0; seed < 4; seed++) {
        running.add(submit(runner, ids(300, seed)));
      }
      for (int seed = 0; seed < 4; seed++) {
        Answer again = finish(runner, running.get(seed));
        assertArrayEquals(answers.get(seed).ids(), again.ids());
        assertEquals(288, again.cached());
      }
      assertEquals(36, runner.stats().spill().restored().pieces());
      assertEquals(0, runner.stats().spill().failures());
    }
  }

  /** Whatever is read then, nobody else's memory is written to, and all of it comes back. */
  @Test
  void whoLeavesWhileItsPrefixIsReadLeavesNothingBehind() throws InterruptedException, IOException {
    int[] prompt = ids(500, 1);
    Answer first = ask(folder("a", PLENTY), prompt);
    Graph graph = CachingPlan.graph();
    Plan plan = new CachingPlan(60, 300, 3);
    PrefixFolder opened = folder("a", PLENTY);
    Files.write(files().get(7), new byte[0]);
    var store = new SpillStore(plan, () -> 128, places(0, opened, 4 * 128));
    try (var runner = new PlanRunner("test", graph, plan, LIMITS, Guessing.NONE, store)) {
      for (int round = 0; round < 50; round++) {
        submit(runner, prompt).close();
        assertArrayEquals(first.ids(), finish(runner, submit(runner, prompt)).ids());
      }
      assertEquals(0, runner.stats().usedBlocks());
      assertEquals(Optional.empty(), runner.stats().trouble());
    }
  }

  /**
   * Parts in the pool, in host memory, on both disks and on their way, of owners who come and go.
   */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void whereverThePartsLieAnswersAreTheSame(long seed) throws InterruptedException {
    var random = new Random(seed);
    int[] stem = ids(200, 0);
    List<int[]> prompts = new ArrayList<>();
    List<int[]> expected = new ArrayList<>();
    try (var alone =
        new PlanRunner("alone", CachingPlan.graph(), new CachingPlan(60, 600, 3), LIMITS)) {
      for (int i = 0; i < 6; i++) {
        int[] prompt =
            IntStream.concat(Arrays.stream(stem), Arrays.stream(ids(60 + 40 * i, i + 1))).toArray();
        prompts.add(Arrays.copyOfRange(prompt, i % 2 == 0 ? 0 : 100, prompt.length));
        expected.add(finish(alone, submit(alone, prompts.get(i))).ids());
      }
    }
    long restored = 0;
    var told = new ArrayList<String>();
    for (int process = 0; process < 4; process++) {
      Plan plan = new CachingPlan(30, 600, 3);
      PrefixFolder saved = folder("a", 40 * 200);
      var file = SpillFile.open(scratch, 20 << 16, told::add);
      var places = new SpillPlaces(8 * 128, Optional.of(file), Optional.of(saved), NEVER, 3 * 128);
      var store = new SpillStore(plan, () -> 3 * 128, places);
      try (var runner =
          new PlanRunner("test", CachingPlan.graph(), plan, LIMITS, Guessing.NONE, store)) {
        for (int round = 0; round < 10; round++) {
          int[] asked = random.ints(4, 0, prompts.size()).toArray();
          var running = Arrays.stream(asked).mapToObj(i -> submit(runner, prompts.get(i))).toList();
          int gone = random.nextInt(8);
          for (int i = 0; i < asked.length; i++) {
            if (i == gone) {
              running.get(i).close();
            } else {
              assertArrayEquals(expected.get(asked[i]), finish(runner, running.get(i)).ids());
            }
          }
        }
        SpillStats spill = runner.stats().spill();
        restored += spill.restored().pieces();
        assertEquals(0, spill.failures());
        assertTrue(spill.memoryBytes() <= 11 * 128, spill.toString());
        assertEquals(Optional.empty(), runner.stats().trouble());
      }
    }
    assertTrue(restored > 100, restored + " parts came back");
    assertEquals(List.of(), told);
  }

  @Test
  void whatIsOfAnotherIdentityIsRemoved() throws InterruptedException, IOException {
    int[] prompt = ids(300, 1);
    ask(folder("a", PLENTY), prompt);
    assertFalse(files().isEmpty());
    PrefixFolder other = folder("b", PLENTY);
    assertEquals(1, other.notes().size());
    assertTrue(files().isEmpty());
    assertEquals(0, ask(other, prompt).cached());
    assertEquals(List.of(), folderNotes("b"));
  }

  private List<String> folderNotes(String identity) {
    try (PrefixFolder opened = folder(identity, PLENTY)) {
      return opened.notes();
    }
  }

  /** Cut, grown, with another byte, or gone: it is computed again, and the file is no more. */
  @ParameterizedTest
  @ValueSource(strings = {"cut", "grown", "flipped", "moved", "empty"})
  void aFileThatIsNotWholeIsComputedAgain(String damage) throws InterruptedException, IOException {
    int[] prompt = ids(300, 1);
    Answer first = ask(folder("a", PLENTY), prompt);
    PrefixFolder opened = folder("a", PLENTY);
    List<Path> files = files();
    for (Path file : files.subList(3, 6)) {
      byte[] bytes = Files.readAllBytes(file);
      switch (damage) {
        case "cut" -> Files.write(file, Arrays.copyOf(bytes, bytes.length - 1));
        case "grown" -> Files.write(file, Arrays.copyOf(bytes, bytes.length + 1));
        case "flipped" -> {
          bytes[bytes.length - 7] ^= 1;
          Files.write(file, bytes);
        }
        case "moved" -> Files.write(file, Files.readAllBytes(files.getFirst()));
        case "empty" -> Files.write(file, new byte[0]);
        default -> throw new AssertionError(damage);
      }
    }
    Answer again = ask(opened, prompt);
    assertArrayEquals(first.ids(), again.ids());
    assertTrue(again.spill().failures() > 0, again.spill().toString());
    Answer healed = ask(folder("a", PLENTY), prompt);
    assertArrayEquals(first.ids(), healed.ids());
    assertEquals(288, healed.cached());
  }

  @Test
  void aFolderThatIsGoneIsNoReasonToFail() throws InterruptedException, IOException {
    int[] prompt = ids(300, 1);
    PrefixFolder opened = folder("a", PLENTY);
    try (Stream<Path> all = Files.list(scratch.resolve("model"))) {
      for (Path file : all.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(scratch.resolve("model"));
    assertEquals(0, ask(opened, prompt).cached());
    assertEquals(0, ask(folder("a", PLENTY), prompt).cached());
  }

  @Test
  void itTakesNoMoreThanItMay() throws InterruptedException, IOException {
    long most = 1500;
    for (int seed = 0; seed < 4; seed++) {
      ask(folder("a", most), ids(300, seed));
      long bytes = 0;
      for (Path file : files()) {
        bytes += Files.size(file);
      }
      assertTrue(bytes <= most, bytes + " bytes");
    }
    // The beginning of the last prompt, since what comes behind is of no use without it.
    Answer last = ask(folder("a", most), ids(300, 3));
    assertTrue(last.cached() > 0);
  }

  /** What a process that is killed leaves is what it has written until then. */
  @Test
  void prefixesAreSavedWhileNobodyIsThere() throws InterruptedException, IOException {
    var plan = new CachingPlan(40, 300, 3);
    var places =
        new SpillPlaces(
            0,
            Optional.empty(),
            Optional.of(folder("a", PLENTY)),
            Duration.ofMillis(1),
            SpillStore.READ_BYTES);
    var store = new SpillStore(plan, () -> Long.MAX_VALUE, places);
    try (var runner =
        new PlanRunner("test", CachingPlan.graph(), plan, LIMITS, Guessing.NONE, store)) {
      for (int seed = 0; seed < 2; seed++) {
        Answer first = finish(runner, submit(runner, ids(300, seed)));
        long bytes = 9 * (seed + 1) * (128 + 60);
        while (runner.stats().spill().diskBytes() < bytes) {
          Thread.onSpinWait(); // the loop is idle, and writes
        }
        try (PrefixFolder left = copyOfFolder("left" + seed)) {
          Answer again =
              ask(CachingPlan.graph(), new CachingPlan(20, 300, 3), left, ids(300, seed));
          assertArrayEquals(first.ids(), again.ids());
          assertEquals(288, again.cached());
        }
      }
      assertEquals(0, runner.stats().spill().failures());
    }
  }

  private PrefixFolder copyOfFolder(String name) throws IOException {
    Path to = Files.createDirectory(scratch.resolve(name));
    try (Stream<Path> all = Files.list(scratch.resolve("model"))) {
      for (Path file : all.toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
    return PrefixFolder.open(to, "a", FileSeal.NONE, PLENTY).orElseThrow();
  }

  @Test
  void nobodyElseHasItOpen() {
    try (PrefixFolder opened = folder("a", PLENTY)) {
      assertEquals(
          Optional.empty(),
          PrefixFolder.open(scratch.resolve("model"), "a", FileSeal.NONE, PLENTY));
      assertEquals(0, opened.notes().size());
    }
    folder("a", PLENTY).close();
  }
}
