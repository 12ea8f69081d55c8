package io.solebox.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.backend.cuda.PrefetchMeter.Extent;
import io.solebox.backend.cuda.PrefetchMeter.Latencies;
import io.solebox.backend.cuda.driver.CudaThread;
import io.solebox.backend.cuda.driver.DriverProbe;
import io.solebox.backend.cuda.driver.Patience;
import io.solebox.backend.cuda.fake.FakeDriver;
import io.solebox.backend.cuda.fake.FakeGpu;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The measures of single things launch what they say, and give back what they took. */
class ProbesTest {
  private static final int MIB = 1 << 20;

  static Stream<FakeGpu> generations() {
    return Stream.of(FakeGpu.volta(), FakeGpu.ampere(), FakeGpu.hopper())
        .map(gpu -> gpu.withMultiprocessors(2));
  }

  /** On a fake GPU that must be left as it was; how often each kernel ran. */
  private static Map<String, Integer> on(FakeGpu kind, BiConsumer<CudaThread, Kernels> test) {
    try (var driver = new FakeDriver(kind)) {
      DriverProbe.Found found = DriverProbe.look(driver::lookup);
      try (var gpu = CudaThread.open(found.driver(), found.usable().getFirst(), Patience.NONE)) {
        var kernels = new Kernels(gpu, Switches.USUAL);
        test.accept(gpu, kernels);
        gpu.run(kernels::close);
      }
      assertEquals(List.of(), driver.faults());
      assertEquals(List.of(), driver.leaks());
      return driver.launches();
    }
  }

  @ParameterizedTest
  @MethodSource("generations")
  void theBandwidthIsTheBestOfThreeKernels(FakeGpu kind) {
    var launches =
        on(
            kind,
            (gpu, kernels) -> {
              double best = gpu.call(() -> BandwidthMeter.best(gpu, kernels, MIB, Duration.ZERO));
              assertTrue(best > 0 && Double.isFinite(best), "best " + best);
            });
    assertEquals(
        Map.of(
            "fill_random",
            1,
            "read_interleaved_8",
            3,
            "read_interleaved_4",
            3,
            "read_contiguous_8",
            3),
        launches);
  }

  @ParameterizedTest
  @MethodSource("generations")
  void aChainIsOfEmptyKernels(FakeGpu kind) {
    var launches =
        on(
            kind,
            (gpu, kernels) -> {
              assertTrue(gpu.call(() -> LaunchMeter.kernel(gpu, kernels, 6, false)) > 0);
              boolean hopper = kind.computeCapability() == 90;
              assertEquals(hopper, LaunchMeter.earlyKernel(gpu, kernels).isPresent());
              assertTrue(Double.isFinite(gpu.call(() -> LaunchMeter.copy(gpu, kernels, 6))));
            });
    assertEquals(Set.of("empty"), launches.keySet());
  }

  @ParameterizedTest
  @MethodSource("generations")
  void aPrefetchIsMeasuredAtEachDistance(FakeGpu kind) {
    var launches =
        on(
            kind,
            (gpu, kernels) -> {
              Latencies found =
                  gpu.call(() -> PrefetchMeter.measure(gpu, kernels, new Extent(3, MIB / 16)));
              assertEquals(16, found.behind().length);
            });
    assertEquals(Map.of("chase", 19, "prefetch_lines", 16, "read_contiguous_8", 17), launches);
  }

  @Test
  void whatComesAsFastAsFromTheCacheWasPrefetched() {
    assertEquals(
        OptionalDouble.of(64), new Latencies(0.6, 0.25, 0.26, 0.25, 0.59, 0.61).prefetchedBytes());
    assertEquals(OptionalDouble.of(0), new Latencies(0.6, 0.25, 0.6, 0.6).prefetchedBytes());
    assertEquals(
        OptionalDouble.empty(), new Latencies(0.3, 0.25, 0.25, 0.3).prefetchedBytes(), "too near");
  }

  @Test
  void aPrefetchIsNotMeasuredWithoutRoom() {
    on(
        FakeGpu.ampere().withMemory(64L * MIB),
        (gpu, kernels) ->
            assertEquals(OptionalDouble.empty(), PrefetchMeter.measure(gpu, kernels)));
  }

  @Test
  void bothWaysOfWaitingAreMeasured() {
    for (Patience patience : List.of(Patience.NONE, Patience.DEFAULT)) {
      var launches =
          on(
              FakeGpu.ampere(),
              (gpu, kernels) -> {
                double micros = WaitMeter.measure(gpu, kernels, patience, 5, 4);
                assertTrue(micros > 0 && Double.isFinite(micros), "micros " + micros);
              });
      assertEquals(Map.of("chase", 5), launches);
    }
  }
}
