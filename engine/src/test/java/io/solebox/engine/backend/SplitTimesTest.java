package io.solebox.engine.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.backend.LinkFigures.Origin;
import io.solebox.engine.backend.SplitTimes.Work;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What decides between layers and parts of layers. */
class SplitTimesTest {
  private static final double EXACT = 1e-12;

  private static LinkFigures link(double bytesPerSecond, double seconds) {
    return new LinkFigures(bytesPerSecond, seconds, Origin.SAID);
  }

  private static Work work(int devices) {
    long whole = 40_000_000_000L;
    return new Work(whole, Collections.nCopies(devices, whole / devices), 160, 32_768);
  }

  @Test
  void byLayersDevicesReadOneAfterTheOther() {
    LinkFigures link = link(10e9, 10e-6);
    SplitTimes equal = SplitTimes.of(work(4), List.of(1e12, 1e12, 1e12, 1e12), link);
    assertEquals(0.04 + 3 * (10e-6 + 32_768 / 10e9), equal.layersSeconds(), EXACT);
    // Shares are as memories are fast: all take as long.
    SplitTimes unequal = SplitTimes.of(work(2), List.of(3e12, 1e12), link);
    assertEquals(2 * 0.04 / 4 + 10e-6 + 32_768 / 10e9, unequal.layersSeconds(), EXACT);
  }

  @Test
  void insideTheLayersTheSlowestSetsThePaceAndEverySumCosts() {
    LinkFigures link = link(10e9, 10e-6);
    SplitTimes times = SplitTimes.of(work(2), List.of(3e12, 1e12), link);
    double sums = 160 * (10e-6 + 32_768 / 10e9);
    assertEquals(0.02 + sums, times.tensorSeconds(), EXACT);
  }

  @Test
  void slowLinksMakeLayersBetterAndFastOnesParts() {
    List<Double> cards = List.of(1.5e12, 1.5e12, 1.5e12, 1.5e12);
    assertTrue(SplitTimes.of(work(4), cards, link(12e9, 10e-6)).tensorIsFaster());
    assertFalse(SplitTimes.of(work(4), cards, link(12e9, 150e-6)).tensorIsFaster());
    assertFalse(SplitTimes.of(work(4), cards, link(0.3e9, 10e-6)).tensorIsFaster());
  }

  @Test
  void largeSumsGoInTwoExchanges() {
    LinkFigures link = link(1e9, 10e-6);
    assertEquals(10e-6 + 3 * 1e3 / 1e9, SplitTimes.sumSeconds(link, 4, 1_000), EXACT);
    assertEquals(20e-6 + 1.5 * 1e8 / 1e9, SplitTimes.sumSeconds(link, 4, 100_000_000), EXACT);
  }

  @Test
  void aLinkWithoutSpeedIsNone() {
    assertThrows(IllegalArgumentException.class, () -> link(0, 1e-6));
    assertThrows(IllegalArgumentException.class, () -> link(1e9, Double.NaN));
  }
}
