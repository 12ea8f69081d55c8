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
import io.solebox.engine.spill.PrefixFolder;
import io.solebox.engine.spill.SpillStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
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

  @TempDir Path scratch;

  private record Answer(int[] ids, int cached, SpillStats spill) {}

  private PrefixFolder folder(String identity, long bytes) {
    return PrefixFolder.open(scratch.resolve("model"), identity, bytes).orElseThrow();
  }

  private static int[] ids(int n, int seed) {
    return new Random(seed).ints(n, 0, RememberingPlan.VOCABULARY).toArray();
  }

  /** In a loop of its own, which is closed then. */
  private static Answer ask(Graph graph, Plan plan, PrefixFolder folder, int[] prompt)
      throws InterruptedException {
    var store = new SpillStore(plan, new AlwaysCheaper(), 0, folder);
    try (var runner = new PlanRunner("test", graph, plan, LIMITS, Guessing.NONE, store)) {
      Generation generation =
          runner.submit(GenerationRequest.of(prompt, SamplingParams.greedy(20)), 0, Set.of());
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
  }

  private static Answer ask(PrefixFolder folder, int[] prompt) throws InterruptedException {
    return ask(CachingPlan.graph(), new CachingPlan(20, 30, 3), folder, prompt);
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
    assertTrue(again.spill().restored() > 0);
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

  @Test
  void nobodyElseHasItOpen() {
    try (PrefixFolder opened = folder("a", PLENTY)) {
      assertEquals(Optional.empty(), PrefixFolder.open(scratch.resolve("model"), "a", PLENTY));
      assertEquals(0, opened.notes().size());
    }
    folder("a", PLENTY).close();
  }
}
