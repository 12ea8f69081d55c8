package io.solebox.app.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.app.console.Environment;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.tensor.TensorType;
import io.solebox.planner.figure.Range;
import io.solebox.planner.figure.Unit;
import io.solebox.planner.measured.Measurement;
import io.solebox.planner.measured.Measurement.Prompts;
import io.solebox.planner.measured.Measurement.Subject;
import io.solebox.planner.measured.Origin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What was measured is remembered for as long as the machine is the same, and no longer. */
class MeasuredFileTest {
  private static final MeasuredMachine MACHINE =
      new MeasuredMachine("Processor X", 64L << 30, 8, "6.12.0-1", "kernels of X", "1.0");

  @TempDir private Path home;
  private Environment environment;
  private Path file;

  @BeforeEach
  void begin() {
    environment = new Environment(Map.of("SOLEBOX_HOME", home.toString()), home, Optional.empty());
    file = home.resolve(MeasuredFile.NAME);
  }

  private MeasuredFile on(MeasuredMachine machine) {
    return new MeasuredFile(environment, machine);
  }

  private static Measurement measurement(Subject subject) {
    Range bytes = new Range(1e10, 2e10, Unit.BYTES_PER_SECOND, "measured");
    Range operations = new Range(1.5e11, 2.5e11, Unit.OPERATIONS_PER_SECOND, "measured");
    return new Measurement(
        Measurement.PROCESSOR,
        subject,
        KvType.F16,
        new Origin(Instant.parse("2026-11-30T12:00:00Z"), Origin.HERE, "solebox bench"),
        bytes,
        bytes,
        subject instanceof Subject.Format
            ? Optional.of(new Prompts(operations, operations))
            : Optional.empty());
  }

  private static List<Measurement> two() {
    return List.of(
        measurement(new Subject.Format(TensorType.Q4_K)),
        measurement(new Subject.Model("Made up", "Q4_K_M")));
  }

  @Test
  void allOfItComesBack() {
    assertTrue(on(MACHINE).read().measurements().all().isEmpty());
    assertEquals(Optional.empty(), on(MACHINE).remember(two()));
    MeasuredFile.Kept kept = on(MACHINE).read();
    assertEquals(two(), kept.measurements().all());
    assertEquals(Optional.empty(), kept.trouble());
    assertTrue(on(MACHINE).forget());
    assertFalse(on(MACHINE).forget());
    assertTrue(on(MACHINE).read().measurements().all().isEmpty());
  }

  @ParameterizedTest
  @CsvSource({
    "Processor Y, 64, 8, 6.12.0-1, kernels of X, 1.0, 'its processor was Processor X and is"
        + " Processor Y'",
    "Processor X, 32, 8, 6.12.0-1, kernels of X, 1.0, 'its memory was 64.0 GiB and is 32.0 GiB'",
    "Processor X, 64, 4, 6.12.0-1, kernels of X, 1.0, 'its number of threads was 8 and is 4'",
    "Processor X, 64, 8, 6.12.0-2, kernels of X, 1.0, 'its Linux was 6.12.0-1 and is 6.12.0-2'",
    "Processor X, 64, 8, 6.12.0-1, Java, 1.0, 'its choice of kernels was kernels of X and is Java'",
    "Processor X, 64, 8, 6.12.0-1, kernels of X, 1.1, 'its Solebox was 1.0 and is 1.1'",
  })
  void onAnotherMachineItIsVoid(
      String processor,
      long gib,
      int threads,
      String kernel,
      String kernels,
      String version,
      String change) {
    on(MACHINE).remember(two());
    var now = new MeasuredMachine(processor, gib << 30, threads, kernel, kernels, version);
    MeasuredFile.Kept kept = on(now).read();
    assertTrue(kept.measurements().all().isEmpty());
    String said = kept.trouble().orElseThrow();
    assertTrue(said.contains("until 2026-11-30 12:00 UTC is void, for " + change), said);
    // What is measured now does not stand beside what is void.
    on(now).remember(List.of(two().getFirst()));
    assertEquals(List.of(two().getFirst()), on(now).read().measurements().all());
  }

  /** Firmware takes a little more or less of it from boot to boot. */
  @Test
  void aLittleLessMemoryIsTheSameMachine() {
    on(MACHINE).remember(two());
    var now = new MeasuredMachine("Processor X", 63L << 30, 8, "6.12.0-1", "kernels of X", "1.0");
    assertEquals(Optional.empty(), on(now).read().trouble());
  }

  @ParameterizedTest
  @CsvSource({
    "'\"threads\":8', '\"threads\":-8'",
    "'\"threads\":8', '\"threads\":8.5'",
    "1.0E10, -1.0E10",
    "1.0E10, 3.0E10",
    "2.0E10, 1e999",
    "Q4_K, Q9",
    "'\"f16\"', '\"f17\"'",
    "2026-11-30T, 2026-13-30T",
    "solebox.measured.1, solebox.measured.2",
    "'\"measured\":[', '\"measured\":[7,'",
    "'\"model\":', '\"mode\":'",
  })
  void whatIsDamagedIsSaidAndPassedOver(String part, String damage) throws IOException {
    on(MACHINE).remember(two());
    String text = Files.readString(file).replace(": ", ":");
    assertTrue(text.contains(part), text);
    Files.writeString(file, text.replace(part, damage));
    saysDamaged();
  }

  @Test
  void whatIsCutIsSaidAndMadeAnew() throws IOException {
    on(MACHINE).remember(two());
    String text = Files.readString(file);
    for (String cut : List.of("", "nothing of this", text.substring(0, text.length() / 2))) {
      Files.writeString(file, cut);
      saysDamaged();
    }
    on(MACHINE).remember(two());
    assertEquals(two(), on(MACHINE).read().measurements().all());
  }

  private void saysDamaged() {
    MeasuredFile.Kept kept = on(MACHINE).read();
    assertTrue(kept.measurements().all().isEmpty());
    String said = kept.trouble().orElseThrow();
    assertTrue(said.contains("cannot be read and is passed over (" + file), said);
    assertTrue(said.contains("--forget-measured"), said);
  }

  @Test
  void whereNothingCanBeWrittenThatIsSaid() throws IOException {
    Path taken = Files.writeString(home.resolve("taken"), "a file in place of a folder");
    var nowhere = new Environment(Map.of("SOLEBOX_HOME", taken.toString()), home, Optional.empty());
    String said = new MeasuredFile(nowhere, MACHINE).remember(two()).orElseThrow();
    assertTrue(said.startsWith("what was measured is not remembered: "), said);
  }
}
