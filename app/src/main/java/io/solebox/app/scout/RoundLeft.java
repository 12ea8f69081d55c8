package io.solebox.app.scout;

import io.solebox.app.console.Console;
import io.solebox.scout.outbox.ChannelState;
import io.solebox.scout.source.ebay.EbayQuota;
import io.solebox.storage.Database;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is left after a round.
 *
 * @param channels of all that anything was ever put for
 * @param quota of what eBay lets be asked
 */
record RoundLeft(List<ChannelState> channels, EbayQuota quota) {
  static RoundLeft in(Database database, Instant now) {
    return database.read(sql -> new RoundLeft(ChannelState.list(sql, now), EbayQuota.read(sql)));
  }

  /** On stderr: calls, and channels for which something waits. */
  void print(Console console) {
    for (EbayQuota.Pool pool : quota.pools()) {
      console.error(
          "quota %s: %d of %d calls are left until %s"
              .formatted(pool.key(), pool.left(), pool.allowed(), pool.resets()));
    }
    for (ChannelState state : channels) {
      if (state.stopped().isPresent()) {
        console.error(
            "%s takes nothing: %s; %d wait. %s"
                .formatted(state.name(), state.problem(), state.waiting(), state.stopped().get()));
      } else if (state.waiting() > 0) {
        console.error(
            "%s: %d wait".formatted(state.name(), state.waiting())
                + (state.problem().isEmpty() ? "" : ", since " + state.problem())
                + state.next().map(next -> "; not before " + next).orElse(""));
      }
    }
  }

  /** The same for scripts. */
  Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("channels", channels.stream().map(RoundLeft::fields).toList());
    fields.put("quota", quota.pools().stream().map(RoundLeft::fields).toList());
    return fields;
  }

  private static Map<String, Object> fields(ChannelState state) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", state.name());
    fields.put("waiting", state.waiting());
    fields.put("stopped", state.stopped().isPresent());
    fields.put("problem", state.problem());
    state.next().ifPresent(next -> fields.put("next", next.toString()));
    return fields;
  }

  private static Map<String, Object> fields(EbayQuota.Pool pool) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("pool", pool.key());
    fields.put("left", pool.left());
    fields.put("allowed", pool.allowed());
    fields.put("resets", pool.resets().toString());
    return fields;
  }
}
