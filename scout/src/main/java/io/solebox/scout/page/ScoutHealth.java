package io.solebox.scout.page;

import io.solebox.scout.outbox.ChannelState;
import io.solebox.scout.source.ebay.EbayQuota;
import io.solebox.storage.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How the scout is: searches, markets, channels, what waits. */
final class ScoutHealth {
  /** A scout that is at work asks what is due within it, whatever a round takes. */
  private static final Duration LATE = Duration.ofMinutes(15);

  private ScoutHealth() {}

  static void put(Map<String, Object> body, Sql sql, Instant now) throws SQLException {
    List<Map<String, Object>> sources =
        sql.list(
            ScoutHealth::source,
            "SELECT market, site, words, watch, asked, due, failures, problem FROM search ORDER BY"
                + " market, site, watch, words");
    List<Map<String, Object>> closed =
        sql.list(
            row ->
                Map.<String, Object>of(
                    "name", row.getString(1),
                    "why", row.getString(2),
                    "remedy", row.getString(3)),
            "SELECT name, closed, remedy FROM market WHERE closed <> '' ORDER BY name");
    boolean late = isLate(sources, closed, now);
    body.put("state", late ? "quiet" : "watching");
    if (late) {
      body.put(
          "why",
          sources.isEmpty()
              ? "The scout has asked nowhere so far."
              : "The scout has not looked when it was to look.");
      body.put("remedy", "Start it with 'solebox scout run', and see what it says.");
    }
    long looked = most(sources.stream(), "asked");
    if (looked > 0) {
      body.put("looked_at", looked);
    }
    body.put("sources", sources);
    body.put("markets", closed);
    body.put("channels", ChannelState.list(sql, now).stream().map(ScoutHealth::channel).toList());
  }

  /** Of markets that are closed nothing is asked, and that is said of them. */
  private static boolean isLate(
      List<Map<String, Object>> sources, List<Map<String, Object>> closed, Instant now) {
    Set<Object> names = closed.stream().map(each -> each.get("name")).collect(Collectors.toSet());
    List<Map<String, Object>> open =
        sources.stream().filter(source -> !names.contains(source.get("market"))).toList();
    return (sources.isEmpty() || !open.isEmpty())
        && most(open.stream(), "due") < now.minus(LATE).getEpochSecond();
  }

  private static long most(Stream<Map<String, Object>> sources, String field) {
    return sources.mapToLong(source -> (Long) source.get(field)).max().orElse(0);
  }

  private static Map<String, Object> source(ResultSet row) throws SQLException {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("market", row.getString(1));
    fields.put("site", row.getString(2));
    fields.put("words", row.getString(3));
    fields.put("watch", row.getString(4));
    fields.put("asked", seconds(row.getLong(5)));
    fields.put("due", seconds(row.getLong(6)));
    fields.put("failures", row.getInt(7));
    fields.put("problem", row.getString(8));
    return fields;
  }

  private static Map<String, Object> pool(EbayQuota.Pool pool) {
    return Map.of(
        "pool", pool.key(),
        "used", pool.used(),
        "allowed", pool.allowed(),
        "left", pool.left(),
        "resets", pool.resets().getEpochSecond());
  }

  private static Map<String, Object> channel(ChannelState channel) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", channel.name());
    fields.put("state", state(channel));
    fields.put("waiting", channel.waiting());
    fields.put(
        "refused",
        channel.refused().stream()
            .map(each -> Map.of("at", each.at().getEpochSecond(), "why", each.reason()))
            .toList());
    if (!channel.problem().isEmpty()) {
      fields.put("why", channel.problem());
    }
    channel.stopped().ifPresent(remedy -> fields.put("remedy", remedy));
    channel.next().ifPresent(next -> fields.put("next", next.getEpochSecond()));
    channel.accepted().ifPresent(at -> fields.put("accepted", at.getEpochSecond()));
    return fields;
  }

  private static String state(ChannelState channel) {
    if (channel.stopped().isPresent()) {
      return "stopped";
    }
    return channel.next().isPresent() ? "pausing" : "open";
  }

  private static long seconds(long millis) {
    return Instant.ofEpochMilli(millis).getEpochSecond();
  }
}
