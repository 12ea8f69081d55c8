package io.solebox.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code solebox plan}, of machines that are not here and of this one. */
class PlanCommandTest {
  @TempDir private Path home;

  private CliRunner.Result run(String... arguments) {
    return new CliRunner(home).run(arguments);
  }

  @Test
  void aModelAndAMachineThatNobodyHas() {
    CliRunner.Result said =
        run("plan", "13b", "--card", "a100-sxm4-80", "--want", "87", "--context", "4096");
    assertEquals(0, said.exitCode(), said.err());
    assertTrue(said.out().contains("fits: "), said.out());
    assertTrue(said.out().contains("Impossible: 87.0 tok/s needs 111 % of the bandwidth"));
    assertFalse(said.out().contains("what the ops of a step read"));
    CliRunner.Result explained = run("plan", "13b", "--card", "a100-sxm4-80", "--explain");
    assertTrue(explained.out().contains("a token of one client reads 26.1 GB"), explained.out());
  }

  @Test
  void whatDoesNotFitEndsWithOneAndSaysWhatWould() {
    CliRunner.Result refused =
        run("plan", "13b", "--card", "v100-sxm2-16gb", "--context", "4096", "--json");
    assertEquals(1, refused.exitCode(), refused.err());
    Map<String, Object> fields = refused.object();
    assertEquals(false, fields.get("fits"));
    assertEquals(List.of("In Q6_K it fits."), fields.get("instead"));
    CliRunner.Result smaller =
        run(
            "plan",
            "13b",
            "--card",
            "v100-sxm2-16gb",
            "--context",
            "4096",
            "--quant",
            "q4_k_m",
            "--json");
    assertEquals(0, smaller.exitCode(), smaller.err());
    assertEquals("Q4_K_M", smaller.object().get("format"));
  }

  @Test
  void aFileOnThisMachineTakesWhatInspectSays() {
    String file = new CliRunner(home).synth(home, "tiny-bpe", "Q8_0");
    CliRunner.Result planned = run("plan", file, "--json");
    assertEquals(0, planned.exitCode(), planned.err());
    Map<String, Object> device =
        CliRunner.asObject(((List<?>) planned.object().get("devices")).getFirst());
    Map<String, Object> inspected = run("inspect", file, "--device", "cpu", "--json").object();
    Map<String, Object> cpu =
        CliRunner.asObject(CliRunner.asObject(inspected.get("memory_bytes_by_device")).get("cpu"));
    for (String part : List.of("weights", "weights_in_place", "kv_cache", "scratch")) {
      assertEquals(cpu.get(part), device.get(part), part);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "v101, The nearest are",
    "--machine=BCM2721, The nearest are",
    "--quant=Q9, There is no quantization Q9",
    "--duty=0:0:0, they add up to nothing",
    "--cost=-1, cannot be paid",
    "--electricity=-0.3, cannot be paid",
    "--context=0, '--context is 0, but must be more than nothing'",
    "--want=Infinity, must be more than nothing",
    "--air=NaN, no temperature",
    "--air=-400, not what machines stand in",
    "--memory=8, This machine says that itself",
  })
  void whatIsWrongIsSaid(String option, String message) {
    CliRunner.Result refused =
        option.startsWith("--") ? run("plan", "1b", option) : run("plan", "1b", "--card", option);
    assertTrue(refused.exitCode() > 0);
    assertTrue(refused.err().contains(message), refused.err());
  }

  @Test
  void damagedFilesAndUnknownNamesAreRefused() throws Exception {
    Path damaged = Files.writeString(home.resolve("damaged.gguf"), "GGUF and no more");
    CliRunner.Result refused = run("plan", damaged.toString(), "--card", "t4");
    assertEquals(1, refused.exitCode());
    assertTrue(refused.err().contains("bad_model_file"), refused.err());
    CliRunner.Result unknown = run("plan", "nobody-has-it", "--card", "t4");
    assertTrue(unknown.err().contains("plan with a shape: 1b, "), unknown.err());
  }
}
