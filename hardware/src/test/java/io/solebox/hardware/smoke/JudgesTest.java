package io.solebox.hardware.smoke;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.hardware.guard.Limits;
import io.solebox.hardware.pci.PciLink;
import io.solebox.hardware.table.GpuTable;
import io.solebox.hardware.telemetry.EventReason;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Verdicts over tables of cases; figures of peers are from the source notes, 5. */
class JudgesTest {
  private static final Limits V100 =
      new Limits(
          OptionalDouble.of(83),
          OptionalDouble.of(87),
          OptionalDouble.of(90),
          OptionalDouble.of(85),
          OptionalDouble.of(150));

  private static PciLink link(int generation, int lanes) {
    return new PciLink(PciLink.speed(generation).orElseThrow(), lanes);
  }

  private static LinkFacts links(PciLink now, PciLink card, PciLink slot) {
    return new LinkFacts(
        Optional.of(now), Optional.of(card), Optional.of(slot), Optional.empty(), Optional.empty());
  }

  private static CardFacts card(String device, String name, LinkFacts link) {
    return CardFacts.named(device, name).or(new GpuTable()).with(link);
  }

  private static WorkFacts work(double megahertz, Map<EventReason, Double> held, double step) {
    return new WorkFacts(
        60,
        OptionalDouble.of(megahertz),
        OptionalDouble.of(1530),
        OptionalDouble.of(70),
        OptionalDouble.of(75),
        OptionalDouble.of(148),
        V100,
        held,
        OptionalDouble.of(step),
        Optional.empty());
  }

  /** A V100 at 1380 MHz has 113 TF; an A100 of 270 at 1410 MHz is well, as gpu-fryer has it. */
  @ParameterizedTest
  @CsvSource({
    "Tesla V100-SXM2-32GB, 1380, f16_matrix, 100e12, GOOD",
    "Tesla V100-SXM2-32GB, 1380, f16_matrix, 60e12, LOW",
    "Tesla V100-SXM2-32GB, 1380, f16_matrix, 30e12, BAD",
    "Tesla V100-SXM2-32GB, 1380, f32_lanes, 14e12, GOOD",
    "NVIDIA A100-SXM4-80GB, 1410, f16_matrix, 270e12, GOOD",
    "NVIDIA DRIVE-PG199-PROD, 1140, f16_matrix, 210e12, GOOD",
    "Tesla P40, 1531, int8_lanes, 30e12, GOOD",
    "Tesla P40, 1531, f16_matrix, 30e12, NOT_JUDGED",
    "Nobody's card, 1000, f16_matrix, 1e12, NOT_JUDGED",
  })
  void computingIsHeldAgainstTheClockThatWasMeasured(
      String name, double megahertz, String kind, double operations, Grade grade) {
    List<Figure> figures =
        new BurnJudge()
            .judge(
                card("cuda:0", name, LinkFacts.UNKNOWN),
                work(megahertz, Map.of(), 0.05),
                new BurnFacts(kind, kind, operations, 1000, 0, Optional.empty()));
    assertEquals(grade, figures.getFirst().grade(), figures::toString);
    assertEquals(Grade.GOOD, figures.getLast().grade());
  }

  @Test
  void oneWrongResultIsBadHoweverFast() {
    List<Figure> figures =
        new BurnJudge()
            .judge(
                card("cuda:0", "Tesla V100-SXM2-32GB", LinkFacts.UNKNOWN),
                work(1380, Map.of(EventReason.POWER_BRAKE, 0.5), 0.05),
                new BurnFacts(
                    "f16_matrix", "f16", 110e12, 1000, 1, Optional.of("row 3, column 4")));
    assertEquals(Grade.GOOD, figures.getFirst().grade());
    assertEquals(Grade.BAD, figures.getLast().grade());
    assertTrue(figures.getLast().reasons().getFirst().contains("row 3, column 4"));
    assertTrue(figures.getLast().reasons().toString().contains("power connectors"));
  }

  /** Of a card for generation 4 with 16 lanes. */
  @ParameterizedTest
  @CsvSource({
    // now, slot, reached: verdict, likely reason
    "3, 16, 3, 16, 12.1, GOOD, ''",
    "3, 8, 3, 16, 6.2, LOW, Half width",
    "3, 4, 3, 16, 3.1, BAD, 4 of 16 lanes",
    "1, 16, 3, 16, 3.1, BAD, 2.5 of 8.0 GT/s",
    "3, 8, 3, 8, 6.2, GOOD, ''",
    "3, 8, 3, 8, 3.2, LOW, slot is less than the card",
    "4, 16, 4, 16, 25.5, GOOD, ''",
    "4, 16, 4, 16, 3.8, BAD, memory of another socket",
    "5, 16, 5, 16, 20, GOOD, ''",
  })
  void aCopyIsHeldAgainstThisCardInThisSlot(
      int generation,
      int lanes,
      int slotGeneration,
      int slotLanes,
      double reached,
      Grade grade,
      String reason) {
    LinkFacts link = links(link(generation, lanes), link(4, 16), link(slotGeneration, slotLanes));
    Figure figure =
        new CopyJudge()
            .alone(
                card("cuda:0", "NVIDIA A100-SXM4-80GB", link),
                new CopyFacts("to_device", "to the device", true, reached * 1e9, 0))
            .getFirst();
    assertEquals(grade, figure.grade(), figure::toString);
    assertTrue(figure.reasons().toString().contains(reason), figure::toString);
    assertEquals(reason.isEmpty(), figure.reasons().isEmpty(), figure::toString);
  }

  @Test
  void aSlotThatIsLessThanItsCardIsToldBesideTheLink() {
    LinkFacts link = links(link(3, 8), link(4, 16), link(3, 8));
    Figure figure = CareJudge.link("cuda:0", link).orElseThrow();
    assertEquals(Grade.GOOD, figure.grade());
    assertTrue(
        figure.reasons().getFirst().contains("8.0 GT/s x8 against 16.0 GT/s x16"),
        figure::toString);
    assertTrue(figure.reasons().getFirst().contains("4.0 times as fast"), figure::toString);
  }

  @Test
  void ordinaryMemoryIsNotJudgedAndWrongBytesAreBad() {
    List<Figure> figures =
        new CopyJudge()
            .alone(
                card("cuda:0", "Tesla P40", links(link(3, 16), link(3, 16), link(3, 16))),
                new CopyFacts("to_device", "to the device", false, 1e9, 4));
    assertEquals(
        List.of(Grade.NOT_JUDGED, Grade.BAD), figures.stream().map(Figure::grade).toList());
  }

  /** Two cards behind one switch with 16 lanes up have half of them each. */
  @ParameterizedTest
  @CsvSource({
    "true, 6.0, GOOD, shares the way up of the switch at 0000:03:00.0 with cuda:1",
    "true, 3.0, LOW, shares the way up",
    "false, 6.0, LOW, the chipset",
    "false, 12.0, GOOD, ''",
  })
  void allAtOnceShowTheWayUpThatTheyShare(
      boolean isSwitched, double reached, Grade grade, String reason) {
    LinkFacts own = links(link(3, 16), link(3, 16), link(3, 16));
    LinkFacts link =
        isSwitched
            ? own.behind(
                new LinkFacts.Shared(
                    "0000:03:00.0", Optional.of(link(3, 16)), List.of("cuda:0", "cuda:1")))
            : own;
    CopyFacts alone = new CopyFacts("to_device", "to the device", true, 12.1e9, 0);
    CopyFacts together = new CopyFacts("to_device", "to the device", true, reached * 1e9, 0);
    Figure figure = new CopyJudge().atOnce(card("cuda:0", "Tesla P40", link), alone, together);
    assertEquals(grade, figure.grade(), figure::toString);
    assertTrue(figure.reasons().toString().contains(reason), figure::toString);
  }

  /** Gen4 x8 on lanes of the processor gives 13.2 GB/s, behind the chipset 6.5. */
  @ParameterizedTest
  @CsvSource({
    "13.2, 8, GOOD, ''",
    "6.5, 6, LOW, share no switch",
    "9.9, 20, GOOD, By way of the host is faster",
  })
  void copiesBetweenCardsAreHeldAgainstTheSlowerLink(
      double direct, double host, Grade grade, String reason) {
    LinkFacts link = links(link(4, 8), link(4, 16), link(4, 8));
    Map<String, CardFacts> cards =
        Map.of(
            "cuda:0", card("cuda:0", "RTX A4000", link),
            "cuda:1", card("cuda:1", "RTX A4000", link));
    PeerFacts pair =
        new PeerFacts("cuda:0", "cuda:1", Optional.of(speeds(direct)), "", speeds(host));
    Figure figure = new PeerJudge(cards).judge(pair).getFirst();
    assertEquals(grade, figure.grade(), figure::toString);
    assertTrue(figure.reasons().toString().contains(reason), figure::toString);
  }

  private static PeerFacts.Speeds speeds(double gigabytes) {
    return new PeerFacts.Speeds(gigabytes * 1e9, gigabytes * 1e9, 5e-6);
  }

  @Test
  void aPairThatIsRefusedSaysWhyAndIsNoFault() {
    PeerFacts pair =
        new PeerFacts("cuda:0", "cuda:1", Optional.empty(), "The driver says no.", speeds(5));
    List<Figure> figures = new PeerJudge(Map.of()).judge(pair);
    assertTrue(figures.stream().allMatch(each -> each.grade() == Grade.NOT_JUDGED));
    assertTrue(figures.getFirst().reasons().toString().contains("The driver says no."));
  }

  @Test
  void aSumIsHeldAgainstTheSlowestPairAmongItsCards() {
    List<PeerFacts> pairs =
        List.of(
            new PeerFacts("a", "b", Optional.of(speeds(10)), "", speeds(5)),
            new PeerFacts("b", "c", Optional.of(speeds(1)), "", speeds(0.5)));
    assertEquals(Grade.GOOD, PeerJudge.reduce(List.of("a", "b"), 6e9, pairs).grade());
    assertEquals(Grade.LOW, PeerJudge.reduce(List.of("a", "b"), 4e9, pairs).grade());
    assertEquals(Grade.GOOD, PeerJudge.reduce(List.of("a", "b", "c"), 0.4e9, pairs).grade());
    assertEquals(Grade.NOT_JUDGED, PeerJudge.reduce(List.of("x", "y"), 4e9, pairs).grade());
  }

  @ParameterizedTest
  @CsvSource({
    // clock, reason that holds it, degrees per watt: verdict of the clock, likely reason
    "1500, IDLE, 0.05, GOOD, ''",
    "1100, POWER_CAP, 0.05, GOOD, 'power limit holds its clocks down, 150 W'",
    "1100, SOFTWARE_THERMAL, 0.2, LOW, dry paste",
    "1100, SOFTWARE_THERMAL, 0.05, LOW, too little air",
    "700, POWER_BRAKE, 0.05, LOW, power connectors",
    "1100, IDLE, 0.05, NOT_JUDGED, may be locked",
  })
  void whatHoldsClocksDownIsNamed(
      double megahertz, EventReason held, double step, Grade grade, String reason) {
    Figure clock =
        figure(
            CareJudge.judge(
                card("cuda:0", "Tesla V100-SXM2-32GB", LinkFacts.UNKNOWN),
                work(megahertz, Map.of(held, 0.9), step)),
            "clock");
    assertEquals(grade, clock.grade(), clock::toString);
    assertTrue(clock.reasons().toString().contains(reason), clock::toString);
  }

  @ParameterizedTest
  @CsvSource({
    "75, 75, 148, GOOD, GOOD, GOOD",
    "84, 83, 160, LOW, LOW, LOW",
    "88, 86, 300, BAD, BAD, BAD",
  })
  void heatAndPowerAreHeldAgainstTheCardsOwnLimits(
      double core, double memory, double watts, Grade ofCore, Grade ofMemory, Grade ofPower) {
    WorkFacts work =
        new WorkFacts(
            60,
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            OptionalDouble.of(core),
            OptionalDouble.of(memory),
            OptionalDouble.of(watts),
            V100,
            Map.of(),
            OptionalDouble.empty(),
            Optional.of(link(1, 16)));
    List<Figure> figures =
        CareJudge.judge(
            card("cuda:0", "Tesla V100", links(link(1, 16), link(3, 16), link(3, 16))), work);
    assertEquals(ofCore, figure(figures, "temperature.core").grade());
    assertEquals(ofMemory, figure(figures, "temperature.memory").grade());
    assertEquals(ofPower, figure(figures, "power").grade());
    assertEquals(Grade.BAD, figure(figures, "link").grade());
    assertTrue(figure(figures, "link").reasons().toString().contains("at work"));
  }

  @Test
  void anyWrongWordIsBadAndErrorsThatWereCorrectedAreASign() {
    CardFacts card = card("cuda:0", "Tesla V100-SXM2-32GB", LinkFacts.UNKNOWN);
    MemoryFacts walked =
        new MemoryFacts(
            1L << 34,
            1 << 29,
            OptionalDouble.of(3e11),
            1,
            List.of("at 0x10"),
            OptionalDouble.of(7e11));
    List<Figure> figures = MemoryJudge.judge(card, walked);
    assertEquals(
        List.of(Grade.BAD, Grade.NOT_JUDGED, Grade.GOOD),
        figures.stream().map(Figure::grade).toList());
    assertTrue(figures.getFirst().reasons().contains("at 0x10"));
    assertEquals(
        List.of(Grade.GOOD, Grade.LOW),
        MemoryJudge.judge(card, new EccFacts(OptionalLong.of(3), OptionalLong.of(0))).stream()
            .map(Figure::grade)
            .toList());
    assertEquals(
        List.of(),
        MemoryJudge.judge(card, new EccFacts(OptionalLong.empty(), OptionalLong.empty())));
  }

  private static Figure figure(List<Figure> figures, String id) {
    return figures.stream().filter(each -> each.id().equals(id)).findFirst().orElseThrow();
  }
}
