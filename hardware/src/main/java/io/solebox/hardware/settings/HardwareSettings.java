package io.solebox.hardware.settings;

import io.solebox.hardware.board.BoardSettings;
import io.solebox.hardware.guard.GuardSettings;
import io.solebox.hardware.plug.PlugSettings;
import io.solebox.hardware.power.PowerSettings;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Properties;
import java.util.TreeMap;

/**
 * What the owner says of the box, in a file of lines {@code name=value}.
 *
 * @param pricePerKwh of energy, in whatever currency; empty where the owner has not said it
 */
public record HardwareSettings(
    PowerSettings power,
    GuardSettings guard,
    Upkeep upkeep,
    Optional<PlugSettings> plug,
    Optional<BoardSettings> board,
    OptionalDouble pricePerKwh) {
  /** Of any currency that people pay with by the kilowatt-hour. */
  private static final double HIGHEST_PRICE = 100_000;

  public static final HardwareSettings DEFAULTS =
      new HardwareSettings(
          PowerSettings.DEFAULTS,
          GuardSettings.DEFAULTS,
          Upkeep.DEFAULTS,
          Optional.empty(),
          Optional.empty(),
          OptionalDouble.empty());

  /**
   * How a server looks after the hardware.
   *
   * @param every from one round to the next
   * @param releaseAtEnd whether cards get back all that they may draw when the server ends
   */
  public record Upkeep(Duration every, boolean releaseAtEnd) {
    public static final Upkeep DEFAULTS = new Upkeep(Duration.ofSeconds(1), false);
  }

  /** By which the file goes in the folder of the data. */
  public static final String FILE = "hardware.properties";

  /** What reading it came to. */
  public sealed interface Result {
    record Good(HardwareSettings settings) implements Result {}

    /**
     * @param what is wrong, in words, with the names that there are where one is unknown
     */
    record Bad(String what) implements Result {}
  }

  /** The defaults where there is no such file. */
  public static Result read(Path file) {
    Properties said = new Properties();
    try (Reader in = Files.newBufferedReader(file)) {
      said.load(in);
    } catch (NoSuchFileException e) {
      return new Result.Good(DEFAULTS);
    } catch (IOException | IllegalArgumentException e) {
      return new Result.Bad("cannot be read: " + e.getMessage());
    }
    Map<String, String> lines = new TreeMap<>();
    said.stringPropertyNames().forEach(name -> lines.put(name, said.getProperty(name).strip()));
    return of(lines);
  }

  /**
   * @param lines values by names
   */
  public static Result of(Map<String, String> lines) {
    try {
      SettingLines reading = new SettingLines(lines);
      HardwareSettings settings =
          new HardwareSettings(
              PowerLines.read(reading),
              GuardLines.read(reading),
              GuardLines.upkeep(reading),
              PlugLines.read(reading),
              BoardLines.read(reading),
              reading.number("energy.price", 0, HIGHEST_PRICE));
      reading.requireAllRead();
      return new Result.Good(settings);
    } catch (SettingLines.BadLine e) {
      return new Result.Bad(e.getMessage());
    }
  }
}
