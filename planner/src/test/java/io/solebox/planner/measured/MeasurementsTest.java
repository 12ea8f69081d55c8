package io.solebox.planner.measured;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.api.Decoding;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.tensor.TensorType;
import io.solebox.planner.figure.Range;
import io.solebox.planner.figure.Unit;
import io.solebox.planner.machine.DeviceProfile;
import io.solebox.planner.machine.MachineWish;
import io.solebox.planner.machine.Machines;
import io.solebox.planner.measured.Measurement.Prompts;
import io.solebox.planner.measured.Measurement.Subject;
import io.solebox.planner.model.PlannedModel;
import io.solebox.planner.model.Shapes;
import io.solebox.planner.speed.DevicePaces;
import io.solebox.planner.speed.Layout;
import io.solebox.planner.speed.SpeedPlan;
import io.solebox.planner.speed.Stage;
import io.solebox.planner.speed.Traffic;
import io.solebox.planner.work.StepWork;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What was measured stands before what tables say, for what it was measured of and no other. */
class MeasurementsTest {
  private static final PlannedModel MODEL = PlannedModel.of(Shapes.named("1b").orElseThrow());
  private static final DeviceProfile CARD =
      new Machines().machine(MachineWish.of("PC", List.of("V100-SXM2-32GB"))).cards().getFirst();
  private static final Origin ORIGIN =
      new Origin(Instant.parse("2026-11-30T21:20:30Z"), Origin.HERE, "solebox bench");

  private static Range bytes(double low, double high) {
    return new Range(low, high, Unit.BYTES_PER_SECOND, "measured");
  }

  private static Measurement measured(String device, Subject subject, double pace) {
    return measured(device, subject, pace, ORIGIN);
  }

  private static Measurement measured(String device, Subject subject, double pace, Origin origin) {
    Range operations = new Range(1e12, 2e12, Unit.OPERATIONS_PER_SECOND, "measured");
    return new Measurement(
        device,
        subject,
        KvType.F16,
        origin,
        bytes(pace, 2 * pace),
        bytes(pace, 2 * pace),
        Optional.of(new Prompts(operations, operations)));
  }

  private static Subject model() {
    var info = MODEL.outline().info();
    return new Subject.Model(info.name(), info.format());
  }

  private static Optional<DevicePaces> paces(KvType kvType, Measurement... all) {
    return Measurements.NONE.with(List.of(all)).paces("V100", MODEL, kvType, CARD, true);
  }

  @Test
  void theModelItselfGoesBeforeItsFormatUnlessThatIsNewerAndOthersDoNotCount() {
    Measurement format = measured("V100", new Subject.Format(TensorType.F16), 1e11);
    Measurement whole = measured("V100", model(), 2e11);
    double both = paces(KvType.F16, format, whole).orElseThrow().slow().keptBytesPerSecond();
    assertEquals(2e11, both);
    assertEquals(1e11, paces(KvType.F16, format).orElseThrow().slow().keptBytesPerSecond());
    var later = new Origin(ORIGIN.at().plusSeconds(1), Origin.HERE, "solebox plan --measure");
    Measurement newer = measured("V100", new Subject.Format(TensorType.F16), 4e11, later);
    assertEquals(4e11, paces(KvType.F16, newer, whole).orElseThrow().slow().keptBytesPerSecond());
    assertTrue(paces(KvType.Q8_0, format, whole).isEmpty());
    assertTrue(
        paces(KvType.F16, measured("V100", new Subject.Format(TensorType.Q8_0), 1e11)).isEmpty());
    assertTrue(paces(KvType.F16, measured("A100", model(), 1e11)).isEmpty());
  }

  /** Lists of models say what lies in the middle of what plans say, from the same measures. */
  @Test
  void aListOfModelsSaysWhatAPlanSays() {
    var graph = MODEL.outline().graph();
    var info = MODEL.outline().info();
    Decoding reads = Decoding.of(graph, KvType.F16);
    var later = new Origin(ORIGIN.at().plusSeconds(1), Origin.HERE, "solebox plan --measure");
    Measurement whole = measured("V100", model(), 2e11);
    Measurement newer = measured("V100", new Subject.Format(TensorType.F16), 1e11, later);
    for (List<Measurement> all : List.of(List.of(whole), List.of(newer), List.of(whole, newer))) {
      var measured = new Measurements(all);
      var told = measured.decode("V100", info.name(), info.format(), reads, KvType.F16);
      DevicePaces paces = measured.paces("V100", MODEL, KvType.F16, CARD, true).orElseThrow();
      Range planned =
          SpeedPlan.of(
                  new Layout.Layers(List.of(new Stage(paces, StepWork.of(graph)))),
                  new Traffic(1, 512, Decoding.CONTEXT, 512, KvType.F16))
              .single();
      assertEquals(planned.middle(), told.orElseThrow().tokensPerSecond(), 0.03 * planned.middle());
      assertTrue(planned.reason().contains(told.orElseThrow().words()), planned.reason());
    }
    var measured = new Measurements(List.of(whole));
    assertTrue(measured.decode("cpu", info.name(), info.format(), reads, KvType.F16).isEmpty());
    assertTrue(measured.decode("V100", "Y", info.format(), reads, KvType.F16).isEmpty());
    assertTrue(measured.decode("V100", info.name(), info.format(), reads, KvType.F32).isEmpty());
  }

  /** A mix is known where all of its formats were measured, each read at its own pace. */
  @Test
  void aMixIsReadAsItsFormatsWereMeasured() {
    Decoding reads = new Decoding(3.1e9, 0, Map.of(TensorType.Q4_K, 2e9, TensorType.Q6_K, 1e9));
    Measurement most = measured("cpu", new Subject.Format(TensorType.Q4_K), 1e10);
    Measurement rest = measured("cpu", new Subject.Format(TensorType.Q6_K), 2e10);
    assertTrue(
        new Measurements(List.of(most)).decode("cpu", "X", "Q4_K_M", reads, KvType.F16).isEmpty());
    var told =
        new Measurements(List.of(most, rest)).decode("cpu", "X", "Q4_K_M", reads, KvType.F16);
    double seconds = 2.1e9 / 1.5e10 + 1e9 / 3e10 + MeasuredPaces.SECONDS_PER_STEP;
    assertEquals(1 / seconds, told.orElseThrow().tokensPerSecond(), 1e-9);
    assertTrue(
        new Measurements(List.of(most, rest))
            .decode("cpu", "X", "Q4_K_M", new Decoding(3.1e9, 0), KvType.F16)
            .isEmpty());
  }

  @Test
  void whatIsMeasuredAgainTakesThePlaceOfWhatWas() {
    Measurements twice =
        Measurements.NONE
            .with(List.of(measured("V100", model(), 1e11), measured("cpu", model(), 1e10)))
            .with(List.of(measured("V100", model(), 3e11)));
    assertEquals(2, twice.all().size());
    assertEquals(3e11, twice.all().getLast().weights().low());
  }

  /** What reads 13 GB a token at 100 to 200 GB/s, and every figure says that it was measured. */
  @Test
  void figuresFollowAndSayWhereTheyComeFrom() {
    StepWork work = StepWork.of(MODEL.outline().graph());
    DevicePaces paces = paces(KvType.F16, measured("V100", model(), 1e11)).orElseThrow();
    SpeedPlan plan =
        SpeedPlan.of(
            new Layout.Layers(List.of(new Stage(paces, work))),
            new Traffic(2, 512, 512, 512, KvType.F16));
    double bytes = work.decodeBytes(1, 512, KvType.F16);
    assertEquals(1e11 / bytes, plan.single().low(), 1e-9);
    assertEquals(2e11 / bytes, plan.single().high(), 1e-9);
    String words = "measured on this machine at 2026-11-30 21:20 UTC by 'solebox bench'";
    for (Range figure :
        List.of(
            plan.single(),
            plan.together(),
            plan.each(),
            plan.prefill().orElseThrow(),
            plan.firstToken().orElseThrow())) {
      assertTrue(figure.reason().contains(words), figure.reason());
    }
    assertTrue(plan.reasons().getFirst().contains("in F16 reads 100 to 200 GB/s"));
    // What clocks and widths allow stays the limit of what can be.
    assertEquals(CARD.bandwidth().orElseThrow().range().high() / bytes, plan.limit().high(), 1e-6);
  }
}
