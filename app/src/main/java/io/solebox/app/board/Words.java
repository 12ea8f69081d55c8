package io.solebox.app.board;

import io.solebox.hardware.board.BoardEvent;
import io.solebox.hardware.board.BoardFault;
import io.solebox.hardware.board.BoardState;
import java.time.Duration;
import java.util.Locale;

/** Values of a board with their units, and reasons. */
final class Words {
  private Words() {}

  static String volts(int millivolts) {
    return format(millivolts < 2000 ? "%.3f V" : "%.2f V", millivolts / 1000.0);
  }

  static String celsius(double celsius) {
    return format("%.1f °C", celsius);
  }

  static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  /** As in {@code 3 h 12 min}; the two largest units. */
  static String time(Duration time) {
    if (time.compareTo(Duration.ofMinutes(1)) < 0) {
      return format("%.1f s", time.toMillis() / 1000.0);
    }
    if (time.compareTo(Duration.ofHours(1)) < 0) {
      return time.toMinutes() + " min " + time.toSecondsPart() + " s";
    }
    return time.compareTo(Duration.ofDays(1)) < 0
        ? time.toHours() + " h " + time.toMinutesPart() + " min"
        : time.toDays() + " d " + time.toHoursPart() + " h";
  }

  /** What a board does, as in {@code The board is off}. */
  static String sentence(BoardState state) {
    return switch (state) {
      case OFF, CYCLE -> "The board is " + state.words() + ".";
      case WAIT_12V, RAMP_AUX, RAMP_CORE, HOLD_RESET, RUN, STOPPING, POWER_DOWN, FAULT, UNKNOWN ->
          "The board " + state.words() + ".";
    };
  }

  /** Why, with what was measured. */
  static String reason(BoardEvent event) {
    String value = event.fault().measured(event.value()).map(text -> " (" + text + ")").orElse("");
    return event.fault() == BoardFault.NONE ? cause(event) + value : event.fault().words() + value;
  }

  private static String cause(BoardEvent event) {
    return switch (event.cause()) {
      case START -> "the firmware began";
      case ORDER -> "the host asked for it";
      case BUTTON -> "somebody pressed the button";
      case DONE -> done(event.from());
      case TIMEOUT -> "the host did not stop in time";
      case FAULT -> "a fault";
      case UNKNOWN -> "a cause that this program does not know";
    };
  }

  /** What a state has waited for. */
  private static String done(BoardState state) {
    return switch (state) {
      case WAIT_12V -> "12 V is good";
      case RAMP_AUX -> "3.3 V auxiliary is good";
      case RAMP_CORE -> "the core voltage is good";
      case HOLD_RESET -> "the reset was held long enough";
      case STOPPING -> "the host has stopped";
      case POWER_DOWN -> "the rails are discharged";
      case CYCLE -> "the pause is over";
      case OFF, RUN, FAULT, UNKNOWN -> "that is done";
    };
  }
}
