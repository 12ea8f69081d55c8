package io.solebox.backend.cuda.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.backend.cuda.fake.KernelFault;
import io.solebox.backend.cuda.fake.Schedule;
import io.solebox.backend.cuda.kernels.AttentionRun.KernelText;
import io.solebox.backend.cuda.kernels.AttentionRun.Shape;
import io.solebox.engine.graph.Weight;
import io.solebox.engine.tensor.TensorType;
import io.solebox.testkit.RandomTensors;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Kernels with one barrier or one bounds guard taken out: what would be a rare wrong answer on a
 * GPU must be a failure here. That keeps the interpreter, and the tests that run on it, honest.
 */
class KernelMutantTest {
  private static final Mutation NO_FIRST_GUARD =
      new Mutation("(setp\\.[a-z]+\\.s32 [^;]*;)\\n\\t@%p\\d+ bra [^;]*;", "$1");

  /** One that stands for several conditions. */
  private static final Mutation NO_GUARD_OF_SEVERAL =
      new Mutation("(or\\.pred [^;]*;)\\n\\t@%p\\d+ bra [^;]*;", "$1");

  private static final Mutation NO_BLOCK_BARRIER = new Mutation("\\n\\tbar\\.sync[^;]*;", "");
  private static final Mutation NO_WARP_BARRIER = new Mutation("\\n\\tbar\\.warp\\.sync[^;]*;", "");
  private static final Mutation NO_FENCE = new Mutation("\\n\\tfence\\.acq_rel\\.gpu;", "");
  private static final Mutation NO_RELEASE =
      new Mutation("atom\\.release\\.gpu", "atom.relaxed.gpu");
  private static final Mutation THROUGH_THE_CACHE =
      new Mutation("ld\\.relaxed\\.gpu\\.global", "ld.global");

  /** What is put in the place of what in the text of an entry. */
  private record Mutation(Pattern pattern, String replacement) {
    Mutation(String pattern, String replacement) {
      this(Pattern.compile(pattern), replacement);
    }
  }

  /** The span of one entry in a module's text. */
  private record Entry(String text, int from, int to) {
    static Entry of(String text, String name) {
      int from = text.indexOf(".visible .entry " + name + "(");
      assertTrue(from >= 0, "no entry " + name);
      int to = text.indexOf(".visible .entry ", from + 1);
      return new Entry(text, from, to < 0 ? text.length() : to);
    }

    /** A text for each place where it applies. */
    List<String> with(Mutation mutation) {
      List<MatchResult> matches = new ArrayList<>();
      mutation.pattern().matcher(text).region(from, to).results().forEach(matches::add);
      return matches.stream().map(match -> with(mutation, match)).toList();
    }

    private String with(Mutation mutation, MatchResult match) {
      String mutant =
          mutation.pattern().matcher(match.group()).replaceFirst(mutation.replacement());
      return text.substring(0, match.start()) + mutant + text.substring(match.end());
    }
  }

  private static boolean fails(Consumer<String> check, String ptx) {
    try {
      check.accept(ptx);
      return false;
    } catch (KernelFault | AssertionError e) {
      return true;
    }
  }

  private static void everyBarrierCounts(String ptx, String entry, Consumer<String> check) {
    everyOneCounts(NO_BLOCK_BARRIER, ptx, entry, check);
  }

  private static void everyOneCounts(
      Mutation mutation, String ptx, String entry, Consumer<String> check) {
    check.accept(ptx);
    everyOneFails(Entry.of(ptx, entry).with(mutation), entry, check);
  }

  private static void everyOneFails(List<String> mutants, String what, Consumer<String> check) {
    assertFalse(mutants.isEmpty(), "no mutant of " + what);
    List<Integer> unnoticed =
        IntStream.range(0, mutants.size())
            .filter(i -> !fails(check, mutants.get(i)))
            .boxed()
            .toList();
    assertEquals(List.of(), unnoticed, "of %d mutants of %s".formatted(mutants.size(), what));
  }

  /** Four elements at a time, and one. */
  private static void rmsNorm(String ptx) {
    rmsNorm(ptx, 512);
    rmsNorm(ptx, 510);
  }

  private static void rmsNorm(String ptx, int width) {
    var machine = new KernelRun(ptx, Schedule.EAGER).machine();
    float[] x = KernelTruth.gaussian(new SplittableRandom(1), width, 1);
    double squares = 0;
    for (float v : x) {
      squares += v * v;
    }
    double[] expected = new double[width];
    for (int i = 0; i < width; i++) {
      expected[i] = x[i] / Math.sqrt(squares / width + 1e-5) * x[i];
    }
    long out = machine.allocate(4 * width);
    long in = machine.upload(x);
    machine.launch("rmsnorm", 1, 1, 128, out, 0L, 0L, 0L, in, 0L, in, width, width, 1e-5f);
    KernelTruth.assertClose("norm", expected, machine.floats(out, width), 1e-5, 0);
  }

  @Test
  void barriersOfTheNorm() {
    everyBarrierCounts(KernelRun.text("sm_80", "norm"), "rmsnorm", KernelMutantTest::rmsNorm);
  }

  @Test
  void barriersOfTheMatrixProduct() {
    for (String target : new String[] {"sm_70", "sm_80"}) {
      try (Arena arena = Arena.ofShared()) {
        var random = new SplittableRandom(1);
        Weight w = new RandomTensors(arena, random).weight("w", 64, 512, TensorType.Q4_K, 0.1);
        float[] x = KernelTruth.gaussian(random, 12 * 512, 1);
        Consumer<String> check =
            ptx -> {
              var product = new LinearProducts(new KernelRun(ptx, Schedule.EAGER), w, x);
              float[] actual = product.matmul(LinearProducts.NO_BIAS, 12);
              product.check(LinearProducts.NO_BIAS, 12, actual, 1e-5);
            };
        everyBarrierCounts(KernelRun.text(target, "matmul_q4_k"), "matmul_q4_k", check);

        Weight half = new RandomTensors(arena, random).weight("w", 40, 128, TensorType.F16, 0.1);
        Consumer<String> checkHalves =
            ptx -> {
              var product = new LinearProducts(new KernelRun(ptx, Schedule.EAGER), half, x);
              float[] actual = product.matmulOfHalves(128, LinearProducts.NO_BIAS, 12);
              product.check(LinearProducts.NO_BIAS, 12, actual, 2e-3);
            };
        everyBarrierCounts(KernelRun.text(target, "matmul_f16"), "matmul_f16_128", checkHalves);
      }
    }
  }

  @Test
  void barriersOfAttention() {
    KernelText ptx = AttentionRun.text("sm_80");
    var shape = new Shape(2, 1, 64, "f16");
    int[] rows = {150, 40};
    Consumer<String> decode =
        text -> {
          var run = new AttentionRun(shape, 160, new KernelText(text), Schedule.EAGER);
          run.store();
          run.check(rows, 0, run.decode(rows, 0, 128, 2));
        };
    everyBarrierCounts(ptx.text(), "attention_f16_2", decode);
    Consumer<String> combine =
        text -> {
          var run = new AttentionRun(shape, 160, new KernelText(text), Schedule.EAGER);
          run.store();
          run.check(rows, 0, run.decode(rows, 0, 32, 5));
        };
    everyBarrierCounts(ptx.text(), "attention_combine", combine);
    int[] span = {140, 141, 142, 143, 144, 145, 146, 147, 148};
    Consumer<String> prefill =
        text -> {
          var run = new AttentionRun(shape, 160, new KernelText(text), Schedule.EAGER);
          run.store();
          run.check(span, 0, run.prefill(140, 9, 0));
        };
    everyBarrierCounts(ptx.text(), "prefill_attention_f16", prefill);
  }

  @Test
  void barriersOfAttentionOnTensorCores() {
    var shape = new Shape(1, 1, 64, "f16");
    int[] span = {140, 141, 142, 143, 144, 145, 146, 147, 148};
    Consumer<String> check =
        text -> {
          var run = new AttentionRun(shape, 160, new KernelText(text), Schedule.EAGER);
          run.store();
          run.check(span, 0, run.prefillOnTensorCores(140, 9, 0), 2e-3);
        };
    String entry = "prefill_attention_f16_64";
    everyBarrierCounts(AttentionRun.text("sm_80").text(), entry, check);
    String volta = AttentionRun.text("sm_70").text();
    everyBarrierCounts(volta, entry, check);
    everyOneCounts(NO_WARP_BARRIER, volta, entry, check);
  }

  @Test
  void ordersOfTheRoundingByTheLastWarp() {
    Consumer<String> check = ptx -> SwigluRounding.check(ptx, Schedule.EAGER, 2, 2);
    String entry = "swiglu_q8_0_2";
    for (String target : PtxSources.TARGETS) {
      String ptx = KernelRun.text(target, "linear_q8_0");
      for (Mutation m : List.of(NO_RELEASE, NO_FENCE, THROUGH_THE_CACHE)) {
        everyOneCounts(m, ptx, entry, check);
      }
      // The first stands before shuffles, which meet by themselves.
      List<String> barriers = Entry.of(ptx, entry).with(NO_WARP_BARRIER);
      everyOneFails(barriers.subList(1, barriers.size()), entry, check);
    }
  }

  @Test
  void barriersOfDraws() {
    Consumer<String> check =
        ptx -> {
          var machine = new KernelRun(ptx, Schedule.EAGER).machine();
          long logits = machine.upload(new float[4096]);
          long best = machine.upload(0, 0, 0, 0);
          long row = machine.upload(0);
          long inverse = machine.upload(1f);
          long sums = machine.allocate(4);
          machine.launch("draw_sums", 1, 1, 256, sums, logits, best, row, inverse, 4096);
          long out = machine.allocate(8);
          long u = machine.upload(0.75f);
          machine.launch("draw", 1, 1, 256, out, logits, sums, best, row, inverse, u, 4096, 1);
          assertEquals(3072, machine.ints(out, 1)[0], 1);
        };
    String ptx = KernelRun.text("sm_80", "answers");
    everyBarrierCounts(ptx, "draw_sums", check);
    everyBarrierCounts(ptx, "draw", check);
  }

  /** Ones times ones: each sum is the number of products. */
  @Test
  void barriersOfTheBurn() {
    Consumer<String> check =
        ptx -> {
          var machine = new KernelRun(ptx, Schedule.EAGER).machine();
          var operands = new int[3 * 128];
          Arrays.fill(operands, Float.floatToRawIntBits(1));
          var expected = new int[256];
          Arrays.fill(expected, Float.floatToRawIntBits(16));
          long found = machine.upload(new int[8]);
          long a = machine.upload(operands);
          long b = machine.upload(expected);
          machine.launch("burn_f32", 1, 1, 256, found, a, b, 1, 1);
          assertEquals(0, machine.ints(found, 1)[0]);
        };
    everyBarrierCounts(KernelRun.text("sm_80", "burn"), "burn_f32", check);
  }

  @Test
  void barriersOfTheLinearProduct() {
    try (Arena arena = Arena.ofShared()) {
      var random = new SplittableRandom(1);
      Weight w = new RandomTensors(arena, random).weight("w", 5, 2304, TensorType.Q4_K, 0.1);
      float[] x = KernelTruth.gaussian(random, 2304, 1);
      Consumer<String> check =
          ptx -> {
            var product = new LinearProducts(new KernelRun(ptx, Schedule.EAGER), w, x);
            product.check(
                LinearProducts.NO_BIAS, 1, product.linear(LinearProducts.NO_BIAS, 1, 1, 2), 1e-5);
          };
      everyBarrierCounts(KernelRun.text("sm_80", "linear_q4_k"), "linear_q4_k_1", check);
    }
  }

  @Test
  void guardsOfTheLinearProduct() {
    try (Arena arena = Arena.ofShared()) {
      var random = new SplittableRandom(1);
      Weight w = new RandomTensors(arena, random).weight("w", 9, 64, TensorType.Q8_0, 0.1);
      float[] x = KernelTruth.gaussian(random, 2 * 64, 1);
      Consumer<String> check =
          ptx -> {
            var product = new LinearProducts(new KernelRun(ptx, Schedule.EAGER), w, x);
            float[] actual = product.linear(LinearProducts.NO_BIAS, 2, 2);
            product.check(LinearProducts.NO_BIAS, 2, actual, 1e-5);
          };
      String ptx = KernelRun.text("sm_80", "linear_q8_0");
      check.accept(ptx);
      String mutant = Entry.of(ptx, "linear_q8_0_2").with(NO_GUARD_OF_SEVERAL).getLast();
      assertTrue(fails(check, mutant), "rows beyond the last are written");
    }
  }

  @Test
  void guardsOfElementwiseKernels() {
    Consumer<String> check =
        ptx -> {
          var machine = new KernelRun(ptx, Schedule.EAGER).machine();
          long x = machine.upload(new float[1000]);
          machine.launch("add", 1, 1, 256, machine.allocate(4000), x, x, 1000);
        };
    String ptx = KernelRun.text("sm_80", "pointwise");
    check.accept(ptx);
    List<String> mutants = Entry.of(ptx, "add").with(NO_FIRST_GUARD);
    assertTrue(fails(check, mutants.getLast()), "elements beyond the last are written");
  }
}
