package io.solebox.engine.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.generation.Priority;
import io.solebox.engine.generation.UserWeights;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who gets how much of a model that several want, in token steps. */
class FairSharesTest {
  private static long alone(int base, int prompt, int answer) {
    var load = new SharedLoad(base, 8);
    var chat = load.submit("short", prompt, answer);
    load.await(chat);
    return chat.took();
  }

  /** The chat comes between two steps, after any number of them. */
  @ParameterizedTest
  @CsvSource({
    // base, sequences, blocks, prompt of the chat, its answer
    "0, 8, 10000, 100, 1",
    "16, 8, 10000, 100, 50",
    "16, 2, 10000, 100, 50",
    "64, 8, 10000, 100, 50",
    "64, 4, 10000, 700, 20",
    "400, 8, 10000, 30, 200",
    "16, 8, 270, 100, 50", // two of the long prompts fill the memory
    "16, 8, 600, 40, 100"
  })
  void fiftyLongPromptsSlowAShortChatNoMoreThanTwofold(
      int base, int sequences, int blocks, int prompt, int answer) {
    long alone = alone(base, prompt, answer);
    for (int before : new int[] {0, 1, 2, 7, 20, 60, 130, 200}) {
      var load = new SharedLoad(base, sequences, blocks, UserWeights.EQUAL);
      for (int i = 0; i < 50; i++) {
        load.submit("long", 4000, 30);
      }
      for (int i = 0; i < before; i++) {
        load.step();
      }
      var chat = load.submit("short", prompt, answer);
      load.await(chat);
      assertTrue(
          chat.took() <= 2 * alone,
          () -> "%d instead of %d, after %d steps".formatted(chat.took(), alone, before));
    }
  }

  /** Steps of which nobody's prompt is a part come before. */
  @ParameterizedTest
  @CsvSource({"10, 5", "1, 1", "1, 3"})
  void sharesHoldAfterStepsOfAnswersAlone(int earlyPrompt, int earlyAnswer) {
    long alone = alone(16, 100, 50);
    var load = new SharedLoad(16, 8);
    load.await(load.submit("early", earlyPrompt, earlyAnswer));
    for (int i = 0; i < 50; i++) {
      load.submit("long", 4000, 30);
    }
    load.step();
    var chat = load.submit("short", 100, 50);
    load.await(chat);
    assertTrue(chat.took() <= 2 * alone, chat.took() + " instead of " + alone);
  }

  /** One place for all: the chat waits for a slice of what runs, and no longer. */
  @Test
  void aShortChatComesInBetweenWhereOnlyOneRuns() {
    long alone = alone(16, 100, 50);
    for (int before : new int[] {0, 1, 5, 10, 40}) {
      var load = new SharedLoad(16, 1);
      for (int i = 0; i < 50; i++) {
        load.submit("long", 4000, 1000);
      }
      for (int i = 0; i < before; i++) {
        load.step();
      }
      var chat = load.submit("short", 100, 50);
      load.await(chat);
      long slice = 128 * (16 + 1);
      assertTrue(chat.took() <= 2 * alone + slice, chat.took() + " after " + before);
    }
  }

  @Test
  void aShortChatOfNobodyPassesLongPromptsOfNobody() {
    var load = new SharedLoad(16, 8);
    for (int i = 0; i < 50; i++) {
      load.submit("", 4000, 30);
    }
    load.step();
    var chat = load.submit("", 100, 1);
    load.await(chat);
    assertEquals(SharedLoad.STEP + 16, chat.took(), "one step, of which it had the first tokens");
  }

  @Test
  void whatOneUserAloneAsksForComesInItsOrder() {
    var load = new SharedLoad(16, 8);
    var first = load.submit("a", 3000, 10);
    var second = load.submit("a", 20, 10);
    load.step();
    assertEquals(512, load.sizes.iterator().next(), "nobody else's step has to be short");
    load.await(second);
    assertTrue(first.firstToken > 0 && first.firstToken <= second.firstToken);
  }

  /** Users who always want something. */
  private static void saturate(SharedLoad load, int until, int prompt, String... users) {
    var last = new ArrayList<SharedLoad.Client>();
    while (load.tokens.values().stream().mapToInt(n -> n).sum() < until) {
      last.removeIf(SharedLoad.Client::hasEnded);
      for (String user : users) {
        while (last.stream().filter(c -> c.user.equals(user)).count() < 4) {
          last.add(load.submit(user, prompt, 3));
        }
      }
      load.step();
    }
  }

  @Test
  void usersHaveTokensByTheirWeights() {
    UserWeights weights = user -> user.equals("three") ? 3 : 1;
    var load = new SharedLoad(64, 4, 10_000, weights);
    saturate(load, 60_000, 300, "one", "three");
    double share = (double) load.tokens.get("three") / load.tokens.get("one");
    assertEquals(3, share, 0.15, load.tokens.toString());
  }

  @Test
  void usersWithPromptsOfAnySizeHaveTheSame() {
    var load = new SharedLoad(64, 8);
    var shorts = new ArrayList<SharedLoad.Client>();
    var longs = new ArrayList<SharedLoad.Client>();
    while (load.clock < 60_000) {
      shorts.removeIf(SharedLoad.Client::hasEnded);
      longs.removeIf(SharedLoad.Client::hasEnded);
      while (shorts.size() < 40) {
        shorts.add(load.submit("short", 50, 1));
      }
      while (longs.size() < 3) {
        longs.add(load.submit("long", 2500, 1));
      }
      load.step();
    }
    double share = (double) load.tokens.get("short") / load.tokens.get("long");
    assertEquals(1, share, 0.15, load.tokens.toString());
  }

  @Test
  void whoWasAwayHasNoCreditForIt() {
    var load = new SharedLoad(64, 4);
    saturate(load, 40_000, 300, "a");
    load.tokens.clear();
    saturate(load, 20_000, 300, "a", "late");
    double share = (double) load.tokens.get("late") / load.tokens.get("a");
    assertEquals(1, share, 0.1, load.tokens.toString());
  }

  /** Answers that nobody had to wait for are held against nobody either. */
  @Test
  void whoWasAloneHasNoDebtForIt() {
    var load = new SharedLoad(64, 16);
    load.await(load.submit("a", 100, 3000));
    var answering = load.submit("a", 100, 5000);
    for (int i = 0; i < 2000; i++) {
      load.step();
    }
    load.tokens.clear();
    saturate(load, 60_000, 300, "a", "late");
    assertFalse(answering.hasEnded());
    double share = (double) load.tokens.get("late") / load.tokens.get("a");
    assertEquals(1, share, 0.15, load.tokens.toString());
  }

  @Test
  void whatIsCancelledIsHeldAgainstNobody() {
    var load = new SharedLoad(64, 2);
    var other = load.submit("b", 3000, 1);
    var cancelled = new ArrayList<SharedLoad.Client>();
    for (int i = 0; i < 20; i++) {
      cancelled.add(load.submit("a", 3000, 1));
    }
    var last = load.submit("a", 1000, 1);
    load.step();
    cancelled.forEach(SharedLoad.Client::cancel);
    load.await(last);
    assertFalse(other.hasEnded(), "of the prompts that are left the shorter one ends first");
  }

  @Test
  void usersWhoLeaveAreForgotten() {
    var queue = new FairQueue(UserWeights.EQUAL);
    var names = new Owner.Names();
    for (int i = 0; i < 1000; i++) {
      FairQueue.Ticket ticket = queue.enter(names.of(i % 2 == 0 ? "" : "user" + i), 100);
      queue.begin();
      queue.isThere(ticket, true);
      queue.settle();
      queue.prompted(100);
      queue.answered(ticket, 10);
      queue.leave(ticket, 0);
    }
    queue.begin();
    queue.settle();
    assertEquals(0, queue.size());
  }

  /** Nobody asks in a step of answers alone, nor for the last token of a prompt. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void usersAreForgottenAfterStepsInWhichNobodyAsks(int tokens) {
    var queue = new FairQueue(UserWeights.EQUAL);
    var names = new Owner.Names();
    for (int i = 0; i < 100; i++) {
      FairQueue.Ticket ticket = queue.enter(names.of("user" + i), 100);
      queue.begin();
      queue.isThere(ticket, true);
      queue.settle();
      queue.prompted(100);
      queue.begin();
      queue.isThere(ticket, false);
      queue.settle();
      queue.prompted(tokens);
      queue.answered(ticket, 1);
      queue.leave(ticket, 0);
      assertTrue(Double.isFinite(ticket.due()), () -> "due at " + ticket.due());
    }
    queue.begin();
    queue.settle();
    assertEquals(0, queue.size());
  }

  @Test
  void whatTheCacheHasCostsNothing() {
    var load = new SharedLoad(16, 4);
    int[] history = new int[3200];
    load.await(load.submit("a", history, 1, Priority.INTERACTIVE));
    load.submit("b", 2000, 1);
    load.submit("b", 2000, 1);
    load.step();
    var turn = load.submit("a", history, 1, Priority.INTERACTIVE);
    load.step();
    assertTrue(turn.hasEnded(), "of 3200 tokens 32 were to be computed");
  }

  /** Those who answer have their token first, and the rest of a step is bounded for their sake. */
  @Test
  void promptsOfOthersLeaveAStepShort() {
    var load = new SharedLoad(20, 8);
    var chat = load.submit("chat", 10, 100);
    load.step();
    var a = load.submit("a", 4000, 1);
    assertEquals(
        List.of(new Scheduler.Chunk(chat.sequence, 1), new Scheduler.Chunk(a.sequence, 21)),
        load.step(),
        "twice the time of a step for the chat alone");
    var b = load.submit("b", 30, 1);
    assertEquals(
        List.of(
            new Scheduler.Chunk(chat.sequence, 1),
            new Scheduler.Chunk(b.sequence, 30),
            new Scheduler.Chunk(a.sequence, 16)),
        load.step(),
        "of three users each has a third");
  }

  @Test
  void anAnswerIsNotStoppedByWhatOthersAsk() {
    var load = new SharedLoad(16, 8);
    var chat = load.submit("chat", 10, 200);
    load.step();
    for (int i = 0; i < 20; i++) {
      load.submit("u" + i % 5, 500, 20);
    }
    for (int i = 1; i < 200; i++) {
      load.step();
    }
    assertTrue(chat.hasEnded(), "a token of every step was its own");
  }

  @Test
  void backgroundWorkHasWhatPeopleLeave() {
    var load = new SharedLoad(16, 8);
    var bulk = load.submit("bulk", 3000, 1, Priority.BACKGROUND);
    load.step();
    assertEquals(512, bulk.sequence.computed(), "nobody is there");
    var person = load.submit("a", 900, 1);
    load.step();
    load.step();
    assertTrue(person.hasEnded(), "as if it were alone");
    load.await(bulk);
  }

  /** As many people as there are places, all the time, and bulk work of which nothing is kept. */
  @ParameterizedTest
  @ValueSource(ints = {8, 2, 1})
  void backgroundWorkNeverWaitsForEver(int sequences) {
    var load = new SharedLoad(16, sequences, 400, UserWeights.EQUAL);
    var bulk = load.submit("bulk", 1000, 100, Priority.BACKGROUND);
    var people = new ArrayList<SharedLoad.Client>();
    while (!bulk.hasEnded() && load.clock < 2_000_000) {
      people.removeIf(SharedLoad.Client::hasEnded);
      while (people.size() < 10) {
        people.add(load.submit("p" + people.size() % 5, 400, 20));
      }
      load.step();
      load.forget();
    }
    assertTrue(bulk.hasEnded());
    int all = load.tokens.values().stream().mapToInt(n -> n).sum();
    double share = (double) load.tokens.get("bulk") / all;
    assertTrue(share < 0.11, "it had " + share);
  }

  @Test
  void backgroundWorkGivesItsPlaceToPeople() {
    var load = new SharedLoad(16, 2);
    load.submit("bulk", 300, 1000, Priority.BACKGROUND);
    load.submit("bulk", 300, 1000, Priority.BACKGROUND);
    load.step();
    var person = load.submit("a", 100, 10);
    load.await(person);
    assertTrue(person.took() <= alone(16, 100, 10) + 20);
    assertEquals(1, load.scheduler.preemptions());
  }

  /** Memory for two of the long ones: they are thrown out and computed again, all the time. */
  @Test
  void whatIsComputedAgainIsNotHeldAgainstItsUser() {
    var load = new SharedLoad(16, 8, 64, UserWeights.EQUAL);
    var users = List.of("a", "b");
    var running = new ArrayList<SharedLoad.Client>();
    int fresh = 0;
    var ended = new HashMap<String, Integer>();
    while (fresh++ < 4000) {
      for (var client : List.copyOf(running)) {
        if (client.hasEnded()) {
          ended.merge(client.user, 1, Integer::sum);
          running.remove(client);
        }
      }
      for (String user : users) {
        while (running.stream().filter(c -> c.user.equals(user)).count() < 3) {
          running.add(load.submit(user, 100, 600));
        }
      }
      load.step();
      load.forget();
    }
    assertTrue(load.scheduler.preemptions() > 5, "or nothing is tested");
    assertEquals(1.0, (double) ended.get("a") / ended.get("b"), 0.2, ended.toString());
  }

  @Test
  void placesInTheQueueAreThoseInWhichItIsServed() throws InterruptedException {
    var load = new SharedLoad(16, 2);
    var waiting = new ArrayList<SharedLoad.Client>();
    for (int i = 0; i < 10; i++) {
      waiting.add(load.submit("long", 2000, 5));
    }
    load.step();
    assertEquals(List.of(8), waiting.get(9).places());
    var chat = load.submit("chat", 100, 5);
    var second = load.submit("chat", 100, 5);
    load.step();
    assertEquals(List.of(), chat.places(), "it did not wait");
    assertEquals(List.of(0), second.places());
    assertEquals(List.of(9), waiting.get(9).places(), "one passed, and one gave way");
    var order = new ArrayList<Integer>();
    while (!waiting.get(9).hasEnded()) {
      load.step();
      order.addAll(waiting.get(9).places());
    }
    assertEquals(order.stream().sorted(Comparator.reverseOrder()).toList(), order);
    assertEquals(0, order.getLast());
  }

  /** Too little of everything, and people who come, go and want all sorts of things. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void everybodyIsServedInTheEnd(long seed) {
    everybodyIsServed(new SplittableRandom(seed), 64, 80);
  }

  /**
   * Steps cost nothing besides their tokens, and memory is taken from who is in the step already.
   */
  @Test
  void aStepIsNeverOfNothing() {
    for (long seed = 0; seed < 60; seed++) {
      everybodyIsServed(new SplittableRandom(seed), 3, 30);
    }
  }

  /**
   * @param bases of which a step of none takes less
   * @param most blocks of the pool are fewer
   */
  private static void everybodyIsServed(SplittableRandom random, int bases, int most) {
    int blocks = random.nextInt(24, most);
    var load =
        new SharedLoad(
            random.nextInt(bases),
            random.nextInt(1, 6),
            blocks,
            user -> user.isEmpty() ? 1 : user.length());
    var all = new ArrayList<SharedLoad.Client>();
    for (int i = 0; i < 1500; i++) {
      if (random.nextInt(8) == 0 && i < 1000) {
        int prompt = random.nextInt(1, 1 << random.nextInt(1, 10));
        int answer = random.nextInt(1, 200);
        var priority = random.nextInt(4) == 0 ? Priority.BACKGROUND : Priority.INTERACTIVE;
        all.add(load.submit("x".repeat(random.nextInt(4)), prompt, answer, priority));
      }
      if (random.nextInt(40) == 0 && !all.isEmpty()) {
        var gone = all.remove(random.nextInt(all.size()));
        if (!gone.hasEnded()) {
          gone.cancel();
        }
      }
      if (random.nextInt(100) == 0) {
        load.forget();
      }
      load.step();
    }
    all.forEach(load::await);
    assertTrue(load.scheduler.isIdle());
    assertEquals(0, load.blocks());
  }
}
