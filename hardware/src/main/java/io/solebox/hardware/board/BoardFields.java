package io.solebox.hardware.board;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What a board says as maps, lists, texts and numbers, in the order in which JSON shows them. */
public final class BoardFields {
  private static final double MILLIS = 1000;

  private BoardFields() {}

  /** Who it is. */
  public static Map<String, Object> of(BoardInfo info) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("board", info.board());
    fields.put("firmware", info.firmware());
    fields.put("link", info.link());
    fields.put("boot", info.boot());
    fields.put("after_watchdog", info.afterWatchdog());
    return fields;
  }

  /** How it is. */
  public static Map<String, Object> of(BoardStatus status) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("state", status.state().word());
    fields.put("fault", status.fault().word());
    fields.put("fault_words", status.fault().words());
    fields.put("remedy", said(status.fault().remedy()));
    fields.put(
        "flags",
        status.flags().stream()
            .sorted()
            .map(flag -> flag.name().toLowerCase(Locale.ROOT))
            .toList());
    fields.put("v12_volts", status.v12Millivolts() / MILLIS);
    fields.put("aux_volts", status.auxMillivolts() / MILLIS);
    fields.put("core_volts", status.coreMillivolts() / MILLIS);
    fields.put("sink_celsius", status.sinkCelsius());
    fields.put("controller_celsius", status.controllerCelsius());
    fields.put(
        "host_celsius",
        status.hostCelsius().isPresent() ? status.hostCelsius().getAsDouble() : null);
    fields.put("fan_percent", status.fanPercent());
    fields.put("least_fan_percent", status.leastFanPercent());
    fields.put("fan_rpm", status.rpm());
    fields.put("uptime_seconds", status.uptime().toMillis() / MILLIS);
    fields.put(
        "heartbeat_age_seconds",
        status.heartbeatAge().map(age -> age.toMillis() / MILLIS).orElse(null));
    fields.put("last_event", status.lastEvent());
    fields.put("bad_frames", status.badFrames());
    fields.put("boot", status.boot());
    return fields;
  }

  /** What became of it. */
  public static List<Map<String, Object>> of(List<BoardEvent> events) {
    return events.stream().map(BoardFields::of).toList();
  }

  private static Map<String, Object> of(BoardEvent event) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("number", event.number());
    fields.put("boot", event.boot());
    fields.put("at_seconds", event.at().toMillis() / MILLIS);
    fields.put("from", event.from().word());
    fields.put("to", event.to().word());
    fields.put("cause", event.cause().name().toLowerCase(Locale.ROOT));
    fields.put("fault", event.fault().word());
    fields.put("fault_words", event.fault() == BoardFault.NONE ? null : event.fault().words());
    fields.put("value", event.value());
    return fields;
  }

  /** What its link has had to do. */
  public static Map<String, Object> of(LinkCounts counts) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("asked", counts.asked());
    fields.put("answered", counts.answered());
    fields.put("resent", counts.resent());
    fields.put("strange", counts.strange());
    fields.put("bad", counts.bad());
    fields.put("skipped", counts.skipped());
    fields.put("lost", counts.lost());
    return fields;
  }

  private static String said(String text) {
    return Optional.of(text).filter(each -> !each.isEmpty()).orElse(null);
  }
}
