package io.solebox.engine.schedule;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.draft.Guessing;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.generation.Generation;
import io.solebox.engine.generation.GenerationRequest;
import io.solebox.engine.generation.SamplingParams;
import io.solebox.engine.spill.SpillFile;
import io.solebox.engine.spill.SpillPlaces;
import io.solebox.engine.spill.SpillStore;
import io.solebox.engine.spill.TransferCosts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What had to leave host memory as well, and comes back from a disk. */
@Timeout(60)
class SpillDiskTest {
  private static final int PLACE_BYTES = 4; // of a RememberingPlan
  private static final int HOST_PLACES = 48;
  private static final int[] FIRST = ids(300, 1);

  private record Answer(int[] ids, int cached) {}

  @TempDir Path scratch;
  private final List<String> told = new CopyOnWriteArrayList<>();
  private final RememberingPlan plan = new RememberingPlan(List.of(16), 5);
  private SpillFile file;
  private PlanRunner runner;

  @BeforeEach
  void open() {
    open(() -> Long.MAX_VALUE);
  }

  private void open(TransferCosts costs) {
    file = SpillFile.open(scratch, 1 << 26, told::add);
    var places =
        new SpillPlaces(
            HOST_PLACES * PLACE_BYTES,
            Optional.of(file),
            Optional.empty(),
            Duration.ZERO,
            SpillStore.READ_BYTES);
    runner =
        new PlanRunner(
            "test",
            RememberingPlan.graph(true),
            plan,
            RememberingPlan.limits(600, 64, 4),
            Guessing.NONE,
            new SpillStore(plan, costs, places));
  }

  @AfterEach
  void close() {
    runner.close();
  }

  private static int[] ids(int n, int seed) {
    return new Random(seed).ints(n, 0, RememberingPlan.VOCABULARY).toArray();
  }

  private Answer ask(int[] prompt) throws InterruptedException {
    var ids = new ArrayList<Integer>();
    try (Generation generation =
        runner.submit(GenerationRequest.of(prompt, SamplingParams.greedy(10)), 0, Set.of())) {
      while (true) {
        switch (generation.next()) {
          case Generation.Queued _, Generation.Prefilling _ -> {}
          case Generation.Token token -> ids.add(token.id());
          case Generation.End end -> {
            int[] all = ids.stream().mapToInt(i -> i).toArray();
            return new Answer(all, end.usage().cachedTokens());
          }
          case Generation.Failed failed -> throw failed.error();
        }
      }
    }
  }

  /** Asks for one, and for others until it has left host memory. */
  private void askUntilItLeft() throws InterruptedException {
    assertArrayEquals(RememberingPlan.answer(FIRST, 10), ask(FIRST).ids());
    int other = 2;
    while (runner.stats().spill().written().pieces() < 2 * HOST_PLACES && told.isEmpty()) {
      ask(ids(300, other++));
    }
  }

  @Test
  void itComesBackFromTheDisk() throws InterruptedException {
    askUntilItLeft();
    long restored = runner.stats().spill().restored().pieces();
    Answer again = ask(FIRST);
    assertArrayEquals(RememberingPlan.answer(FIRST, 10), again.ids());
    assertEquals(256, again.cached());
    var spill = runner.stats().spill();
    assertEquals(restored + 9, spill.restored().pieces(), "eight blocks and a snapshot");
    assertTrue(spill.read().pieces() >= 9, spill.toString());
    assertEquals(PLACE_BYTES * spill.read().pieces(), spill.read().bytes());
    assertTrue(spill.diskBytes() > 0);
    assertEquals(0, spill.failures());
    assertEquals(List.of(), told);
  }

  @Test
  void aDiskThatFailsIsToldOnceAndComputedAgain() throws InterruptedException {
    file.close();
    for (int round = 0; round < 2; round++) {
      askUntilItLeft();
    }
    assertEquals(1, told.size());
    ask(FIRST); // takes what became of the writes
    assertTrue(runner.stats().spill().failures() > 0);
    assertEquals(0, runner.stats().spill().written().pieces());
    assertEquals(Optional.empty(), runner.stats().trouble());
  }

  /** What was in the plan when a step broke is in doubt, and so is what was taken out of it. */
  @Test
  void nothingComesBackAfterAStepThatBroke() throws InterruptedException {
    askUntilItLeft();
    plan.beforeStep(
        _ -> {
          plan.beforeStep(_ -> {});
          throw new IllegalStateException("the card fell off");
        });
    assertThrows(SoleboxException.class, () -> ask(ids(50, 4)));
    assertEquals(0, ask(FIRST).cached());
    assertEquals(0, runner.stats().spill().diskBytes());
  }

  /** A disk that takes longer than computing is not written to. */
  @Test
  void whatIsDearerThanComputingStaysInMemory() throws InterruptedException {
    runner.close();
    open(
        new TransferCosts() {
          @Override
          public long bytesPerStep() {
            return Long.MAX_VALUE;
          }

          @Override
          public boolean isCheaper(Transfer transfer, int tokens) {
            return transfer.written() == 0;
          }
        });
    for (int other = 1; other < 8; other++) {
      ask(ids(300, other));
    }
    assertTrue(runner.stats().spill().lost() > 0);
    assertEquals(0, runner.stats().spill().written().pieces());
  }
}
