package io.solebox.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.backend.cuda.fake.FakeDriver;
import io.solebox.backend.cuda.fake.FakeGpu;
import io.solebox.engine.backend.Backend;
import io.solebox.engine.backend.Batch;
import io.solebox.engine.backend.LinkFigures;
import io.solebox.engine.backend.Outputs;
import io.solebox.engine.backend.Plan;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.backend.RowRequest;
import io.solebox.engine.backend.Team;
import io.solebox.engine.backend.Teaming;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.Op;
import io.solebox.engine.graph.PointwiseOp;
import io.solebox.engine.graph.Value;
import io.solebox.engine.graph.Weight;
import io.solebox.engine.tensor.TensorType;
import io.solebox.testkit.RandomTensors;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Cards that each have a part of a sum. */
class CudaTeamTest {
  private static final int WIDTH = 64;
  private static final int VOCABULARY = 40;

  private final Arena arena = Arena.ofShared();
  private final RandomTensors random = new RandomTensors(arena, new SplittableRandom(3));
  private final Weight table = random.weight("embed", VOCABULARY, WIDTH, TensorType.F32, 1);
  private final Weight head = random.weight("head", VOCABULARY, WIDTH, TensorType.F32, 1);
  private final List<Weight> parts = new ArrayList<>();
  private final Outputs outputs = new Outputs(arena, PlanSteps.SEQUENCES, 1, VOCABULARY);

  @AfterEach
  void close() {
    arena.close();
  }

  private static FakeDriver cards(int count) {
    return new FakeDriver(
        IntStream.range(0, count).mapToObj(_ -> FakeGpu.ampere()).toArray(FakeGpu[]::new));
  }

  private static Value value(int id) {
    return new Value(id, "value " + id, WIDTH);
  }

  private Graph end(List<Op> ops, Value x, boolean answers) {
    if (!answers) {
      return new Graph(ops, new Graph.End.Elsewhere(), List.of(), List.of(), false);
    }
    int next = ops.size();
    Value rows = value(next);
    Value logits = new Value(next + 1, "logits", VOCABULARY);
    List<Op> all = new ArrayList<>(ops);
    all.add(new Op.SelectRows(rows, x));
    all.add(new Op.Linear(logits, rows, head, Optional.empty()));
    var end = new Graph.End.Rows(rows, Optional.of(logits));
    return new Graph(all, end, List.of(), List.of(), false);
  }

  /** Twice: embedding plus the sum of what the ranks make of it. */
  private Graph rank(int rank) {
    List<Op> ops = new ArrayList<>();
    ops.add(new Op.Embed(value(0), table));
    for (int layer = 0; layer < 2; layer++) {
      int x = 3 * layer;
      ops.add(new Op.Linear(value(x + 1), value(x), parts.get(rank), Optional.empty()));
      ops.add(new Op.AllReduce(value(x + 2), value(x + 1)));
      ops.add(new PointwiseOp.Add(value(x + 3), value(x), value(x + 2)));
    }
    return end(ops, value(6), rank == 0);
  }

  /** The same on one card. */
  private Graph whole() {
    List<Op> ops = new ArrayList<>();
    ops.add(new Op.Embed(value(0), table));
    Value x = value(0);
    for (int layer = 0; layer < 2; layer++) {
      Value sum = value(ops.size());
      ops.add(new Op.Linear(sum, x, parts.getFirst(), Optional.empty()));
      for (Weight part : parts.subList(1, parts.size())) {
        Value product = value(ops.size());
        ops.add(new Op.Linear(product, x, part, Optional.empty()));
        Value next = value(ops.size());
        ops.add(new PointwiseOp.Add(next, sum, product));
        sum = next;
      }
      Value out = value(ops.size());
      ops.add(new PointwiseOp.Add(out, x, sum));
      x = out;
    }
    return end(ops, x, true);
  }

  private float[][] run(Plan plan, int tokens) {
    int[] ids = IntStream.range(0, tokens).map(i -> (7 * i + tokens) % VOCABULARY).toArray();
    int[] positions = IntStream.range(0, tokens).toArray();
    List<RowRequest> rows = List.of(new RowRequest.Logits(0), new RowRequest.Logits(tokens - 1));
    var sequence = new Batch.Sequence(new int[0][], 0);
    plan.run(
        new Batch(
            ids, positions, new int[tokens], List.of(sequence), rows, new Batch.Input.Tokens()),
        outputs);
    return IntStream.range(0, rows.size())
        .mapToObj(
            r ->
                outputs
                    .dense(r)
                    .asSlice(0, (long) Float.BYTES * VOCABULARY)
                    .toArray(ValueLayout.JAVA_FLOAT))
        .toArray(float[][]::new);
  }

  private Plan prepare(List<Backend> members) {
    Team team =
        assertInstanceOf(Teaming.Together.class, new CudaBackendProvider(() -> null).team(members))
            .team();
    List<Team.Share> shares =
        IntStream.range(0, members.size())
            .mapToObj(r -> new Team.Share(rank(r), PlanSteps.LIMITS))
            .toList();
    return team.prepare(shares, Progress.none());
  }

  private List<Backend> open(FakeDriver driver, int ranks) {
    return openAt(driver, IntStream.range(0, ranks).toArray());
  }

  private List<Backend> openAt(FakeDriver driver, int... ordinals) {
    for (int r = 0; r < ordinals.length; r++) {
      parts.add(random.weight("part " + r, WIDTH, WIDTH, TensorType.F32, 0.2));
    }
    return IntStream.of(ordinals).mapToObj(i -> FakeProviders.open(driver, i)).toList();
  }

  /** Steps of one token as captured graphs, again and again, and of a whole prompt. */
  private void sumsAreThoseOfOneCard(FakeDriver driver, int ranks) {
    sumsAreThoseOfOneCard(driver, open(driver, ranks));
  }

  private void sumsAreThoseOfOneCard(FakeDriver driver, List<Backend> members) {
    try (Plan one = members.getFirst().prepare(whole(), PlanSteps.LIMITS, Progress.none());
        Plan together = prepare(members)) {
      for (int tokens : new int[] {1, 1, 60, 1, 5, 1}) {
        assertArrayEquals(run(one, tokens), run(together, tokens), tokens + " tokens");
      }
    }
    members.forEach(Backend::close);
    assertEquals(List.of(), driver.faults());
    assertEquals(List.of(), driver.leaks());
    driver.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4})
  void overPeerMemory(int ranks) {
    sumsAreThoseOfOneCard(cards(ranks), ranks);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 4})
  void throughHostMemory(int ranks) {
    FakeDriver driver = cards(ranks);
    for (int from = 0; from < ranks; from++) {
      for (int to = 0; to < ranks; to++) {
        driver.bar(from, to);
      }
    }
    sumsAreThoseOfOneCard(driver, ranks);
  }

  /** Ranks need not be on cards of their own, but to be faster: so one real card shows the rest. */
  @Test
  void ranksOnOneCardMeetInHostMemory() {
    FakeDriver driver = cards(1);
    sumsAreThoseOfOneCard(driver, openAt(driver, 0, 0));
  }

  @Test
  void pairsBehindTwoSwitches() {
    FakeDriver driver = cards(4);
    for (int from = 0; from < 4; from++) {
      driver.bar(from, (from + 2) % 4);
      driver.bar(from, from ^ 3);
    }
    sumsAreThoseOfOneCard(driver, 4);
  }

  /** The others come back at once, and the next step is as if nothing had been. */
  @Test
  void aCardThatFailsFailsTheStepAndTheNextIsGood() {
    FakeDriver driver = cards(3);
    List<Backend> members = open(driver, 3);
    try (Plan together = prepare(members)) {
      float[][] expected = run(together, 1);
      for (int failing = 0; failing < 3; failing++) {
        driver.unplug(failing);
        SoleboxException error = assertThrows(SoleboxException.class, () -> run(together, 1));
        assertEquals(ErrorCode.DEVICE_UNAVAILABLE, error.code());
        // Others may have met its memory before it said itself that it is lost.
        assertEquals("cuda:" + failing, together.loss().orElseThrow().place());
        driver.plug(failing);
        assertArrayEquals(expected, run(together, 1));
      }
    }
    members.forEach(Backend::close);
    driver.close();
  }

  @Test
  void aRankAloneIsRefused() {
    FakeDriver driver = cards(2);
    List<Backend> members = open(driver, 2);
    SoleboxException error =
        assertThrows(
            SoleboxException.class,
            () -> members.getFirst().prepare(rank(0), PlanSteps.LIMITS, Progress.none()));
    assertEquals(ErrorCode.INVALID_PARAMETER, error.code());
    members.forEach(Backend::close);
    driver.close();
  }

  /** Two shots pay where the bytes they save take longer than their second latency. */
  @Test
  void manyBytesGoInTwoShots() {
    var link = new LinkFigures(20e9, 6e-6, LinkFigures.Origin.MEASURED);
    assertEquals(80_000, CudaTeam.oneShotBytes(4, Optional.of(link)), 1);
    assertEquals(180_000, CudaTeam.oneShotBytes(3, Optional.of(link)) * 1.0, 1);
    assertTrue(CudaTeam.oneShotBytes(2, Optional.of(link)) > 1L << 40);
  }
}
