package io.solebox.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code solebox power}, with a library that has no GPUs. */
class PowerCommandTest {
  @TempDir private Path home;

  private CliRunner.Result run(FakeGpu gpu, String... arguments) {
    return new CliRunner(home).with("SOLEBOX_NVML", gpu.library().toString()).run(arguments);
  }

  private void say(String settings) throws Exception {
    Files.writeString(home.resolve("hardware.properties"), settings);
  }

  @Test
  void limitsAreLoweredReadBackAndGivenUpAgain() throws Exception {
    FakeGpu gpu = new FakeGpu(home).set("gpus 4");
    say("psu.watts=1250");
    CliRunner.Result plan = run(gpu, "power", "plan");
    assertEquals(0, plan.exitCode(), plan.err());
    assertTrue(
        plan.out().startsWith("Power supply: 1250 W, of which 80 % less 100 W for the rest: 900 W"),
        plan.out());
    assertTrue(plan.out().contains("power limit 225 W") && plan.out().contains("It fits."));
    Map<String, Object> json = run(gpu, "power", "plan", "--json").object();
    assertEquals(true, json.get("fits"));
    assertEquals(1200, ((Number) json.get("worst_watts")).intValue());

    CliRunner.Result applied = run(gpu, "power", "apply");
    assertEquals(0, applied.exitCode(), applied.err());
    assertTrue(applied.out().contains("power limit of 225 W, read back"), applied.out());
    assertEquals(0, run(gpu, "power", "release").exitCode());
    assertEquals("limit 3 300000 0", gpu.log().getLast());
  }

  @Test
  void clocksAreLockedOfACardWithoutALimitAndALockThatDoesNotHoldIsAFailure() throws Exception {
    FakeGpu gpu = new FakeGpu(home).set("no nvmlDeviceGetPowerManagementLimit");
    say("psu.watts=600\ncard.V100.watts=300\ncard.V100.measured=960:150,1290:210");
    CliRunner.Result applied = run(gpu, "power", "apply");
    assertEquals(0, applied.exitCode(), applied.err());
    assertTrue(applied.out().contains("clocks locked at 1530 MHz"), applied.out());
    say("psu.watts=400\ncard.V100.watts=300\ncard.V100.measured=960:150,1290:210");
    assertTrue(run(gpu, "power", "plan").out().contains("clocks locked at 1290 MHz"));

    gpu.set("slip 1");
    CliRunner.Result slipped = run(gpu, "power", "apply");
    assertEquals(1, slipped.exitCode());
    assertTrue(slipped.err().contains("locked at 1290 MHz, and it runs at 1530"), slipped.err());
  }

  @Test
  void whatDoesNotFitEndsWithOneAndARemedy() throws Exception {
    FakeGpu gpu = new FakeGpu(home).set("gpus 4");
    say("psu.watts=700");
    CliRunner.Result plan = run(gpu, "power", "plan");
    assertEquals(1, plan.exitCode());
    assertTrue(plan.out().contains("It does not fit."), plan.out());
    assertTrue(plan.out().contains("a larger power supply"), plan.out());
  }

  @Test
  void thePlugIsReadAndToldWhenToTripAndNotOffline() throws Exception {
    try (FakeShelly plug = new FakeShelly()) {
      say("plug=" + plug.words() + "\nplug.trip_watts=1600");
      CliRunner.Result read = new CliRunner(home).run("power", "plug", "--trip");
      assertEquals(0, read.exitCode(), read.err());
      assertTrue(
          read.out().endsWith("is on, 400.0 W, 230.0 V, 1.74 A, 1.000 kWh so far\n"), read.out());
      assertTrue(plug.asked().stream().anyMatch(each -> each.contains("\"power_limit\":1600")));
      CliRunner.Result wrong = new CliRunner(home).run("power", "plug", "--off-if-silent", "box");
      assertEquals(2, wrong.exitCode(), wrong.err());
      CliRunner offline = new CliRunner(home).with("SOLEBOX_OFFLINE", "1");
      assertEquals(1, offline.run("power", "plug").exitCode());
    }
  }

  @Test
  void aBadLineOfSettingsIsNamed() throws Exception {
    FakeGpu gpu = new FakeGpu(home);
    say("psu.wats=700");
    CliRunner.Result plan = run(gpu, "power", "plan");
    assertEquals(1, plan.exitCode());
    assertTrue(plan.err().contains("psu.wats is unknown"), plan.err());
  }

  @Test
  void withoutAGpuItSaysWhy() {
    CliRunner.Result plan =
        new CliRunner(home).with("SOLEBOX_NVML", "libno-such.so.1").run("power", "plan");
    assertEquals(1, plan.exitCode());
    assertTrue(plan.err().contains("no NVIDIA driver is installed"), plan.err());
  }
}
