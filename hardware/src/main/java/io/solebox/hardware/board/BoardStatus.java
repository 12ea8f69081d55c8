package io.solebox.hardware.board;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;

/**
 * How a board is.
 *
 * @param fault what is latched; {@link BoardFault#NONE} where nothing is
 * @param rpm of each fan
 * @param leastFanPercent what the host asked for
 * @param hostCelsius what the host said last; empty where it said none
 * @param heartbeatAge empty where there was none, or none for over a minute
 * @param lastEvent its number; 0 where there is none
 * @param badFrames of the host's, as the board counts them; stops at 65535
 */
public record BoardStatus(
    BoardState state,
    BoardFault fault,
    Set<Flag> flags,
    int v12Millivolts,
    int auxMillivolts,
    int coreMillivolts,
    double sinkCelsius,
    double controllerCelsius,
    OptionalDouble hostCelsius,
    int fanPercent,
    int leastFanPercent,
    List<Integer> rpm,
    Duration uptime,
    Optional<Duration> heartbeatAge,
    long lastEvent,
    int badFrames,
    int boot) {
  /** Levels and marks, in the order of the bits of {@code enum link_flag}. */
  public enum Flag {
    EN_AUX,
    EN_CORE,
    EN_MODULE,
    PERST_RELEASED,
    THROTTLE,
    PSU_GOOD,
    VRM_GOOD,
    THERMTRIP,
    BUTTON,
    HOST_EXPECTED,
    HOST_LATE,
    STOP_ASKED
  }

  public BoardStatus {
    flags = Set.copyOf(flags);
    rpm = List.copyOf(rpm);
  }

  /** The fastest fan's; empty on a board without fans. */
  public OptionalInt fastest() {
    return rpm.stream().mapToInt(Integer::intValue).max();
  }
}
