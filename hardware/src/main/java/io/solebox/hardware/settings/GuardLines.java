package io.solebox.hardware.settings;

import io.solebox.hardware.guard.GuardSettings;
import io.solebox.hardware.settings.SettingLines.BadLine;
import java.time.Duration;

/**
 * The lines {@code guard.*}: those numbers that a box may need otherwise. Margins against a card's
 * own limits are among them as a whole alone: {@code guard.cooler} begins everything so many
 * degrees earlier.
 */
final class GuardLines {
  private GuardLines() {}

  static GuardSettings read(SettingLines lines) throws BadLine {
    GuardSettings usual = GuardSettings.DEFAULTS;
    double max = lines.number("guard.max", 40, 110).orElse(usual.usual().maxOperating());
    double slowdown = lines.number("guard.slowdown", 40, 110).orElse(usual.usual().slowdown());
    double shutdown = lines.number("guard.shutdown", 40, 120).orElse(usual.usual().shutdown());
    return new GuardSettings(
        usual.core(),
        usual.memory(),
        new GuardSettings.Usual(
            max,
            slowdown,
            shutdown,
            lines.number("guard.memory_max", 40, 120).orElse(usual.usual().memoryMax())),
        usual.power(),
        lines.number("guard.fan_percent", 1, 100).orElse(usual.fanDuty()),
        usual.fanPatience(),
        seconds(lines, "guard.silence_seconds", usual.silence()),
        seconds(lines, "guard.stop_seconds", usual.stopAfter()),
        seconds(lines, "guard.rise_seconds", usual.rise()),
        seconds(lines, "guard.fall_seconds", usual.fall()),
        seconds(lines, "guard.cut_seconds", usual.cutAfter()),
        lines.number("guard.cooler", 0, 40).orElse(usual.cooler()));
  }

  static HardwareSettings.Upkeep upkeep(SettingLines lines) throws BadLine {
    HardwareSettings.Upkeep usual = HardwareSettings.Upkeep.DEFAULTS;
    Duration every = seconds(lines, "guard.every_seconds", usual.every());
    return new HardwareSettings.Upkeep(
        every.isZero() ? usual.every() : every, lines.yes("power.release_at_end"));
  }

  private static Duration seconds(SettingLines lines, String name, Duration usual) throws BadLine {
    double seconds = lines.number(name, 0, 3600).orElse(usual.toNanos() / 1e9);
    return Duration.ofNanos((long) (seconds * 1e9));
  }
}
