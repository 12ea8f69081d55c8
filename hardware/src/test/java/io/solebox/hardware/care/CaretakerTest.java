package io.solebox.hardware.care;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.hardware.guard.Level;
import io.solebox.hardware.guard.Ruling;
import io.solebox.hardware.nvml.FakeNvml;
import io.solebox.hardware.nvml.Nvml;
import io.solebox.hardware.nvml.NvmlPace;
import io.solebox.hardware.power.PowerKeeper.Hold;
import io.solebox.hardware.power.PowerPlan;
import io.solebox.hardware.settings.HardwareSettings;
import io.solebox.hardware.telemetry.Snapshot;
import io.solebox.hardware.telemetry.Source;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** From NVML to what is done, with a library that has no GPUs; seconds are counted, not waited. */
@Timeout(60)
class CaretakerTest implements CareListener {
  @TempDir private Path folder;
  private final List<String> heard = new ArrayList<>();
  private FakeNvml fake;
  private Nvml nvml;
  private Caretaker caretaker;
  private long second;

  @BeforeEach
  void begin() throws IOException, InterruptedException {
    fake = FakeNvml.in(folder);
    fake.set("gpus", 1);
    nvml = new Nvml(fake.library().toString(), NvmlPace.USUAL);
  }

  @AfterEach
  void end() {
    nvml.close();
  }

  @Override
  public void ruled(Ruling before, Ruling now) {
    heard.add(before.level().word() + " > " + now.level().word());
  }

  @Override
  public void held(PowerPlan plan, Map<String, Hold> holds) {
    holds.values().forEach(hold -> heard.add(hold.toString()));
  }

  private Caretaker caretaker(Map<String, String> settings) {
    var good = (HardwareSettings.Result.Good) HardwareSettings.of(settings);
    caretaker =
        new Caretaker(this::measure, nvml, good.settings(), _ -> {}, BoardWatch.none(), this);
    return caretaker;
  }

  private Snapshot measure() {
    try {
      return switch (nvml.read()) {
        case Source.Answer.Readings(var devices) -> new Snapshot(Instant.EPOCH, List.of(), devices);
        case Source.Answer.Silence(var why) -> throw new AssertionError(why);
      };
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private Level after(int seconds) throws InterruptedException {
    for (int i = 0; i < seconds; i++) {
      caretaker.look(Duration.ofSeconds(++second).toNanos());
    }
    return caretaker.ruling().level();
  }

  @Test
  void lowersClocksWhileACardIsHotAndLetsThemGo() throws Exception {
    fake.set("core", 60);
    caretaker(Map.of("psu.watts", "1000"));
    assertEquals(Level.NORMAL, after(3));
    fake.set("core", 84);
    assertEquals(Level.SLOW, after(5));
    assertTrue(fake.log().getLast().startsWith("lock 0 "), fake.log().toString());
    fake.set("core", 60);
    assertEquals(Level.NORMAL, after(40));
    assertTrue(fake.log().getLast().startsWith("reset 0"), fake.log().toString());
    assertTrue(heard.contains("slow > normal"), heard.toString());
  }

  @Test
  void stopsForACardWithoutALimitWhoseLockNeedsRoot() throws Exception {
    fake.set("core", 60);
    fake.without("nvmlDeviceGetPowerManagementLimit");
    fake.rootFor("nvmlDeviceSetGpuLockedClocks");
    caretaker(Map.of());
    assertEquals(Level.STOPPED, after(2));
    assertTrue(caretaker.ruling().words().contains("sudo solebox power apply"));
  }

  @Test
  void stopsWhereTheSupplyIsTooSmallForTheLowestClock() throws Exception {
    fake.set("core", 60);
    fake.without("nvmlDeviceGetPowerManagementLimit");
    caretaker(Map.of("psu.watts", "300"));
    assertEquals(Level.STOPPED, after(1));
    assertTrue(
        caretaker.ruling().words().contains("may draw 221 W of 140 W (Take a card out"),
        caretaker.ruling().words());
  }

  @Test
  void locksAnewWhenTheDriverHasForgotten() throws Exception {
    fake.set("core", 60);
    fake.without("nvmlDeviceGetPowerManagementLimit");
    caretaker(Map.of("psu.watts", "430"));
    assertEquals(Level.NORMAL, after(2), () -> caretaker.ruling().words());
    long locks = fake.log().stream().filter(line -> line.startsWith("lock")).count();
    fake.reloadDriver();
    assertEquals(Level.NORMAL, after(10));
    assertEquals(locks + 1, fake.log().stream().filter(line -> line.startsWith("lock")).count());
  }
}
