package io.solebox.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.BitSet;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.IntConsumer;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ThreadTeamTest {
  /** A walk of phases with given numbers of units, all of the same task. */
  private record Walk(int phases, IntUnaryOperator unitsOf, Task task) implements ThreadTeam.Walk {
    interface Task {
      void run(int phase, int unit, int worker);
    }

    @Override
    public int units(int phase) {
      return unitsOf.applyAsInt(phase);
    }

    @Override
    public void run(int phase, int unit, int worker) {
      task.run(phase, unit, worker);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7})
  void everyUnitRunsOnceAndPhasesDoNotOverlap(int threads) {
    try (var team = new ThreadTeam(threads)) {
      for (int repeat = 0; repeat < 200; repeat++) {
        int phases = 20;
        var done = new AtomicIntegerArray(phases);
        var walk =
            new Walk(
                phases,
                phase -> phase % 7,
                (phase, _, worker) -> {
                  assertEquals(true, worker < threads);
                  for (int earlier = 0; earlier < phase; earlier++) {
                    assertEquals(earlier % 7, done.get(earlier));
                  }
                  done.incrementAndGet(phase);
                });
        team.run(walk);
        for (int phase = 0; phase < phases; phase++) {
          assertEquals(phase % 7, done.get(phase));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void whatAUnitThrowsReachesTheCallerAndTheTeamGoesOn(int threads) {
    try (var team = new ThreadTeam(threads)) {
      for (Throwable thrown :
          new Throwable[] {new IllegalStateException("a"), new AssertionError()}) {
        var later = new AtomicIntegerArray(1);
        var walk =
            new Walk(
                2,
                _ -> 50,
                (phase, unit, _) -> {
                  if (phase == 1) {
                    later.incrementAndGet(0);
                  }
                  if (unit == 17) {
                    ThreadTeamTest.<RuntimeException>sneak(thrown);
                  }
                });
        assertSame(thrown, assertThrows(Throwable.class, () -> team.run(walk)));
        assertEquals(0, later.get(0));
      }
      team.run(new Walk(3, _ -> 5, (_, _, _) -> {}));
    }
  }

  @SuppressWarnings("unchecked")
  private static <T extends Throwable> void sneak(Throwable t) throws T {
    throw (T) t;
  }

  @Test
  void closingEndsTheThreads() throws InterruptedException {
    var team = new ThreadTeam(3);
    Thread[] seen = new Thread[3];
    team.run(
        new Walk(
            1,
            _ -> 100,
            (_, _, worker) -> {
              seen[worker] = Thread.currentThread();
              sleepAMillisecond();
            }));
    // Long enough for the threads to fall asleep.
    Thread.sleep(20);
    team.close();
    team.close();
    for (int worker = 1; worker < 3; worker++) {
      if (seen[worker] != null) {
        assertFalse(seen[worker].isAlive());
      }
    }
    assertThrows(IllegalStateException.class, () -> team.run(new Walk(1, _ -> 1, (_, _, _) -> {})));
  }

  private static void sleepAMillisecond() {
    try {
      Thread.sleep(1);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void callersTakeTurns() throws InterruptedException {
    try (var team = new ThreadTeam(2)) {
      var inside = new AtomicIntegerArray(2);
      Thread[] callers = new Thread[4];
      for (int i = 0; i < callers.length; i++) {
        int id = i;
        callers[i] =
            Thread.ofPlatform()
                .start(
                    () -> {
                      for (int n = 0; n < 100; n++) {
                        inside.set(0, id);
                        team.run(new Walk(3, _ -> 4, (_, _, _) -> inside.incrementAndGet(1)));
                      }
                    });
      }
      for (Thread caller : callers) {
        caller.join();
      }
      assertEquals(4 * 100 * 12, inside.get(1));
    }
  }

  /** Thousands of tiny phases, more threads than cores, and now and then one of them is late. */
  @ParameterizedTest
  @ValueSource(ints = {2, 5, 16})
  void lateThreadsDoNoHarm(int threads) {
    int phases = 400;
    try (var team = new ThreadTeam(threads)) {
      for (int repeat = 0; repeat < 50; repeat++) {
        var random = new SplittableRandom(repeat);
        int[] units = random.ints(phases, 0, 4).toArray();
        var done = new AtomicIntegerArray(phases);
        var over = new AtomicBoolean();
        team.run(
            new Walk(
                phases,
                phase -> units[phase],
                (phase, unit, _) -> {
                  assertFalse(over.get());
                  if (phase > 0) {
                    assertEquals(units[phase - 1], done.get(phase - 1));
                  }
                  if ((phase * 31 + unit) % 97 == 0) {
                    sleepAMillisecond();
                  }
                  done.incrementAndGet(phase);
                }));
        over.set(true);
        for (int phase = 0; phase < phases; phase++) {
          assertEquals(units[phase], done.get(phase));
        }
      }
    }
  }

  /** As when another process has the core of each helper. */
  @Test
  void aThreadWithoutAUnitIsNotWaitedFor() {
    var resumed = new CountDownLatch(1);
    IntConsumer suspend =
        worker -> {
          if (worker > 0) {
            awaitUninterruptibly(resumed);
          }
        };
    try (var team = new ThreadTeam(3, suspend)) {
      var done = new AtomicInteger();
      for (int repeat = 0; repeat < 100; repeat++) {
        team.run(
            new Walk(
                20,
                _ -> 3,
                (_, _, _) -> {
                  sleepAMillisecond();
                  done.incrementAndGet();
                }));
        assertEquals((repeat + 1) * 60, done.get());
        if (repeat == 5) {
          resumed.countDown();
        }
      }
    } finally {
      resumed.countDown();
    }
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Helpers stay on a processor of their own; the caller gets back what it had. */
  @Test
  void aTeamOfAllProcessorsIsPinned() {
    Optional<Affinity> affinity = Affinity.ofSystem();
    assumeTrue(affinity.isPresent(), "no affinity here: not Linux");
    BitSet before = affinity.get().allowed();
    int size = before.cardinality();
    assumeTrue(size > 1, "only one processor allowed");
    try (var team = new ThreadTeam(size);
        var small = new ThreadTeam(size - 1)) {
      BitSet[] seen = new BitSet[size];
      team.run(new Walk(50, _ -> size, (_, _, w) -> seen[w] = affinity.get().allowed()));
      for (BitSet processors : seen) {
        assertTrue(processors == null || processors.cardinality() == 1);
      }
      assertEquals(before, affinity.get().allowed());
      assertTrue(team.pinned());
      assertFalse(small.pinned());
    }
  }
}
