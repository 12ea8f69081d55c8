package io.solebox.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.backend.cuda.driver.CudaThread;
import io.solebox.backend.cuda.driver.DriverProbe;
import io.solebox.backend.cuda.driver.Patience;
import io.solebox.backend.cuda.driver.Target;
import io.solebox.backend.cuda.fake.FakeDriver;
import io.solebox.backend.cuda.fake.FakeGpu;
import io.solebox.engine.backend.trial.Burn;
import io.solebox.engine.backend.trial.BurnResult;
import io.solebox.engine.backend.trial.BurnSample;
import io.solebox.engine.backend.trial.Watch;
import io.solebox.engine.backend.trial.WrongElement;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a burn computes is right, and it finds what is not. */
class BurnMeterTest {
  private static final int ROUNDS = 3;
  private static final BurnMeter.Pace PACE = new BurnMeter.Pace(ROUNDS, Duration.ZERO);
  private static final Duration LONG = Duration.ofHours(1);

  /** Of one multiprocessor: two blocks of eight. */
  private static final long WARPS = 16;

  @TempDir Path scratch;

  /** The watch stops a burn that has all the time after three passes. */
  private static BurnResult burn(
      FakeGpu kind, Switches switches, Burn burn, List<BurnSample> samples) {
    try (var driver = new FakeDriver(kind.withMultiprocessors(1))) {
      DriverProbe.Found found = DriverProbe.look(driver::lookup);
      BurnResult result;
      try (var gpu = CudaThread.open(found.driver(), found.usable().getFirst(), Patience.NONE)) {
        var kernels = new Kernels(gpu, switches);
        try (var meter = new BurnMeter(gpu, kernels, burn, PACE)) {
          result = meter.run(LONG, new Watch<>(samples::add, () -> samples.size() == 3));
        }
        gpu.run(kernels::close);
      }
      assertEquals(List.of(), driver.faults());
      assertEquals(List.of(), driver.leaks());
      return result;
    }
  }

  record OnCard(FakeGpu kind, Burn burn) {}

  static Stream<OnCard> burns() {
    return Stream.of(FakeGpu.volta(), FakeGpu.ampere(), FakeGpu.hopper())
        .flatMap(
            kind -> BurnMeter.burns(target(kind)).stream().map(burn -> new OnCard(kind, burn)));
  }

  private static Target target(FakeGpu kind) {
    try (var driver = new FakeDriver(kind)) {
      return Target.of(DriverProbe.look(driver::lookup).usable().getFirst());
    }
  }

  @ParameterizedTest
  @MethodSource("burns")
  void everyResultOfEveryPassIsChecked(OnCard on) {
    var samples = new ArrayList<BurnSample>();
    BurnResult result = burn(on.kind(), Switches.USUAL, on.burn(), samples);
    assertEquals(0, result.wrong(), () -> result.firstWrong().toString());
    assertEquals(Optional.empty(), result.firstWrong());
    assertEquals(3, result.passes());
    int sums = on.burn().unit() == Burn.Unit.MATRIX ? 4 : 1;
    assertEquals(3 * WARPS * sums * 256, result.checked());
    assertTrue(result.stopped());
    assertTrue(result.operationsPerSecond() > 0, "rate " + result.operationsPerSecond());
    assertEquals(3, samples.size());
    assertTrue(samples.stream().allMatch(s -> s.operationsPerSecond() > 0 && s.wrong() == 0));
  }

  /** One of the 64 products of a lane multiplies a number with itself. */
  @Test
  void aWrongProductIsCountedAndLocated() throws IOException {
    String ptx =
        new String(
            new KernelFiles(Target.SM_80, Switches.USUAL).ptx("burn").bytes(),
            StandardCharsets.US_ASCII);
    String wrong =
        ptx.replace("\0", "")
            .replaceFirst(
                "fma\\.rn\\.f32 (\\s*%f\\d+), (%f\\d+), %f\\d+,", "fma.rn.f32 $1, $2, $2,");
    Files.createDirectories(scratch.resolve("sm_80"));
    Files.writeString(scratch.resolve("sm_80/burn.ptx"), wrong);
    Switches switches =
        Switches.of(name -> name.equals("solebox.cuda.kernels") ? scratch.toString() : null);
    var samples = new ArrayList<BurnSample>();
    var burn = new Burn(Burn.Numbers.F32, Burn.Unit.LANES);
    BurnResult result = burn(FakeGpu.ampere(), switches, burn, samples);
    assertEquals(3 * WARPS * 32, result.wrong(), "one element of every lane");
    assertEquals(
        List.of(WARPS * 32, 2 * WARPS * 32, 3 * WARPS * 32),
        samples.stream().map(BurnSample::wrong).toList());
    WrongElement first = result.firstWrong().orElseThrow();
    assertEquals(0, first.pass());
    assertTrue(Math.abs(first.expected() - first.found()) > 1e-6, first.toString());
    int[] expected = BurnPattern.of(Burn.Numbers.F32, 1, ROUNDS).expected();
    assertEquals(
        (double) Float.intBitsToFloat(expected[16 * first.row() + first.column()]),
        first.expected());
  }

  /** What the host expects is what the numbers say, taken one by one. */
  @Test
  void expectedSumsAreTheProductsOfTheOperands() {
    BurnPattern halves = BurnPattern.of(Burn.Numbers.F16, 4, BurnPattern.MOST_ROUNDS);
    double largest = 0;
    for (int sum = 0; sum < 4; sum++) {
      for (int row = 0; row < 16; row++) {
        for (int column = 0; column < 16; column++) {
          double product = 0;
          double within = 0;
          for (int k = 0; k < 16; k++) {
            double b = half(halves, 2 + sum, column, k);
            product += (half(halves, 0, row, k) + half(halves, 1, row, k)) * b;
            within += Math.abs(half(halves, 0, row, k) * b);
          }
          double all = product * BurnPattern.MOST_ROUNDS;
          largest = Math.max(largest, Math.abs(all) + within);
          int at = (16 * sum + row) * 16 + column;
          assertEquals(all, Float.intBitsToFloat(halves.expected()[at]));
        }
      }
    }
    assertTrue(largest < 1 << 23, "exact in f32 on the way: " + largest);
  }

  private static double half(BurnPattern pattern, int tile, int line, int k) {
    int word = pattern.operands()[(16 * tile + line) * 8 + k / 2];
    return Float.float16ToFloat((short) (word >>> k % 2 * 16));
  }
}
