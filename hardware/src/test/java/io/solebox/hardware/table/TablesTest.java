package io.solebox.hardware.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Reading them at all proves that each cell has a value and a source. */
class TablesTest {
  private final GpuTable gpus = new GpuTable();
  private final HostTable hosts = new HostTable();

  @Test
  void everyCardIsOfItsArchitecture() {
    CellTable cards = CellTable.of("cards.tsv");
    for (String card : cards.subjects()) {
      String[] id = cards.value(card, "id").orElseThrow().split(":");
      assertEquals(
          cards.value(card, "architecture"),
          gpus.architecture(Integer.parseInt(id[0], 16), Integer.parseInt(id[1], 16))
              .map(Architecture::name),
          card);
    }
  }

  @Test
  void cardsThatAreNotListedHaveAnArchitecture() {
    assertEquals("Pascal", gpus.architecture(0x10de, 0x1b06).orElseThrow().name());
    Architecture volta = gpus.architecture(0x10de, 0x1db5).orElseThrow();
    assertEquals(Optional.of(false), volta.hasGsp());
    assertEquals(Optional.of(580), volta.lastBranch());
    assertEquals(Optional.empty(), gpus.architecture(0x10de, 0x10f0)); // an audio function
  }

  @Test
  void aCardThatMayHaveTwoSizesHasBoth() {
    assertEquals(List.of(32768, 65536), gpus.card(0x10de, 0x1db5).orElseThrow().bar1Mib());
    assertEquals(Optional.of(85), gpus.card(0x10de, 0x1db5).orElseThrow().memoryMaxCelsius());
    assertEquals(Optional.empty(), gpus.card(0x10de, 0x20bb).orElseThrow().minPowerWatts());
    assertTrue(!gpus.card(0x10de, 0x20bb).orElseThrow().canCapPower());
  }

  @Test
  void cardsAreKnownByTheNamesThatDriversGiveThem() {
    assertEquals(16, vramOf("Tesla V100-SXM2-16GB"));
    assertEquals(32, vramOf("Tesla V100-SXM2-32GB"));
    assertEquals(
        Optional.of(600), gpus.named("NVIDIA DRIVE-PG199-PROD").flatMap(GpuCard::powerWatts));
    assertEquals(Optional.empty(), gpus.named("NVIDIA A4"));
  }

  private int vramOf(String name) {
    return gpus.named(name).orElseThrow().vramMib() / 1024;
  }

  @Test
  void hostsAreKnownByTreeDmiOrLog() {
    HostModel pi =
        hosts.byCompatible(List.of("raspberrypi,5-model-b", "brcm,bcm2712")).orElseThrow();
    assertEquals(OptionalLong.of(12L << 30), pi.windowBytes());
    assertEquals(Optional.of(false), pi.coherent());
    HostModel altra = hosts.byDmi("Ampere Altra Developer Platform").orElseThrow();
    assertTrue(altra.erratum().orElseThrow().words().contains("82288"));
    assertEquals(
        Optional.of(pi), hosts.byLog("brcm-pcie 1000110000.pcie: host bridge /axi ranges:"));
    assertEquals(Optional.empty(), hosts.byDmi("X10DRG"));
  }
}
