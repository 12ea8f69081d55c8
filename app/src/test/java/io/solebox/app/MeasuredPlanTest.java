package io.solebox.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.app.bench.report.BoxReport;
import io.solebox.app.bench.report.Conditions;
import io.solebox.app.bench.report.Figure;
import io.solebox.app.bench.report.Machine;
import io.solebox.app.bench.report.Quantity;
import io.solebox.app.bench.report.ReportJson;
import io.solebox.app.bench.report.Spread;
import io.solebox.app.bench.report.Subject;
import io.solebox.app.bench.report.Trace;
import io.solebox.app.console.Environment;
import io.solebox.app.console.Json;
import io.solebox.app.session.MeasuredFile;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.tensor.TensorType;
import io.solebox.planner.figure.Range;
import io.solebox.planner.figure.Unit;
import io.solebox.planner.measured.Measurement;
import io.solebox.planner.measured.Origin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plans with what was measured, here or by somebody else. */
class MeasuredPlanTest {
  private static final String HERE =
      "measured on this machine at 2026-11-30 21:20 UTC by 'solebox plan --measure'";

  @TempDir private Path home;

  private CliRunner.Result run(String... arguments) {
    return new CliRunner(home).run(arguments);
  }

  private void remember() {
    var environment =
        new Environment(Map.of("SOLEBOX_HOME", home.toString()), home, Optional.empty());
    Range bytes = new Range(9e9, 11e9, Unit.BYTES_PER_SECOND, "measured");
    Range operations = new Range(1e11, 2e11, Unit.OPERATIONS_PER_SECOND, "measured");
    new MeasuredFile(environment)
        .remember(
            List.of(
                new Measurement(
                    Measurement.PROCESSOR,
                    new Measurement.Subject.Format(TensorType.Q8_0),
                    KvType.F16,
                    new Origin(
                        Instant.parse("2026-11-30T21:20:00Z"),
                        Origin.HERE,
                        "solebox plan --measure"),
                    bytes,
                    bytes,
                    Optional.of(new Measurement.Prompts(operations, operations)))));
  }

  @Test
  void laterPlansTakeWhatIsRememberedUntilItIsForgotten() {
    remember();
    CliRunner.Result planned = run("plan", "1b", "--quant", "q8_0", "--context", "1024", "--json");
    assertEquals(0, planned.exitCode(), planned.err());
    Map<String, Object> speed = CliRunner.asObject(planned.object().get("speed"));
    Map<String, Object> single = CliRunner.asObject(speed.get("single"));
    assertTrue(single.get("reason").toString().contains(HERE), single::toString);
    // 1.33 GB a token, of which 11 GB/s make 8.3 at most.
    assertTrue((double) single.get("high") < 8.4, single::toString);
    // Of a format that was not measured it says nothing.
    CliRunner.Result other = run("plan", "1b", "--quant", "q4_0", "--context", "1024", "--explain");
    assertFalse(other.out().contains(HERE), other.out());
    CliRunner.Result forgotten = run("plan", "--forget-measured");
    assertEquals(0, forgotten.exitCode(), forgotten.err());
    assertTrue(forgotten.err().contains("is forgotten"), forgotten.err());
    CliRunner.Result after = run("plan", "1b", "--quant", "q8_0", "--context", "1024", "--explain");
    assertFalse(after.out().contains(HERE), after.out());
  }

  @Test
  void whatIsDamagedIsSaidInThePlan() throws IOException {
    remember();
    Files.writeString(home.resolve("measured.json"), "{");
    CliRunner.Result planned = run("plan", "1b", "--quant", "q8_0", "--context", "1024");
    assertEquals(0, planned.exitCode(), planned.err());
    assertTrue(
        planned.out().replaceAll("\\s+", " ").contains("cannot be read and is passed over"),
        planned.out());
  }

  /** The benchmark writes, and the plan of the same model reads. */
  @Test
  void whatIsBenchedIsPlannedWith() {
    String file = new CliRunner(home).synth(home, "tiny-bpe", "Q8_0");
    String[] plan = {"plan", file, "--context", "128", "--explain"};
    assertFalse(run(plan).out().contains("by 'solebox bench'"));
    String threads = "" + (Runtime.getRuntime().availableProcessors() + 1);
    CliRunner.Result other =
        run(
            "bench",
            file,
            "--device",
            "cpu",
            "--threads",
            threads,
            "-p",
            "8",
            "-n",
            "4",
            "-r",
            "1");
    assertEquals(0, other.exitCode(), other.err());
    assertTrue(other.err().contains("so none goes by it"), other.err());
    assertFalse(run(plan).out().contains("by 'solebox bench'"));
    CliRunner.Result measured =
        run("bench", file, "--device", "cpu", "-p", "8", "-n", "4", "-r", "1");
    assertEquals(0, measured.exitCode(), measured.err());
    String planned = run(plan).out().replaceAll("\\s+", " ");
    assertTrue(planned.contains("measured on this machine at "), planned);
    assertTrue(planned.contains("by 'solebox bench'"), planned);
    // Another kind of cache was not measured.
    String q8 = run("plan", file, "--context", "128", "--kv-type", "q8_0", "--explain").out();
    assertFalse(q8.contains("by 'solebox bench'"), q8);
  }

  /** 52 tokens a second of 13.5 GB each, on a card that the plan names. */
  private Path report(String device, String format) throws IOException {
    var report =
        new BoxReport(
            Instant.parse("2026-11-30T12:00:00Z"),
            "1.0",
            "solebox bench x.gguf --report x.json",
            new Machine("Board", "Processor", 8, 1L << 36, "6.12", "580", device, List.of()),
            new Subject(
                "Some 7B", "llama", format, 7_000_000_000L, 1L << 34, 4096, 13.5e9, List.of()),
            new Conditions("usual", 8, "f16", 64, 128, 3, 6),
            List.of(
                Figure.at(
                    new Figure.Point(512, 1),
                    Quantity.DECODE,
                    new Spread(List.of(51.0, 52.0, 53.0))),
                Figure.at(
                    new Figure.Point(2048, 1), Quantity.DECODE, new Spread(List.of(40.0, 41.0)))),
            new Trace(List.of(), List.of(), List.of()),
            List.of(),
            List.of());
    return Files.writeString(home.resolve("x.json"), Json.text(ReportJson.fields(report)));
  }

  private CliRunner.Result plan(Path report, String format, String... more) {
    var words =
        new java.util.ArrayList<>(
            List.of("plan", "7b", "--quant", format, "--bench", report.toString(), "--json"));
    words.addAll(List.of(more));
    return run(words.toArray(String[]::new));
  }

  @Test
  void aReportOfAnotherMachineWithSuchACardTellsThePaceOfIt() throws IOException {
    Path report = report("Tesla V100-SXM2-32GB, 32510 MiB, compute capability 7.0", "F16");
    CliRunner.Result planned = plan(report, "f16", "--card", "v100-sxm2-32gb");
    assertEquals(0, planned.exitCode(), planned.err());
    Map<String, Object> speed = CliRunner.asObject(planned.object().get("speed"));
    Map<String, Object> single = CliRunner.asObject(speed.get("single"));
    // A tenth more or less than 52, of a model that reads as much and 512 positions.
    assertEquals(52 * 0.9, (double) single.get("low"), 1.5);
    assertEquals(52 * 1.1, (double) single.get("high"), 1.5);
    assertTrue(
        single.get("reason").toString().contains("measured on Processor at 2026-11-30 12:00 UTC"),
        single::toString);
    // Prompts were not measured, and nobody says that they were.
    String prefill = speed.get("prefill").toString();
    assertFalse(prefill.contains("measured on Processor"), prefill);
  }

  @Test
  void reportsOfSomethingElseAreRefused() throws IOException {
    Path volta = report("Tesla V100-SXM2-32GB, 32510 MiB, compute capability 7.0", "F16");
    for (CliRunner.Result refused :
        List.of(
            plan(volta, "q8_0", "--card", "v100-sxm2-32gb"),
            plan(volta, "f16", "--card", "v100-sxm2-32gb", "--kv-type", "q8_0"),
            plan(volta, "f16", "--card", "a100-sxm4-80gb"),
            plan(volta, "f16", "--machine", "cm5"),
            plan(volta, "f16", "--measure"),
            plan(home.resolve("absent.json"), "f16", "--card", "v100-sxm2-32gb"))) {
      assertTrue(refused.exitCode() > 0, refused.out());
    }
    String said = plan(volta, "f16", "--card", "a100-sxm4-80gb").err();
    assertTrue(said.contains("It measured Tesla V100-SXM2-32GB"), said);
    Path two = report("cuda:0 (Card X), cuda:1 (Card X)", "F16");
    assertTrue(plan(two, "f16", "--card", "v100-sxm2-32gb").exitCode() > 0);
  }
}
