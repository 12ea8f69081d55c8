package io.solebox.app.bench;

import static io.solebox.app.bench.Yardsticks.orNull;

import io.solebox.engine.backend.StepProfile;
import io.solebox.engine.backend.StepProfile.Phase;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Where the time of a decode step goes, for people and programs.
 *
 * @param bandwidth read bandwidth of the device in bytes per second, to hold phases against
 */
record ProfileReport(int position, StepProfile profile, OptionalDouble bandwidth) {
  private static final int BAR = 24;

  Map<String, Object> fields() {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("position", position);
    fields.put("step_microseconds", profile.stepMicros());
    fields.put("nodes", profile.phases().stream().map(this::phaseFields).toList());
    fields.put("host", profile.host().map(ProfileReport::hostFields).orElse(null));
    return fields;
  }

  private Map<String, Object> phaseFields(Phase phase) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("kind", phase.kind());
    fields.put("launches", phase.launches());
    fields.put("bytes", phase.bytes());
    fields.put("microseconds", phase.micros());
    fields.put("microseconds_apart", orNull(phase.microsApart()));
    fields.put("bytes_per_second", phase.bytesPerSecond());
    fields.put("bandwidth_share", orNull(share(phase)));
    return fields;
  }

  private static Map<String, Object> hostFields(StepProfile.Host host) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("hand_over_microseconds", host.handOverMicros());
    fields.put("launch_microseconds", host.launchMicros());
    fields.put("wait_microseconds", host.waitMicros());
    fields.put("wake_up_microseconds", host.wakeUpMicros());
    return fields;
  }

  private OptionalDouble share(Phase phase) {
    return bandwidth.isPresent() && phase.bytes() > 0
        ? OptionalDouble.of(phase.bytesPerSecond() / bandwidth.getAsDouble())
        : OptionalDouble.empty();
  }

  private double longest() {
    return profile.phases().stream().mapToDouble(Phase::totalMicros).max().orElse(1);
  }

  /** A table with bars, the widest for what takes longest. */
  List<String> lines() {
    var lines = new ArrayList<String>();
    lines.add("");
    lines.add(text("one step at %d: %.0f us on the device", position, profile.stepMicros()));
    lines.add(
        text(
            "  %s %8s %9s %9s %8s %6s",
            padded(""), "launches", "us each", "us apart", "GB/s", "share"));
    for (Phase phase : profile.phases()) {
      lines.add(line(phase));
    }
    double known = profile.phases().stream().mapToDouble(Phase::totalMicros).sum();
    lines.add(text("  %s %8s %9.0f us together", padded("all of them"), "", known));
    profile
        .host()
        .ifPresent(
            h ->
                lines.add(
                    text(
                        "  host: %.0f us to hand over, %.0f to launch, %.0f to wait, %.0f to wake up",
                        h.handOverMicros(), h.launchMicros(), h.waitMicros(), h.wakeUpMicros())));
    return lines;
  }

  /** To the width of the longest name. */
  private String padded(String name) {
    int width = profile.phases().stream().mapToInt(p -> p.kind().length()).max().orElse(0);
    return name + " ".repeat(Math.max(0, Math.max(12, width) - name.length()));
  }

  private String line(Phase phase) {
    int length = (int) Math.round(BAR * phase.totalMicros() / longest());
    String apart =
        phase.microsApart().isPresent() ? text("%.1f", phase.microsApart().getAsDouble()) : "";
    OptionalDouble share = share(phase);
    return text(
        "  %s %8d %9.1f %9s %8s %6s  %s",
        padded(phase.kind()),
        phase.launches(),
        phase.micros(),
        apart,
        phase.bytes() > 0 ? text("%.0f", phase.bytesPerSecond() / 1e9) : "",
        share.isPresent() ? text("%.0f %%", 100 * share.getAsDouble()) : "",
        "#".repeat(length));
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
