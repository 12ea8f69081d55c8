package io.solebox.backend.cuda.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.backend.cuda.fake.KernelFault;
import io.solebox.backend.cuda.fake.Schedule;
import io.solebox.backend.cuda.kernels.AllReduceRun.Reach;
import io.solebox.backend.cuda.kernels.AllReduceRun.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The kernels of module {@code all_reduce}: several ranks that wait for each other. */
class AllReduceKernelTest {
  private static final String ONE_SHOT = "all_reduce_one_shot";
  private static final String TWO_SHOTS = "all_reduce_two_shots";
  private static final int MANY_LOOKS = 100_000;

  /** Two that reach each other, and others that do not, as behind two switches. */
  private static final Reach PAIRS = (from, to) -> from / 2 == to / 2;

  private static final String PTX = KernelRun.text("sm_70", "all_reduce");

  private static List<float[]> parts(int seed, int ranks, int count) {
    var random = new SplittableRandom(seed);
    return IntStream.range(0, ranks).mapToObj(_ -> KernelTruth.gaussian(random, count, 1)).toList();
  }

  /** In the order of the ranks. */
  private static float[] sum(List<float[]> parts) {
    float[] sum = parts.getFirst().clone();
    for (float[] part : parts.subList(1, parts.size())) {
      for (int i = 0; i < sum.length; i++) {
        sum[i] += part[i];
      }
    }
    return sum;
  }

  /** Many sums behind each other, of more and of less than a block has, and of odd ends. */
  private static void check(String entry, Reach reach, int ranks, Schedule schedule) {
    check(PTX, entry, reach, ranks, schedule, 4, 1, 4093, 2048, 7, 1024);
  }

  private static void check(
      String ptx, String entry, Reach reach, int ranks, Schedule schedule, int... counts) {
    var run = new AllReduceRun(ptx, schedule, reach, new Shape(ranks, 4096, 2, MANY_LOOKS));
    for (int count : counts) {
      List<float[]> parts = parts(count, ranks, count);
      for (float[] actual : run.sum(entry, parts)) {
        assertArrayEquals(sum(parts), actual, entry + " of " + count);
      }
    }
    run.ranks().forEach(rank -> assertEquals(0, run.word(rank.verdict())));
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 8})
  void allRanksHaveTheSameBitsOnEveryWay(int ranks) {
    for (Reach reach : List.of(Reach.PEERS, Reach.HOST, PAIRS)) {
      for (Schedule schedule : List.of(Schedule.EAGER, Schedule.DEFERRED)) {
        check(ONE_SHOT, reach, ranks, schedule);
        check(TWO_SHOTS, reach, ranks, schedule);
      }
    }
  }

  @Test
  void theResidualIsAddedToTheSum() {
    var run = new AllReduceRun(PTX, Schedule.EAGER, PAIRS, new Shape(3, 512, 1, MANY_LOOKS));
    List<float[]> parts = parts(1, 3, 510);
    float[] residual = parts(2, 1, 510).getFirst();
    float[] expected = sum(List.of(residual, sum(parts)));
    for (String entry : List.of(ONE_SHOT, TWO_SHOTS)) {
      run.sum(entry, parts, residual).forEach(out -> assertArrayEquals(expected, out));
    }
  }

  /** The bound ends the wait, the others need not reach theirs, and no later sum begins. */
  @Test
  void whoNeverComesIsNotWaitedForForEver() {
    for (String entry : List.of(ONE_SHOT, TWO_SHOTS)) {
      var run = new AllReduceRun(PTX, Schedule.EAGER, Reach.PEERS, new Shape(4, 64, 1, 500));
      List<float[]> parts = parts(1, 4, 64);
      run.launch(entry, parts, new int[] {0, 1, 3}, _ -> KernelRun.NONE);
      var verdicts = new ArrayList<Integer>();
      run.ranks().forEach(rank -> verdicts.add(run.word(rank.verdict())));
      assertEquals(4, verdicts.getFirst(), "waited for rank 2");
      assertEquals(0, verdicts.get(2));
      List<float[]> again = run.sum(entry, parts);
      for (int rank : new int[] {0, 1, 3}) {
        assertTrue(Float.isNaN(again.get(rank)[0]), "untouched");
      }
    }
  }

  @Test
  void whoIsStoppedEndsBeforeTheBound() {
    int bound = Integer.MAX_VALUE;
    var run = new AllReduceRun(PTX, Schedule.EAGER, Reach.PEERS, new Shape(2, 64, 1, bound));
    run.stop();
    run.launch(ONE_SHOT, parts(1, 2, 64), new int[] {1}, _ -> KernelRun.NONE);
    assertEquals(1, run.word(run.ranks().get(1).verdict()));
    assertEquals(1, run.word(run.ranks().get(1).failed()));
  }

  /** What would be a rare wrong sum on real cards must be a failure here. */
  @ParameterizedTest
  @ValueSource(strings = {ONE_SHOT, TWO_SHOTS})
  void everyBarrierReleaseAndAcquireCounts(String entry) {
    int from = PTX.indexOf(".visible .entry " + entry + "(");
    int to = PTX.indexOf("\n}", from);
    var mutations =
        Map.of(
            "\n\tbar.sync \t0;", "",
            "st.release.sys", "st.relaxed.sys",
            "ld.acquire.sys", "ld.relaxed.sys",
            "ld.relaxed.sys.global.v4", "ld.global.v4");
    mutations.forEach(
        (what, instead) -> {
          int at = PTX.indexOf(what, from);
          assertTrue(at > 0 && at < to, what);
          for (; at > 0 && at < to; at = PTX.indexOf(what, at + 1)) {
            String mutant = PTX.substring(0, at) + instead + PTX.substring(at + what.length());
            String place = what + " at " + (at - from);
            assertTrue(
                fails(() -> check(mutant, entry, PAIRS, 8, Schedule.EAGER, 1024, 1000)), place);
          }
        });
  }

  private static boolean fails(Runnable check) {
    try {
      check.run();
      return false;
    } catch (KernelFault | AssertionError e) {
      return true;
    }
  }
}
