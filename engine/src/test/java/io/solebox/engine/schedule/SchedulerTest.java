package io.solebox.engine.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.cache.SequencePools;
import io.solebox.engine.cache.StateSlots;
import io.solebox.engine.generation.GenerationRequest;
import io.solebox.engine.generation.Priority;
import io.solebox.engine.generation.SamplingParams;
import io.solebox.engine.graph.Mask;
import io.solebox.engine.sample.Sampler;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What steps are made of; nothing is computed here. */
class SchedulerTest {
  private static final int STEP = 64;
  private static final Owner NOBODY = new Owner("", 1);
  private static final StateSlots NO_SLOTS = new StateSlots(0, 1024, (_, _) -> {});

  private SequencePools pools = pools(1000);
  private Scheduler scheduler = new Scheduler(new FirstCome(), 4, STEP, STEP);

  private int answers;

  private static SequencePools pools(int blocks) {
    var graph = PretendedPlan.graph(new Mask.Causal());
    return new SequencePools(graph, List.of(blocks), NO_SLOTS, STEP);
  }

  /** An answer to a prompt of {@code n} ids like nobody else's. */
  private Sequence answer(int n, Priority priority) {
    int first = 1000 * ++answers;
    int[] prompt = IntStream.range(first, first + n).toArray();
    var request = GenerationRequest.of(prompt, SamplingParams.greedy(100)).withPriority(priority);
    var sampler =
        new Sampler(request.sampling(), Optional.empty(), prompt, PretendedPlan.VOCABULARY, 0);
    var work =
        new AnswerWork(
            request, NOBODY, 0, sampler, Set.of(), 1000, false, new QueuedGeneration(() -> {}));
    return add(new Sequence(prompt, work, pools.newSequence()));
  }

  private Sequence answer(int n) {
    return answer(n, Priority.INTERACTIVE);
  }

  /** Work that wants the hidden states of the last {@code rows} of {@code n} ids. */
  private Sequence rows(int n, int rows, boolean whole) {
    var wanted = new Rows.Hidden(n - rows, n - 1, PretendedPlan.WIDTH);
    return add(
        new Sequence(
            new int[n],
            new RowWork(wanted, NOBODY, Priority.INTERACTIVE, 0, n - 1, whole),
            pools.newSequence()));
  }

  private Sequence add(Sequence sequence) {
    scheduler.add(sequence);
    return sequence;
  }

  private List<Scheduler.Chunk> step(int budget) {
    List<Scheduler.Chunk> chunks = scheduler.schedule(budget);
    for (Scheduler.Chunk chunk : chunks) {
      chunk.sequence().advance(chunk.tokens());
      if (chunk.sequence().uncomputed() == 0 && chunk.sequence().work() instanceof AnswerWork) {
        chunk.sequence().append(7);
      }
    }
    return chunks;
  }

  private static List<Scheduler.Chunk> chunks(Object... pairs) {
    var chunks = new ArrayList<Scheduler.Chunk>();
    for (int i = 0; i < pairs.length; i += 2) {
      chunks.add(new Scheduler.Chunk((Sequence) pairs[i], (int) pairs[i + 1]));
    }
    return chunks;
  }

  @Test
  void thoseWhoAnswerComeFirstAndPromptsShareTheRest() {
    Sequence a = answer(10);
    assertEquals(chunks(a, 10), step(16));
    Sequence b = answer(40);
    Sequence c = answer(5);
    assertEquals(chunks(a, 1, b, 15), step(16));
    assertEquals(chunks(a, 1, b, 15), step(16));
    assertEquals(chunks(a, 1, b, 10, c, 5), step(16));
    assertEquals(chunks(a, 1, b, 1, c, 1), step(16));
  }

  @Test
  void thoseWhoAnswerAreServedWhateverTheBudget() {
    var all = List.of(answer(3), answer(3), answer(3));
    step(STEP);
    var ones = all.stream().map(s -> new Scheduler.Chunk(s, 1)).toList();
    assertEquals(ones, step(1));
  }

  @Test
  void noMoreRunThanAllowed() {
    for (int i = 0; i < 6; i++) {
      answer(2);
    }
    assertEquals(4, step(STEP).size());
    assertEquals(2, scheduler.waitingCount());
    scheduler.remove(scheduler.all().getFirst());
    assertEquals(4, step(STEP).size());
  }

  @Test
  void aStepAsksForNoMoreRowsThanItMay() {
    scheduler = new Scheduler(new FirstCome(), 4, STEP, 8);
    Sequence a = rows(30, 20, false);
    assertEquals(chunks(a, 18), step(STEP), "ten positions without a row, and eight with one");
    Sequence b = answer(3);
    assertEquals(chunks(a, 8, b, 2), step(STEP), "what needs no row goes on");
    assertEquals(chunks(b, 1, a, 4), step(STEP));
  }

  @Test
  void whatCannotBeCutWaitsForAStepThatHoldsIt() {
    Sequence a = answer(4);
    step(16);
    Sequence whole = rows(50, 1, true);
    Sequence c = answer(4);
    assertEquals(chunks(a, 1), step(16), "nobody passes it");
    scheduler.remove(a);
    assertEquals(chunks(whole, 50), step(16), "alone, over the budget");
    scheduler.remove(whole);
    assertEquals(chunks(c, 4), step(16));
  }

  @Test
  void backgroundWorkComesAfterPeople() {
    Sequence bulk = answer(200, Priority.BACKGROUND);
    Sequence bulk2 = answer(20, Priority.BACKGROUND);
    assertEquals(chunks(bulk, 32), step(32));
    Sequence person = answer(20);
    assertEquals(chunks(bulk, 32), step(32), "what runs goes on");
    scheduler.remove(bulk);
    assertEquals(chunks(person, 20, bulk2, 12), step(32));
  }

  @Test
  void whoNeedsMemoryGetsItFromTheLatest() {
    pools = pools(4);
    Sequence a = answer(63);
    Sequence b = answer(60);
    assertEquals(chunks(a, 63), step(64 - 1));
    assertEquals(chunks(a, 1, b, 60), step(64));
    assertEquals(chunks(a, 1), step(64), "its third block was the other's");
    assertEquals(1, scheduler.preemptions());
    assertEquals(0, b.computed());
    assertEquals(1, scheduler.waitingCount());
    scheduler.remove(a);
    assertEquals(b, step(64).getFirst().sequence());
  }

  @Test
  void nobodyIsLetInByHalves() {
    pools = pools(3);
    Sequence a = answer(40);
    step(STEP);
    answer(64);
    assertEquals(chunks(a, 1), step(STEP));
    assertEquals(2, pools.used(), "the other has given back what it found");
  }

  /** Chunks end where a state is to be kept: near the prompt's end, and where a block ends. */
  @Test
  void chunksOfWhatHasStatesEndAtBorders() {
    var graph = RememberingPlan.graph(true);
    var slots = new StateSlots(4, 1024, (_, _) -> {});
    pools = new SequencePools(graph, List.of(1000), slots, STEP);
    Sequence a = answer(200);
    Sequence b = answer(60);
    assertEquals(chunks(a, 32, b, 8), step(40), "b has what a leaves, which is no whole block");
    assertEquals(chunks(a, 60), step(60), "a whole block would leave nearly half for later");
    assertEquals(chunks(a, 68, b, 24), step(100), "a stands at 160, near its prompt's end");
    assertEquals(chunks(a, 40, b, 24), step(64));
    assertEquals(chunks(a, 1, b, 4), step(64));
    // Another that begins with the same ids goes on from there.
    Sequence c = add(new Sequence(ids(a, 190), a.work(), pools.newSequence()));
    assertEquals(chunks(a, 1, b, 1, c, 30), step(64));
  }

  private static int[] ids(Sequence of, int n) {
    return IntStream.range(0, n).map(of::id).toArray();
  }

  @Test
  void aPolicySaysWhoseTurnItIs() {
    var scheduled = new ArrayList<Integer>();
    var lastFirst =
        new SchedulerPolicy() {
          @Override
          public void arrived(Sequence sequence) {}

          @Override
          public void admitted(Sequence sequence, boolean first) {}

          @Override
          public void left(Sequence sequence) {}

          @Override
          public void begin(List<Sequence> running, List<Sequence> waiting) {}

          @Override
          public List<Sequence> order(List<Sequence> running, List<Sequence> waiting) {
            var order = new ArrayList<>(running.reversed());
            order.addAll(waiting.reversed());
            return order;
          }

          @Override
          public int most(Sequence sequence) {
            return 60;
          }

          @Override
          public void scheduled(Sequence sequence, int tokens) {
            scheduled.add(tokens);
          }

          @Override
          public List<Sequence> yielding(Sequence next, List<Sequence> running) {
            return List.of();
          }

          @Override
          public Sequence victim(List<Sequence> running) {
            return running.getFirst();
          }
        };
    scheduler = new Scheduler(lastFirst, 4, STEP, STEP);
    Sequence a = answer(40);
    Sequence b = answer(63);
    assertEquals(chunks(b, 60, a, 4), step(STEP));
    assertEquals(List.of(60, 4), scheduled);
    assertTrue(scheduler.all().containsAll(List.of(a, b)));
  }

  private static void begin(List<Scheduler.Chunk> chunks) {
    chunks.forEach(chunk -> chunk.sequence().begins(chunk.tokens()));
  }

  private static void end(List<Scheduler.Chunk> chunks) {
    for (Scheduler.Chunk chunk : chunks) {
      chunk.sequence().ends(chunk.tokens());
      chunk.sequence().advance(chunk.tokens());
      if (chunk.sequence().uncomputed() == 0) {
        chunk.sequence().append(7);
      }
    }
  }

  @Test
  void whoIsUnderWayHasNoPartInTheNextStepButForMoreOfItsPrompt() {
    Sequence a = answer(10);
    List<Scheduler.Chunk> first = scheduler.schedule(6);
    assertEquals(chunks(a, 6), first);
    begin(first);
    Sequence b = answer(10);
    List<Scheduler.Chunk> second = scheduler.schedule(9);
    assertEquals(chunks(a, 4, b, 5), second);
    begin(second);
    end(first);
    assertEquals(chunks(b, 5), scheduler.schedule(16));
    end(second);
    assertEquals(chunks(a, 1, b, 5), scheduler.schedule(16));
  }

  @Test
  void thoseWhoAnswerAreSpreadAndPromptsAreKeptApart() {
    var all = List.of(answer(3), answer(3), answer(3));
    step(STEP);
    Sequence prompt = answer(10);
    var room = new Scheduler.Room(STEP, 2, true);
    List<Scheduler.Chunk> first = scheduler.schedule(room);
    assertEquals(chunks(all.get(0), 1, all.get(1), 1), first);
    begin(first);
    List<Scheduler.Chunk> second = scheduler.schedule(room);
    assertEquals(chunks(all.get(2), 1), second);
    begin(second);
    assertEquals(chunks(prompt, 10), scheduler.schedule(room));
  }

  /** Who must give way and is under way keeps its memory, and all wait for that. */
  @Test
  void nobodyLosesItsMemoryWhileItIsUnderWay() {
    pools = pools(4);
    Sequence a = answer(63);
    Sequence b = answer(63);
    step(STEP);
    step(STEP);
    assertEquals(64, a.computed()); // and needs a third block now, of which there is none
    assertEquals(63, b.computed());
    b.begins(1);
    assertEquals(List.of(), scheduler.schedule(STEP));
    assertEquals(0, scheduler.preemptions());
    assertTrue(b.hasMemory());
    end(chunks(b, 1));
    assertEquals(chunks(a, 1), scheduler.schedule(STEP));
    assertEquals(1, scheduler.preemptions());
  }
}
