package io.solebox.app.board;

import io.solebox.hardware.board.BoardInfo;
import io.solebox.hardware.board.BoardLimits;
import io.solebox.hardware.board.BoardStatus;
import io.solebox.hardware.board.BoardStatus.Flag;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** How a board is, in lines for a terminal. */
final class StatusView {
  private static final int GAUGE = 21;
  private static final int COLDEST = 20;

  private StatusView() {}

  /** What stands below the line of its state. */
  static List<String> lines(BoardInfo info, BoardStatus status) {
    List<String> lines = new ArrayList<>();
    lines.addAll(rails(info, status));
    lines.add("");
    lines.addAll(temperatures(info, status));
    lines.add("");
    lines.add(row("fans", fans(status), ""));
    lines.add(row("drives", outputs(status), ""));
    lines.add(row("host", host(status), ""));
    lines.add(
        row(
            "up",
            "%s, boot %d%s"
                .formatted(
                    Words.time(status.uptime()),
                    status.boot(),
                    info.afterWatchdog() ? ", since the watchdog bit" : ""),
            ""));
    if (status.badFrames() > 0) {
      lines.add(
          row(
              "link",
              status.badFrames() + " frames reached the board damaged; check its wiring",
              ""));
    }
    return lines;
  }

  private static List<String> rails(BoardInfo info, BoardStatus status) {
    Optional<BoardLimits> limits = info.limits();
    boolean hasAux = status.flags().contains(Flag.EN_AUX);
    boolean hasCore = status.flags().contains(Flag.EN_CORE);
    return List.of(
        rail(
            "12 V",
            status.v12Millivolts(),
            limits.map(BoardLimits::v12),
            status.flags().contains(Flag.PSU_GOOD) ? "supply good" : "supply not good"),
        rail(
            "3.3 V aux",
            status.auxMillivolts(),
            limits.map(BoardLimits::aux).filter(_ -> hasAux),
            hasAux ? "on" : "off"),
        rail(
            "core",
            status.coreMillivolts(),
            limits.map(BoardLimits::core).filter(_ -> hasCore),
            (hasCore ? "on" : "off")
                + (status.flags().contains(Flag.VRM_GOOD) ? ", regulator good" : "")));
  }

  /**
   * @param window within which it is to be now
   */
  private static String rail(
      String name, int millivolts, Optional<BoardLimits.Window> window, String how) {
    String gauge = window.map(each -> gauge(millivolts, each)).orElse("");
    return row(name, "%9s".formatted(Words.volts(millivolts)), gauge + how);
  }

  /** A window with a mark where the value is, or beside it. */
  private static String gauge(int millivolts, BoardLimits.Window window) {
    int low = window.lowestMillivolts();
    int high = window.highestMillivolts();
    StringBuilder line = new StringBuilder("─".repeat(GAUGE));
    if (window.holds(millivolts) && high > low) {
      line.setCharAt((int) Math.round((GAUGE - 1.0) * (millivolts - low) / (high - low)), '●');
    }
    return "%8s %s%s%s %-8s "
        .formatted(
            Words.volts(low).replace(" V", ""),
            millivolts < low ? "◂├" : " ├",
            line,
            millivolts > high ? "┤▸" : "┤ ",
            Words.volts(high));
  }

  private static List<String> temperatures(BoardInfo info, BoardStatus status) {
    String limits =
        info.limits()
            .map(
                each ->
                    bar(status.sinkCelsius(), each.tripCelsius())
                        + " slows at %.0f, trips at %.0f °C"
                            .formatted(each.throttleCelsius(), each.tripCelsius()))
            .orElse("");
    List<String> lines = new ArrayList<>();
    lines.add(row("heat sink", "%9s".formatted(Words.celsius(status.sinkCelsius())), limits));
    lines.add(row("controller", "%9s".formatted(Words.celsius(status.controllerCelsius())), ""));
    if (status.hostCelsius().isPresent()) {
      lines.add(
          row("host says", "%9s".formatted(Words.celsius(status.hostCelsius().getAsDouble())), ""));
    }
    return lines;
  }

  private static String bar(double celsius, double trip) {
    double share = Math.clamp((celsius - COLDEST) / Math.max(1, trip - COLDEST), 0, 1);
    int filled = (int) Math.round(GAUGE * share);
    return " ".repeat(10) + "█".repeat(filled) + "░".repeat(GAUGE - filled) + "  ";
  }

  private static String fans(BoardStatus status) {
    String turns = status.rpm().stream().map(rpm -> rpm + " rpm").collect(Collectors.joining(", "));
    return "%d %%%s, %s"
        .formatted(
            status.fanPercent(),
            status.leastFanPercent() > 0
                ? " (at least %d asked for)".formatted(status.leastFanPercent())
                : "",
            turns);
  }

  private static String outputs(BoardStatus status) {
    return "module %s, PERST# %s%s"
        .formatted(
            status.flags().contains(Flag.EN_MODULE) ? "on" : "off",
            status.flags().contains(Flag.PERST_RELEASED) ? "released" : "asserted",
            (status.flags().contains(Flag.THROTTLE) ? ", throttled" : "")
                + (status.flags().contains(Flag.THERMTRIP) ? ", THERMTRIP# asserted" : ""));
  }

  private static String host(BoardStatus status) {
    String heard =
        status
            .heartbeatAge()
            .map(age -> "last heard " + Words.time(age) + " ago")
            .orElse("not heard");
    String asked = status.flags().contains(Flag.STOP_ASKED) ? ", asked to stop" : "";
    if (status.flags().contains(Flag.HOST_LATE)) {
      return heard + ", late" + asked;
    }
    return heard + (status.flags().contains(Flag.HOST_EXPECTED) ? "" : ", not waited for") + asked;
  }

  private static String row(String name, String value, String rest) {
    return ("  %-11s %-10s %s".formatted(name, value, rest)).stripTrailing();
  }
}
