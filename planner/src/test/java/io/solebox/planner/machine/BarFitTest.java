package io.solebox.planner.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.hardware.table.Part;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BarFitTest {
  private static final long GIB = 1L << 30;
  private final Machines machines = new Machines();

  @Test
  void sixteenGibibytesDoNotFitIntoSixteen() {
    BarFit fit = only("CIX-P1", "V100-SXM2-16GB");
    assertEquals(24 * GIB, fit.need().bytes());
    assertEquals(BarFit.Room.TOO_SMALL, fit.windows().get(Window.FIRMWARE).room());
    assertEquals(Optional.of(Window.FIRMWARE), fit.limit());
  }

  @Test
  void theFirstThatHasNoRoomIsNamed() {
    BarFit firmware = only("LX2160A", "V100-SXM2-16GB");
    assertEquals(BarFit.Room.FITS, firmware.windows().get(Window.HARDWARE).room());
    assertEquals(Optional.of(Window.FIRMWARE), firmware.limit());
    assertTrue(firmware.says().contains("The chip has room"), firmware.says());

    List<BarFit> hardware = all("LX2160A", "V100-SXM2-32GB");
    assertEquals(2, hardware.size());
    hardware.forEach(fit -> assertEquals(Optional.of(Window.HARDWARE), fit.limit()));
    assertTrue(hardware.getFirst().says().contains("No firmware changes that"));
  }

  @Test
  void aCardInDisplayModeFitsAPi() {
    List<BarFit> fits = all("BCM2712", "RTX A4000");
    assertTrue(fits.getFirst().fits());
    assertEquals(256L << 20, fits.getFirst().bar1Bytes());
    assertEquals(Optional.of(Window.HARDWARE), fits.getLast().limit());
    assertTrue(fits.getLast().says().contains("smaller BAR1"), fits.getLast().says());
  }

  @Test
  void ofSeveralCardsAllNeedRoom() {
    assertTrue(only("Altra", "8x V100-SXM2-16GB").fits());
    BarFit two = only("LX2160A", "2x V100-SXM2-16GB");
    assertEquals(2 * (16 * GIB + (32L << 20)), two.least());
    assertEquals(Optional.of(Window.HARDWARE), two.limit());
  }

  @Test
  void ofAHostThatNobodyKnowsNothingIsSaid() {
    BarFit fit = only("PC", "V100-SXM2-16GB");
    assertEquals(Optional.empty(), fit.limit());
    assertFalse(fit.fits());
    assertTrue(fit.says().contains("not known before it is there"), fit.says());
  }

  private BarFit only(String host, String card) {
    List<BarFit> fits = all(host, card);
    assertEquals(1, fits.size());
    return fits.getFirst();
  }

  private List<BarFit> all(String host, String card) {
    MachineProfile machine = machines.machine(MachineWish.of(host, List.of(card)));
    List<Part> cards = machine.cards().stream().map(each -> each.part().orElseThrow()).toList();
    return BarFit.all(machine.host().orElseThrow(), cards);
  }
}
