package io.solebox.scout.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.scout.fake.FakeEbay;
import io.solebox.scout.fake.FakeListing;
import io.solebox.scout.fake.ScriptedClock;
import io.solebox.scout.item.Sighting;
import io.solebox.scout.judge.Judgement;
import io.solebox.scout.settings.EbaySettings;
import io.solebox.scout.settings.SecretPlace;
import io.solebox.scout.source.Found;
import io.solebox.scout.source.Search;
import io.solebox.scout.source.ebay.EbaySite;
import io.solebox.scout.state.Hearing;
import io.solebox.scout.state.Interest;
import io.solebox.scout.state.Ledger;
import io.solebox.scout.state.ScoutTables;
import io.solebox.scout.story.Event;
import io.solebox.storage.Database;
import io.solebox.storage.Sql;
import io.solebox.store.pull.http.Ask;
import io.solebox.store.pull.http.Network;
import io.solebox.store.pull.http.Outbound;
import io.solebox.store.pull.http.Patience;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From settings to a listing that is forgotten when its seller's account is. */
class EbayPartsTest {
  private static final Hearing WANTS_ALL =
      new Hearing() {
        @Override
        public Interest interest(Sighting seen) {
          return new Interest(Judgement.NONE, List.of("all"), Map.of());
        }

        @Override
        public void seen(Sql sql, Sighting seen, Interest interest) {}

        @Override
        public String wishes() {
          return "";
        }

        @Override
        public void wantedAnew(Sql sql, Event event, Interest interest, List<String> fresh) {}

        @Override
        public void happened(Sql sql, Event event, Interest interest, List<String> before) {}
      };

  @TempDir Path folder;

  @Test
  void whatASellerHadIsGoneWhenTheAccountIs() throws Exception {
    ScriptedClock clock = new ScriptedClock("2026-03-02T12:00:00Z");
    Map<String, String> variables =
        Map.of("SECRET", FakeEbay.SECRET, "TOKEN", "abcdefghijklmnopqrstuvwxyz_0123456789");
    try (FakeEbay ebay = new FakeEbay(clock);
        Database database = ScoutTables.open(folder.resolve(ScoutTables.FILE));
        Outbound outbound = new Outbound(new Network.Open(), Patience.USUAL)) {
      EbayParts parts =
          EbayParts.of(
              settings(ebay),
              Optional.of("DE"),
              variables,
              outbound,
              database,
              clock,
              new Random(1));
      Ledger ledger = new Ledger(database, WANTS_ALL);
      ebay.put(
          FakeListing.fixed("1", "V100 from one", "9", "EUR", clock.instant()).by("One", 5),
          FakeListing.fixed("2", "V100 from two", "9", "EUR", clock.instant()).by("Two", 5));
      Found found =
          parts.source().find(new Search("EBAY_DE", "V100", Optional.empty()), _ -> false);
      ledger.takeAgain(assertInstanceOf(Found.Whole.class, found).sightings());
      try (var notices = parts.listen(database, clock, variables).orElseThrow()) {
        byte[] body = ebay.notices().deletion("One", "an-id");
        Ask ask =
            Ask.post(
                    URI.create("http://localhost:" + notices.address().getPort() + "/ebay"),
                    new Ask.Body("application/json", body))
                .with("X-EBAY-SIGNATURE", ebay.notices().signature(body));
        assertEquals(204, outbound.once(ask, 100).head().status());
      }
      assertEquals(
          List.of("2"),
          database.read(
              sql ->
                  sql.list(
                      row -> row.getString(1), "SELECT id FROM item WHERE seller IS NOT NULL")));
      assertTrue(isOnDisk("from two"));
      assertEquals(false, isOnDisk("from one"));
    }
  }

  private boolean isOnDisk(String text) throws Exception {
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        if (new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(text)) {
          return true;
        }
      }
    }
    return false;
  }

  private static EbaySettings settings(FakeEbay ebay) {
    return new EbaySettings(
        ebay.address(),
        FakeEbay.CLIENT_ID,
        new SecretPlace.InVariable("SECRET"),
        Set.of(EbaySite.EBAY_DE),
        OptionalInt.empty(),
        Optional.of(
            new EbaySettings.Notices(
                URI.create("https://scout.example.org/ebay"),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                new SecretPlace.InVariable("TOKEN"))));
  }
}
