package io.solebox.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.backend.cuda.fake.FakeDriver;
import io.solebox.backend.cuda.fake.FakeGpu;
import io.solebox.engine.backend.Backend;
import io.solebox.engine.backend.trial.LinkTrials;
import io.solebox.engine.backend.trial.ReduceResult;
import io.solebox.engine.error.SoleboxException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Sums that are measured, and looked at. */
class SumMeterTest {
  private static final int ECC_UNCORRECTABLE = 214;

  private final FakeDriver driver =
      new FakeDriver(FakeGpu.volta(), FakeGpu.volta(), FakeGpu.volta());
  private final List<Backend> cards =
      IntStream.range(0, 3).mapToObj(i -> FakeProviders.open(driver, i)).toList();
  private final LinkTrials links =
      new CudaBackendProvider(driver::lookup).linkTrials(cards).orElseThrow();

  @AfterEach
  void close() {
    cards.forEach(Backend::close);
    driver.close();
  }

  @Test
  void aSumGoesTheWayThatThePairsHave() {
    driver.bar(1, 2);
    ReduceResult two = links.allReduce(List.of(2, 0), 1024, () -> false).orElseThrow();
    assertEquals(List.of(2, 0), two.members());
    assertEquals("over peer memory", two.way());
    assertTrue(two.seconds() > 0);
    assertEquals(two.bytes() / two.seconds(), two.busBandwidth(), 1e-3);
    ReduceResult three = links.allReduce(List.of(0, 1, 2), 1024, () -> false).orElseThrow();
    assertEquals("over peer memory from 5 of 6 to another, else through host memory", three.way());
    assertEquals(List.of(), driver.faults());
  }

  @Test
  void oneThatIsStoppedHasNoFigure() {
    assertTrue(links.allReduce(List.of(0, 1), 1024, () -> true).isEmpty());
  }

  /** The others are not left waiting. */
  @Test
  void aCardThatFailsEndsIt() {
    links.allReduce(List.of(0, 1), 1024, () -> true);
    driver.failAfter("cuGraphLaunch", 3, ECC_UNCORRECTABLE);
    assertThrows(
        SoleboxException.class, () -> links.allReduce(List.of(0, 1, 2), 1024, () -> false));
    assertTrue(links.allReduce(List.of(0, 1, 2), 1024, () -> false).isPresent());
  }
}
