package io.solebox.hardware.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.hardware.table.PartTable.Found;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PartTableTest {
  private static final Set<String> WORDS =
      Set.of(
          "id",
          "name",
          "architecture",
          "form",
          "compute",
          "multiprocessors",
          "link",
          "power_limit",
          "compatible",
          "dmi",
          "log",
          "root_port",
          "firmware",
          "window_bytes",
          "window_says",
          "coherent",
          "note",
          "works",
          "erratum",
          "erratum_remedy");

  @Test
  void everyFieldIsAQuantityOrAWordThatSomebodyReads() {
    Set<String> quantities =
        Stream.of(Quantity.values()).map(Quantity::field).collect(Collectors.toSet());
    for (String file :
        List.of("cards.tsv", "hosts.tsv", "supplies.tsv", "coolers.tsv", "prices.tsv")) {
      CellTable table = CellTable.of(file);
      for (String subject : table.subjects()) {
        for (String field : table.fields(subject)) {
          assertTrue(
              quantities.contains(field) || WORDS.contains(field),
              file + ": " + subject + " " + field);
        }
      }
    }
  }

  @Test
  void everyCardHasWhatSpeedNeeds() {
    for (Part card : PartTable.cards().parts()) {
      assertTrue(card.figure(Quantity.BANDWIDTH_GBS).isPresent(), card.key());
      assertTrue(card.figure(Quantity.VRAM_MIB).isPresent(), card.key());
      assertTrue(card.link().isPresent(), card.key());
      assertTrue(
          card.figure(Quantity.POWER_W).or(() -> card.figure(Quantity.POWER_WORST_W)).isPresent(),
          card.key());
    }
  }

  @Test
  void figuresAreOneNumberAChoiceOrARange() {
    Part v100 = one(PartTable.cards(), "v100-sxm2-32gb");
    Figure drawn = v100.figure(Quantity.DECODE_W).orElseThrow();
    assertEquals(153, drawn.low());
    assertEquals(175, drawn.high());
    assertTrue(drawn.source().contains("ai-server"));
    assertEquals(List.of(32768.0, 65536.0), v100.figure(Quantity.BAR1_MIB).orElseThrow().values());
    assertEquals(
        12.0 * (1L << 30),
        one(PartTable.hosts(), "bcm2712").figure(Quantity.DT_WINDOW_BYTES).orElseThrow().high());
  }

  @Test
  void namesAreTakenAsPeopleWriteThem() {
    assertEquals("A4000", one(PartTable.cards(), "RTX A4000").key());
    assertEquals("RTX3090", one(PartTable.cards(), "3090").key());
    assertEquals("P4", one(PartTable.cards(), "p4").key());
    assertEquals("V100-SXM2-16GB", one(PartTable.cards(), "V100 SXM2 16").key());
    assertEquals("A100-PCIE-80GB", one(PartTable.cards(), "NVIDIA A100 80GB PCIe").key());
    assertEquals("BCM2712", one(PartTable.hosts(), "cm5").key());
    Found.Several two = assertInstanceOf(Found.Several.class, PartTable.cards().find("a100 80"));
    assertEquals(
        List.of("A100-SXM4-80GB", "A100-PCIE-80GB"), two.parts().stream().map(Part::key).toList());
  }

  @Test
  void ofNamesThatAreNotKnownTheNearestAreOffered() {
    Found.Unknown card = assertInstanceOf(Found.Unknown.class, PartTable.cards().find("RTX 4009"));
    assertEquals("RTX4090", card.nearest().getFirst().key());
    Found.Unknown host = assertInstanceOf(Found.Unknown.class, PartTable.hosts().find("RK3599"));
    assertEquals("RK3588", host.nearest().getFirst().key());
    assertInstanceOf(Found.Unknown.class, PartTable.cards().find(" - "));
    assertInstanceOf(Found.Unknown.class, PartTable.cards().find("RTX A400"));
  }

  private static Part one(PartTable table, String name) {
    return assertInstanceOf(Found.One.class, table.find(name)).part();
  }
}
