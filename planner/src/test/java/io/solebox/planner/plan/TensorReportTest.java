package io.solebox.planner.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.api.LoadOptions;
import io.solebox.engine.memory.MemoryUse;
import io.solebox.planner.figure.Range;
import io.solebox.planner.figure.Unit;
import io.solebox.planner.machine.MachineProfile;
import io.solebox.planner.machine.MachineWish;
import io.solebox.planner.machine.Machines;
import io.solebox.planner.memory.DeviceMemory;
import io.solebox.planner.memory.MemoryPlan;
import io.solebox.planner.memory.Sizings;
import io.solebox.planner.model.PlannedModel;
import io.solebox.planner.model.Shapes;
import io.solebox.planner.plan.TensorReport.Planned;
import io.solebox.planner.plan.TensorReport.Refused;
import io.solebox.planner.plan.TensorReport.Verdict;
import io.solebox.planner.speed.DevicePaces;
import io.solebox.planner.speed.Paces;
import io.solebox.planner.speed.SpeedPlan;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/** Which way of splitting is planned to be faster, and what each takes of cards. */
class TensorReportTest {
  private static final Sizings SIZINGS = Sizings.find(1);

  private static ModelReport report(String model, String card, int cards, Optional<String> slot) {
    var names = Collections.nCopies(cards, card);
    MachineProfile machine =
        new Machines()
            .machine(
                new MachineWish(
                    "PC",
                    slot,
                    names,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty()));
    return ModelReport.of(
        new ModelQuestion(
            PlannedModel.of(Shapes.named(model).orElseThrow()),
            new MemoryPlan.Devices(machine, SIZINGS, false),
            LoadOptions.defaults().withContext(2048),
            512,
            OptionalDouble.empty(),
            Paces.OF_PROFILES,
            Map.of()));
  }

  private static Planned planned(ModelReport report) {
    return assertInstanceOf(Planned.class, report.tensor().orElseThrow());
  }

  @Test
  void twoCardsOnFastLinksAnswerSoonerTogetherAndSlowOnesDoNot() {
    ModelReport fast = report("13b", "V100-SXM2-32GB", 2, Optional.of("gen3 x16"));
    Planned both = planned(fast);
    assertEquals(Verdict.TENSOR, both.verdict(), both.because());
    assertTrue(both.because().contains("80 sums"), both.because());
    SpeedPlan near = both.near().orElseThrow();
    assertTrue(near.single().low() > fast.near().orElseThrow().single().low());
    assertTrue(near.single().high() > 1.5 * fast.near().orElseThrow().single().high());
    assertEquals(Optional.of(near), fast.expected());
    assertTrue(near.reasons().toString().contains("NVLink is not in it"), "" + near.reasons());

    ModelReport slow = report("1b", "V100-SXM2-32GB", 4, Optional.of("gen1 x1"));
    assertEquals(Verdict.LAYERS, planned(slow).verdict(), planned(slow).because());
    assertEquals(slow.near(), slow.expected());
    ModelReport between = report("1b", "V100-SXM2-32GB", 4, Optional.of("gen3 x4"));
    assertEquals(Verdict.LINK_DECIDES, planned(between).verdict(), planned(between).because());
  }

  @Test
  void eachWayTakesHalfOfTheWeightsAndOneCardAloneHasNoChoice() {
    ModelReport report = report("13b", "V100-SXM2-32GB", 2, Optional.empty());
    long layers = 0;
    long ranks = 0;
    for (DeviceMemory card : report.memory().devices()) {
      layers += card.need().weightBytes();
    }
    for (DeviceMemory card : planned(report).memory().devices()) {
      ranks += card.need().weightBytes();
    }
    assertEquals(26.03e9, layers, 0.03e9);
    assertTrue(ranks > layers && ranks < 1.05 * layers, "embeddings and norms are on both");
    List<MemoryUse> uses =
        planned(report).memory().devices().stream().map(DeviceMemory::need).toList();
    assertEquals(uses.getFirst().stateBytes(), uses.getLast().stateBytes(), "half of the heads");
    assertEquals(Optional.empty(), report("7b", "V100-SXM2-32GB", 1, Optional.empty()).tensor());
  }

  @Test
  void cardsAreLoadedAtOnceAtBest() {
    Range link =
        report("13b", "V100-SXM2-32GB", 1, Optional.of("gen3 x16"))
            .question()
            .devices()
            .machine()
            .cards()
            .getFirst()
            .link()
            .orElseThrow();
    ModelReport two = report("13b", "V100-SXM2-32GB", 2, Optional.of("gen3 x16"));
    double most =
        two.memory().devices().stream().mapToDouble(d -> d.need().weightBytes()).max().orElse(0);
    MachineProfile fastDisk =
        two.question()
            .devices()
            .machine()
            .withDisk(Range.exactly(1e15, Unit.BYTES_PER_SECOND, "a test"));
    var question =
        new ModelQuestion(
            two.question().model(),
            new MemoryPlan.Devices(fastDisk, SIZINGS, false),
            two.question().options(),
            512,
            OptionalDouble.empty(),
            two.question().paces(),
            Map.of());
    Range load = ModelReport.of(question).load().orElseThrow();
    assertEquals(most / link.high(), load.low(), 1e-3);
    assertTrue(load.high() > 2 * load.low(), load.text());
  }

  /** Cards of one name may have been measured to go at different paces. */
  @Test
  void eachOfSeveralEqualCardsGoesAtItsOwnPace() {
    ModelQuestion question = report("13b", "V100-SXM2-32GB", 2, Optional.of("gen3 x16")).question();
    List<Integer> asked = new ArrayList<>();
    ModelReport.of(
        new ModelQuestion(
            question.model(),
            question.devices(),
            question.options(),
            question.prompt(),
            OptionalDouble.empty(),
            (device, isCard, number) -> {
              asked.add(number);
              return DevicePaces.of(device, isCard);
            },
            Map.of()));
    // near and far by layers, and near inside them
    assertEquals(List.of(0, 1, 0, 1, 0, 1), asked);
  }

  @Test
  void shapesThatDoNotDivideAreSaidWithCountsThatWork() {
    ModelReport report = report("13b", "V100-SXM2-32GB", 3, Optional.empty());
    Refused refused = assertInstanceOf(Refused.class, report.tensor().orElseThrow());
    assertTrue(refused.why().contains("do not divide among 3 devices"), refused.why());
    assertTrue(refused.why().contains("It can be split over 2 or 4 or 5 or 8"), refused.why());
    assertTrue(report.fits(), "by layers");
    List<String> said = new ModelSections(report).all().getLast().sentences();
    assertEquals(List.of(refused.why()), said);
    assertEquals(Map.of("refused", refused.why()), ModelFields.of(report).get("tensor"));
  }
}
