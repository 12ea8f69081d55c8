package io.solebox.app.session;

import io.solebox.app.console.Environment;
import io.solebox.app.console.Json;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.json.JsonException;
import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.planner.figure.Moments;
import io.solebox.planner.measured.Measurement;
import io.solebox.planner.measured.Measurements;
import io.solebox.planner.measured.Origin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Remembers in {@code measured.json} of the data folder what this machine was measured to do, for
 * plans and estimates. On a machine that has changed it is void.
 */
public final class MeasuredFile {
  static final String NAME = "measured.json";

  private final Path file;
  private final MeasuredMachine machine;

  public MeasuredFile(Environment environment) {
    this(environment, MeasuredMachine.here());
  }

  /**
   * @param machine that it is now
   */
  MeasuredFile(Environment environment, MeasuredMachine machine) {
    this.file = environment.dataFolder().resolve(NAME);
    this.machine = machine;
  }

  /**
   * What is remembered.
   *
   * @param trouble why nothing of it holds, in a sentence without its end; empty where all does
   */
  public record Kept(Measurements measurements, Optional<String> trouble) {
    static final Kept NOTHING = new Kept(Measurements.NONE, Optional.empty());

    private static Kept trouble(String why) {
      return new Kept(Measurements.NONE, Optional.of(why));
    }
  }

  /** Of the machine as it is now; what cannot be read is passed over, and said. */
  public Kept read() {
    try {
      MeasuredFields found =
          MeasuredFields.read(
              new JsonReader(JsonLimits.LOCAL).readObject(Files.readAllBytes(file)));
      List<String> changes = found.machine().changes(machine);
      return changes.isEmpty()
          ? new Kept(found.measurements(), Optional.empty())
          : Kept.trouble(voided(found.measurements(), changes));
    } catch (NoSuchFileException _) {
      return Kept.NOTHING;
    } catch (IOException | JsonException | MeasuredFields.Damaged e) {
      return Kept.trouble(
          "What was measured before cannot be read and is passed over (%s: %s); measure again, or forget it with 'solebox plan --forget-measured'"
              .formatted(file, e.getMessage()));
    }
  }

  private static String voided(Measurements measurements, List<String> changes) {
    String when =
        measurements.all().stream()
            .map(each -> each.origin().at())
            .max(Comparator.naturalOrder())
            .map(Moments::text)
            .orElse("a moment that is not told");
    return "What was measured on this machine until %s is void, for %s; measure again with 'solebox plan MODEL --measure' or 'solebox bench MODEL'"
        .formatted(when, String.join(", and ", changes));
  }

  /**
   * Remembers others beside what holds; what does not is dropped.
   *
   * @return why that could not be, in words
   */
  public Optional<String> remember(List<Measurement> others) {
    var all = new MeasuredFields(machine, read().measurements().with(others));
    try {
      Files.createDirectories(file.getParent());
      Path next = Files.createTempFile(file.getParent(), NAME, ".tmp");
      Files.writeString(next, Json.text(all.write()) + "\n");
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(
          "what was measured is not remembered: %s cannot be written: %s"
              .formatted(file, e.getMessage()));
    }
  }

  /**
   * Forgets all.
   *
   * @return whether there was anything
   * @throws SoleboxException {@code IO_ERROR}
   */
  public boolean forget() {
    try {
      return Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new SoleboxException(
          ErrorCode.IO_ERROR,
          file.toString(),
          "It cannot be removed (" + e.getMessage() + ").",
          "Check the permissions of its folder.",
          e);
    }
  }

  /** Where and when something is measured now. */
  public static Origin now(String command) {
    return new Origin(Instant.now(), Origin.HERE, command);
  }
}
