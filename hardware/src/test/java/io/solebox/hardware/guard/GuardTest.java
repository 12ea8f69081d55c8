package io.solebox.hardware.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.hardware.guard.Vitals.Measured;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/** What a guard asks for, second by second of a clock that stands still between them. */
class GuardTest {
  /** What {@code nvidia-smi -q} prints of a V100-SXM2. */
  private static final Limits V100 =
      new Limits(
          OptionalDouble.of(83),
          OptionalDouble.of(87),
          OptionalDouble.of(90),
          OptionalDouble.of(85),
          OptionalDouble.of(300));

  private final Guard guard = new Guard(GuardSettings.DEFAULTS);
  private final Map<Sensor, Double> values = new EnumMap<>(Sensor.class);
  private long second;

  private Ruling next(String device) {
    second++;
    Map<Sensor, Measured> measured = new EnumMap<>(Sensor.class);
    values.forEach((sensor, value) -> measured.put(sensor, new Measured(value, Duration.ZERO)));
    return guard.observe(List.of(new Vitals(device, "Tesla " + device, V100, measured)), now());
  }

  private long now() {
    return Duration.ofSeconds(second).toNanos();
  }

  /** After so many seconds in which a sensor says this. */
  private Ruling after(int seconds, Sensor sensor, double value) {
    values.put(sensor, value);
    Ruling ruling = Ruling.NOTHING;
    for (int i = 0; i < seconds; i++) {
      ruling = next("V100");
    }
    return ruling;
  }

  @Test
  void heatsUpLevelByLevelAndRecoversLevelByLevel() {
    assertEquals(Level.NORMAL, after(5, Sensor.CORE, 70).level());
    assertEquals(Level.WARN, after(5, Sensor.CORE, 80).level());
    assertEquals(Level.SLOW, after(5, Sensor.CORE, 83).level());
    Ruling paused = after(5, Sensor.CORE, 86);
    assertEquals(Level.PAUSED, paused.level());
    assertEquals("the core of Tesla V100 is at 86 °C (paused from 86 °C on)", paused.words());
    assertEquals(Level.STOPPED, after(1, Sensor.CORE, 88).level(), "this waits for nothing");
    assertEquals(Level.STOPPED, after(4, Sensor.CORE, 90).level());
    assertEquals(Level.CUT, after(2, Sensor.CORE, 90).level());

    assertEquals(Level.CUT, after(30, Sensor.CORE, 86).level(), "not for long enough yet");
    assertEquals(Level.STOPPED, after(1, Sensor.CORE, 86).level(), "85 would be low enough");
    assertEquals(Level.PAUSED, after(31, Sensor.CORE, 84).level());
    assertEquals(Level.SLOW, after(31, Sensor.CORE, 81).level());
    assertEquals(Level.NORMAL, after(31, Sensor.CORE, 60).level());
  }

  @Test
  void doesNothingAboutOneWrongReading() {
    after(5, Sensor.CORE, 60);
    assertEquals(Level.NORMAL, after(1, Sensor.CORE, 86).level());
    assertEquals(Level.NORMAL, after(1, Sensor.CORE, 60).level());
    assertEquals(Level.NORMAL, after(2, Sensor.CORE, Double.NaN).level());
  }

  @Test
  void doesNotTrembleWithAValueThatTremblesAtAThreshold() {
    after(5, Sensor.CORE, 86);
    List<Level> levels = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      levels.add(after(1, Sensor.CORE, i % 2 == 0 ? 85 : 86).level());
    }
    assertEquals(List.of(Level.PAUSED), levels.stream().distinct().toList());
    levels.clear();
    for (int i = 0; i < 300; i++) {
      // Now and then as low as it has to be, never for long enough.
      levels.add(after(1, Sensor.CORE, i % 20 == 0 ? 84 : 82).level());
    }
    assertEquals(List.of(Level.PAUSED), levels.stream().distinct().toList());
  }

  @Test
  void takesTheMemoryForHotThatTheCardsTableSaysIs() {
    after(1, Sensor.CORE, 50);
    assertEquals(Level.PAUSED, after(3, Sensor.MEMORY, 85).level());
    Limits a100 =
        new Limits(
            V100.maxOperating(),
            V100.slowdown(),
            V100.shutdown(),
            OptionalDouble.of(95),
            V100.watts());
    Guard other = new Guard(GuardSettings.DEFAULTS);
    Ruling ruling = Ruling.NOTHING;
    for (int i = 0; i < 5; i++) {
      var measured =
          Map.of(
              Sensor.CORE,
              new Measured(50, Duration.ZERO),
              Sensor.MEMORY,
              new Measured(85, Duration.ZERO));
      ruling =
          other.observe(
              List.of(new Vitals("A100", "A100", a100, measured)), Duration.ofSeconds(i).toNanos());
    }
    assertEquals(Level.NORMAL, ruling.level());
  }

  @Test
  void takesASensorThatVanishesForHotAndWaitsWhenItIsBack() {
    after(5, Sensor.CORE, 50);
    after(5, Sensor.MEMORY, 60);
    values.remove(Sensor.MEMORY);
    assertEquals(Level.NORMAL, after(9, Sensor.CORE, 50).level());
    Ruling silent = after(1, Sensor.CORE, 50);
    assertEquals(Level.PAUSED, silent.level());
    assertEquals(
        "the sensor of the memory of Tesla V100 has not answered for 10 s, so it counts as hot",
        silent.words());
    assertEquals(Level.STOPPED, after(20, Sensor.CORE, 50).level());
    assertEquals(Level.STOPPED, after(30, Sensor.MEMORY, 60).level());
    assertTrue(next("V100").level() == Level.NORMAL, "it has answered for half a minute");
  }

  @Test
  void takesADeviceThatNeverSaysItsTemperatureForSilent() {
    assertEquals(Level.NORMAL, after(10, Sensor.POWER, 100).level());
    assertEquals(Level.PAUSED, after(2, Sensor.POWER, 100).level());
  }

  @Test
  void takesWhatIsOldForWhatItIs() {
    Map<Sensor, Measured> stale = Map.of(Sensor.CORE, new Measured(50, Duration.ofSeconds(12)));
    Ruling ruling =
        guard.observe(
            List.of(new Vitals("V100", "V100", V100, stale)), Duration.ofDays(1).toNanos());
    assertEquals(Level.NORMAL, ruling.level(), "it is watched since now");
    ruling =
        guard.observe(
            List.of(new Vitals("V100", "V100", V100, stale)),
            Duration.ofDays(1).plusSeconds(11).toNanos());
    assertEquals(Level.PAUSED, ruling.level());
  }

  @Test
  void letsTheWorstOfSeveralDevicesDecideForTheMachine() {
    Ruling ruling = Ruling.NOTHING;
    for (int i = 0; i < 5; i++) {
      ruling =
          guard.observe(
              List.of(at("one", 50), at("two", 86), at("three", 81)),
              Duration.ofSeconds(i).toNanos());
    }
    assertEquals(Level.PAUSED, ruling.level());
    assertEquals(
        List.of(Level.NORMAL, Level.PAUSED, Level.WARN),
        ruling.devices().stream().map(Ruling.Device::level).toList());
    assertTrue(ruling.words().contains("two") && !ruling.words().contains("three"));
    // The second falls off the bus, and is no better for that.
    for (int i = 5; i < 50; i++) {
      ruling =
          guard.observe(List.of(at("one", 50), at("three", 50)), Duration.ofSeconds(i).toNanos());
    }
    assertEquals(
        List.of(Level.NORMAL, Level.STOPPED, Level.NORMAL),
        ruling.devices().stream().map(Ruling.Device::level).toList());
  }

  private static Vitals at(String device, double degrees) {
    return new Vitals(
        device, device, V100, Map.of(Sensor.CORE, new Measured(degrees, Duration.ZERO)));
  }

  @Test
  void pausesWhereAFanStandsStillThatIsDriven() {
    after(1, Sensor.CORE, 50);
    values.put(Sensor.FAN, 0.0);
    assertEquals(Level.NORMAL, after(20, Sensor.FAN_DUTY, 15).level(), "it may stand at rest");
    assertEquals(Level.WARN, after(3, Sensor.FAN_DUTY, 60).level());
    assertEquals(Level.PAUSED, after(10, Sensor.FAN_DUTY, 60).level());
    assertEquals(Level.NORMAL, after(31, Sensor.FAN, 2400).level());
  }

  @Test
  void followsThePowerByWhatTheCardMayDraw() {
    after(1, Sensor.CORE, 50);
    assertEquals(Level.NORMAL, after(20, Sensor.POWER, 300).level());
    assertEquals(Level.SLOW, after(6, Sensor.POWER, 316).level());
    assertEquals(Level.STOPPED, after(6, Sensor.POWER, 400).level());
  }

  @Test
  void judgesACardThatSaysNothingByTheUsualLimits() {
    Ruling ruling = Ruling.NOTHING;
    for (int i = 0; i < 5; i++) {
      var hot = Map.of(Sensor.CORE, new Measured(86, Duration.ZERO));
      ruling =
          guard.observe(
              List.of(new Vitals("x", "x", Limits.UNKNOWN, hot)), Duration.ofSeconds(i).toNanos());
    }
    assertEquals(Level.PAUSED, ruling.level());
  }
}
