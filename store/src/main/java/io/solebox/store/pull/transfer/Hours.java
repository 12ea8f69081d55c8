package io.solebox.store.pull.transfer;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.time.LocalTime;
import java.time.format.DateTimeParseException;
import java.util.function.Supplier;

/** The hours of the day in which bytes may be fetched, by the clock on the wall. */
public sealed interface Hours {
  /** All of them. */
  record Always() implements Hours {}

  /**
   * @param from the first minute
   * @param to behind the last minute; before {@code from} where midnight lies between
   * @param clock what time it is
   */
  record Between(LocalTime from, LocalTime to, Supplier<LocalTime> clock) implements Hours {
    @Override
    public String toString() {
      return from + "-" + to;
    }
  }

  /**
   * Reads {@code 22:00-06:00}.
   *
   * @throws SoleboxException {@code INVALID_PARAMETER}
   */
  static Hours parse(String text, Supplier<LocalTime> clock) {
    String[] parts = text.strip().split("-", -1);
    try {
      if (parts.length == 2) {
        LocalTime from = LocalTime.parse(parts[0].strip());
        LocalTime to = LocalTime.parse(parts[1].strip());
        if (!from.equals(to)) {
          return new Between(from, to, clock);
        }
      }
    } catch (DateTimeParseException e) {
      // said below, as of every other text
    }
    throw new SoleboxException(
        ErrorCode.INVALID_PARAMETER,
        "--between",
        "'" + text + "' is no span of hours.",
        "Write it as 22:00-06:00.");
  }

  /** Whether bytes may be fetched now. */
  default boolean open() {
    return switch (this) {
      case Always _ -> true;
      case Between(LocalTime from, LocalTime to, Supplier<LocalTime> clock) -> {
        LocalTime now = clock.get();
        boolean afterStart = !now.isBefore(from);
        boolean beforeEnd = now.isBefore(to);
        yield from.isBefore(to) ? afterStart && beforeEnd : afterStart || beforeEnd;
      }
    };
  }
}
