package io.solebox.scout.run;

import io.solebox.scout.item.Hashes;
import io.solebox.scout.notice.Word;
import io.solebox.scout.outbox.Outbox;
import io.solebox.scout.source.Found;
import io.solebox.scout.source.Refreshed;
import io.solebox.scout.source.Search;
import io.solebox.storage.Database;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;

/**
 * Tells the channels, too, that nothing comes from a market any more: whoever waits for news would
 * take the silence for a quiet market. At most once a day for the same reason.
 */
final class ClosedWords implements RunListener {
  private final RunListener next;
  private final Database database;
  private final Set<String> channels;
  private final InstantSource clock;

  /**
   * @param next hears all, too
   */
  ClosedWords(RunListener next, Database database, Set<String> channels, InstantSource clock) {
    this.next = next;
    this.database = database;
    this.channels = Set.copyOf(channels);
    this.clock = clock;
  }

  @Override
  public void closed(String market, String reason, String remedy) {
    next.closed(market, reason, remedy);
    Instant now = clock.instant();
    String day = now.truncatedTo(ChronoUnit.DAYS).toString();
    Word word =
        new Word(
            Hashes.of(List.of("closed", market, reason, day)),
            now,
            "Nothing comes from " + market + " any more",
            reason + " " + remedy);
    database.transaction(sql -> Outbox.put(sql, word, channels));
  }

  @Override
  public void asked(String market, Search search, Found found) {
    next.asked(market, search, found);
  }

  @Override
  public void refreshed(String market, int asked, Refreshed refreshed) {
    next.refreshed(market, asked, refreshed);
  }

  @Override
  public void failed(String who, RuntimeException failure) {
    next.failed(who, failure);
  }
}
