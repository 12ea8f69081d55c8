package io.solebox.server.hardware;

import io.solebox.hardware.telemetry.BoxEnergy;
import io.solebox.hardware.telemetry.BoxEnergy.By;
import io.solebox.hardware.telemetry.BoxEnergy.Drawn;
import io.solebox.hardware.telemetry.Snapshot;
import io.solebox.hardware.telemetry.SnapshotFields;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.LongSupplier;

/**
 * Holds what the machine draws against the tokens that it makes, since the start. What was measured
 * by different means is never added up. Safe for many threads.
 */
final class EnergyLedger {
  private static final double JOULES_PER_KWH = 3.6e6;
  private static final double SECONDS_PER_DAY = 86_400;
  private static final double LONGEST_LOOK_SECONDS = 60;
  private static final double MILLI = 1e-3;

  private final LongSupplier tokens;
  private final OptionalDouble pricePerKwh;
  private final BoxEnergy energy = new BoxEnergy(); // guarded by this, as the next
  private final Map<By, Sum> sums = new EnumMap<>(By.class);
  private Optional<Drawn> latest = Optional.empty();
  private Optional<Instant> before = Optional.empty();
  private long tokensBefore;

  /**
   * @param busyJoules of the time in which tokens were made
   */
  private record Sum(double seconds, double joules, double busyJoules, long tokens) {
    static final Sum NONE = new Sum(0, 0, 0, 0);

    Sum and(double more, double drawn, long made) {
      return new Sum(
          seconds + more, joules + drawn, busyJoules + (made > 0 ? drawn : 0), tokens + made);
    }
  }

  /**
   * @param tokens that were generated since the start
   * @param pricePerKwh in whatever currency; empty where nobody has said it
   */
  EnergyLedger(LongSupplier tokens, OptionalDouble pricePerKwh) {
    this.tokens = tokens;
    this.pricePerKwh = pricePerKwh;
  }

  synchronized void add(Snapshot snapshot) {
    long made = tokens.getAsLong() - tokensBefore;
    tokensBefore += made;
    double seconds =
        before.map(at -> Duration.between(at, snapshot.at()).toMillis() * MILLI).orElse(0.0);
    before = Optional.of(snapshot.at());
    latest = energy.observe(snapshot);
    latest
        .filter(drawn -> drawn.joules() > 0 || isWatched(seconds))
        .ifPresent(
            drawn ->
                sums.merge(
                    drawn.by(),
                    Sum.NONE.and(seconds, drawn.joules(), made),
                    (sum, _) -> sum.and(seconds, drawn.joules(), made)));
  }

  /** A counter may stand still for a while; a machine that slept has not been watched. */
  private static boolean isWatched(double seconds) {
    return seconds > 0 && seconds <= LONGEST_LOOK_SECONDS;
  }

  /** What is so by what measures it now; empty where nothing does. */
  synchronized Optional<Map<String, Object>> fields() {
    return latest.map(drawn -> fields(drawn, sums.getOrDefault(drawn.by(), Sum.NONE)));
  }

  private Map<String, Object> fields(Drawn drawn, Sum sum) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("measured_by", drawn.by().name().toLowerCase(Locale.ROOT));
    fields.put("measured", drawn.by().words());
    fields.put("watts", SnapshotFields.number(drawn.watts()));
    fields.put("joules", SnapshotFields.number(sum.joules()));
    fields.put("generated_tokens", sum.tokens());
    if (sum.joules() > 0) {
      fields.put("tokens_per_joule", SnapshotFields.number(sum.tokens() / sum.joules()));
      double kwh = sum.joules() / sum.seconds() * SECONDS_PER_DAY / JOULES_PER_KWH;
      fields.put("kwh_per_day", SnapshotFields.number(kwh));
      pricePerKwh.ifPresent(
          price -> fields.put("cost_per_day", SnapshotFields.number(kwh * price)));
    }
    if (sum.busyJoules() > 0) {
      fields.put("tokens_per_joule_busy", SnapshotFields.number(sum.tokens() / sum.busyJoules()));
    }
    return fields;
  }
}
