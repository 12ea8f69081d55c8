package io.solebox.hardware.doctor;

import io.solebox.hardware.box.Box;
import io.solebox.hardware.box.Fields;
import io.solebox.hardware.box.LayeredBox;
import io.solebox.hardware.doctor.facts.EarlierLook;
import io.solebox.hardware.doctor.facts.ErrorCount;
import io.solebox.hardware.doctor.facts.Facts;
import io.solebox.hardware.doctor.facts.LastSmoke;
import io.solebox.hardware.pci.PciAddress;
import io.solebox.hardware.settings.HardwareSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A look at this machine, with what the folder of the data holds of it: what its owner says, what
 * was counted at the last look, and what the last smoke test found.
 */
public final class LiveLook {
  /** Looks at shorter intervals are compared with the same one before. */
  private static final Duration KEPT_FOR = Duration.ofHours(1);

  private final Box box;
  private final Path data;
  private final Optional<String> before;
  private final Instant now;

  private LiveLook(Box box, Path data, Optional<String> before, Instant now) {
    this.box = box;
    this.data = data;
    this.before = before;
    this.now = now;
  }

  /**
   * Reads what there is in the folder of the data.
   *
   * @param asked texts of what else was asked, by their names at the root
   */
  public static LiveLook at(
      Box machine, Path data, Map<String, String> asked, InstantSource clock) {
    Instant now = clock.instant();
    Map<String, String> texts = new HashMap<>(asked);
    text(data.resolve(HardwareSettings.FILE))
        .ifPresent(text -> texts.put(HardwareSettings.FILE, text));
    text(data.resolve(LastSmoke.FILE)).ifPresent(text -> texts.put(LastSmoke.FILE, text));
    Optional<String> before = text(data.resolve(EarlierLook.FILE));
    before
        .filter(_ -> age(before, now).isPresent())
        .ifPresent(
            text ->
                texts.put(
                    EarlierLook.FILE,
                    text.replaceFirst(
                        "\\{", "{\"seconds_before\":" + age(before, now).get().toSeconds() + ",")));
    return new LiveLook(new LayeredBox(machine, texts), data, before, now);
  }

  private static Optional<String> text(Path file) {
    try {
      return Optional.of(Files.readString(file));
    } catch (IOException e) {
      return Optional.empty(); // whoever needs it says that it is not known
    }
  }

  /** Empty where the look is from the future: the clock was set. */
  private static Optional<Duration> age(Optional<String> look, Instant now) {
    try {
      return look.map(text -> text.getBytes(StandardCharsets.UTF_8))
          .flatMap(Fields::of)
          .flatMap(fields -> fields.text("at"))
          .map(at -> Duration.between(Instant.parse(at), now))
          .filter(age -> !age.isNegative());
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /** The machine with all of that. */
  public Box box() {
    return box;
  }

  /**
   * Notes what was counted, for the next look; a note that is younger than an hour stays.
   *
   * @return why that could not be, in words
   */
  public Optional<String> keep(Facts facts) {
    if (age(before, now).filter(age -> age.compareTo(KEPT_FOR) < 0).isPresent()) {
      return Optional.empty();
    }
    Path file = data.resolve(EarlierLook.FILE);
    try {
      Files.createDirectories(data);
      Path next = Files.createTempFile(data, EarlierLook.FILE, ".tmp");
      Files.writeString(next, json(ErrorCount.all(facts.box(), facts.pci())));
      move(next, file);
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(file + " cannot be written: " + e.getMessage());
    }
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private String json(Map<PciAddress, Map<ErrorCount, Long>> counts) {
    return counts.entrySet().stream()
        .map(
            device ->
                "\"%s\":{%s}"
                    .formatted(
                        device.getKey(),
                        device.getValue().entrySet().stream()
                            .map(
                                each ->
                                    "\"%s\":%d".formatted(each.getKey().word(), each.getValue()))
                            .collect(Collectors.joining(","))))
        .collect(Collectors.joining(",", "{\"at\":\"" + now + "\",\"devices\":{", "}}\n"));
  }
}
