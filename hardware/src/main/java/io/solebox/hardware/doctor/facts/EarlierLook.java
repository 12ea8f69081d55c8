package io.solebox.hardware.doctor.facts;

import io.solebox.hardware.box.Box;
import io.solebox.hardware.box.Fields;
import io.solebox.hardware.box.Reading;
import io.solebox.hardware.doctor.Evidence;
import io.solebox.hardware.pci.PciAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What was counted at an earlier look at the same machine, so that what rises can be told from what
 * once was. {@code state-previous.json} holds it, by devices, or of the one GPU that there is.
 *
 * @param ago how long before; empty where nobody has noted it
 */
public record EarlierLook(Fields fields, Optional<Duration> ago) {
  /** Where it lies. */
  public static final String FILE = "state-previous.json";

  /** A look so shortly before says nothing of what does not rise. */
  private static final Duration LONG_ENOUGH = Duration.ofMinutes(10);

  private static final double LONGEST_SECONDS = 1e9;

  /** The look, where there was one. */
  public static Optional<EarlierLook> of(Box box) {
    return box.read(FILE)
        .content()
        .map(Reading.Content::bytes)
        .flatMap(Fields::of)
        .map(fields -> new EarlierLook(fields, ago(fields)));
  }

  private static Optional<Duration> ago(Fields fields) {
    OptionalDouble seconds = fields.number("seconds_before");
    return seconds.isPresent()
            && seconds.getAsDouble() >= 0
            && seconds.getAsDouble() < LONGEST_SECONDS
        ? Optional.of(Duration.ofSeconds((long) seconds.getAsDouble()))
        : Optional.empty();
  }

  /** What a device had counted. */
  public OptionalLong count(PciAddress device, ErrorCount count) {
    return whole(fields.number("devices." + device + "." + count.word()));
  }

  /** What the one GPU had counted, in a note that names no device. */
  public OptionalLong countOfTheOne(ErrorCount count) {
    return whole(fields.number(count.word()));
  }

  private static OptionalLong whole(OptionalDouble number) {
    return number.isPresent() && number.getAsDouble() >= 0
        ? OptionalLong.of((long) number.getAsDouble())
        : OptionalLong.empty();
  }

  /**
   * By how much a count has risen since then. One that is lower has begun anew, with the machine.
   */
  public OptionalLong risen(PciAddress device, ErrorCount count, long now) {
    OptionalLong before = count(device, count);
    return before.isPresent()
        ? OptionalLong.of(now >= before.getAsLong() ? now - before.getAsLong() : now)
        : before;
  }

  /** Whether what has not risen since then does not rise. */
  public boolean isLongAgo() {
    return ago.filter(time -> time.compareTo(LONG_ENOUGH) >= 0).isPresent();
  }

  /** As in {@code the look 3 h before}. */
  public String words() {
    return "the look " + ago.map(EarlierLook::told).orElse("some time") + " before";
  }

  private static String told(Duration time) {
    if (time.toHours() >= 48) {
      return time.toDays() + " days";
    }
    if (time.toMinutes() >= 120) {
      return time.toHours() + " h";
    }
    return time.toSeconds() >= 120 ? time.toMinutes() + " min" : time.toSeconds() + " s";
  }

  /** What it had counted, as it stands there. */
  public static Evidence evidence(ErrorCount count, long value) {
    return new Evidence(FILE, 1, "\"%s\": %d".formatted(count.word(), value));
  }
}
