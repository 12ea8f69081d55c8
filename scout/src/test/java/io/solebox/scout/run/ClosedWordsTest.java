package io.solebox.scout.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.solebox.scout.fake.ScriptedClock;
import io.solebox.scout.source.Found;
import io.solebox.scout.source.Refreshed;
import io.solebox.scout.source.Search;
import io.solebox.scout.state.ScoutTables;
import io.solebox.storage.Database;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** People hear on their channels that a market says nothing any more, once a day. */
class ClosedWordsTest {
  @TempDir private Path folder;

  private final List<String> heard = new ArrayList<>();

  private final class Ears implements RunListener {
    @Override
    public void asked(String market, Search search, Found found) {}

    @Override
    public void refreshed(String market, int asked, Refreshed refreshed) {}

    @Override
    public void closed(String market, String reason, String remedy) {
      heard.add(market);
    }

    @Override
    public void failed(String who, RuntimeException failure) {}
  }

  @Test
  void aClosedMarketIsToldOnceADay() {
    ScriptedClock clock = new ScriptedClock("2026-03-01T10:00:00Z");
    try (Database database = ScoutTables.open(folder.resolve(ScoutTables.FILE))) {
      var words = new ClosedWords(new Ears(), database, Set.of("phone", "mail"), clock);
      words.closed("ebay", "The key is wrong.", "Make another.");
      clock.wind(Duration.ofHours(1));
      words.closed("ebay", "The key is wrong.", "Make another.");
      assertEquals(2, waiting(database));
      clock.wind(Duration.ofDays(1));
      words.closed("ebay", "The key is wrong.", "Make another.");
      assertEquals(4, waiting(database));
      assertEquals(3, heard.size(), "on the console each time");
    }
  }

  private static long waiting(Database database) {
    return database.read(
        sql -> sql.first(row -> row.getLong(1), "SELECT COUNT(*) FROM outbox").orElseThrow());
  }
}
