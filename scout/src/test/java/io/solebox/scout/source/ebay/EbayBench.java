package io.solebox.scout.source.ebay;

import io.solebox.scout.fake.FakeEbay;
import io.solebox.scout.fake.ScriptedClock;
import io.solebox.scout.item.ItemKey;
import io.solebox.scout.item.Sighting;
import io.solebox.scout.source.Found;
import io.solebox.scout.source.Known;
import io.solebox.scout.source.Search;
import io.solebox.scout.state.ScoutTables;
import io.solebox.scout.watch.Watch;
import io.solebox.storage.Database;
import io.solebox.store.pull.http.Network;
import io.solebox.store.pull.http.Outbound;
import io.solebox.store.pull.http.Patience;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;

/** A source before a fake eBay, at a time that a test winds. */
final class EbayBench implements AutoCloseable {
  static final Known NOTHING = _ -> false;

  final ScriptedClock clock = new ScriptedClock("2026-03-02T12:00:00Z");
  final FakeEbay ebay = new FakeEbay(clock);
  final Outbound outbound = new Outbound(new Network.Open(), Patience.USUAL);
  final Path folder;
  final SellerKeys sellers;
  Database database;
  EbaySource source;

  EbayBench(Path folder) {
    this(folder, OptionalInt.empty());
  }

  EbayBench(Path folder, OptionalInt callsPerDay) {
    this.folder = folder;
    this.sellers = SellerKeys.in(folder);
    this.database = ScoutTables.open(folder.resolve(ScoutTables.FILE));
    this.source = source(account(FakeEbay.SECRET, callsPerDay));
  }

  EbayAccount account(String secret, OptionalInt callsPerDay) {
    return new EbayAccount(
        ebay.address(),
        FakeEbay.CLIENT_ID,
        secret,
        List.of(EbaySite.EBAY_DE, EbaySite.EBAY_GB, EbaySite.EBAY_US),
        callsPerDay,
        Optional.of("DE"));
  }

  EbaySource source(EbayAccount account) {
    return new EbaySource(account, outbound, database, sellers, clock, new Random(1));
  }

  /** As after the process has ended and begun anew. */
  void restart(OptionalInt callsPerDay) {
    database.close();
    database = ScoutTables.open(folder.resolve(ScoutTables.FILE));
    source = source(account(FakeEbay.SECRET, callsPerDay));
  }

  /** Looks for the words at a site, for nobody in particular. */
  Found find(EbaySite site, String words, Known known) throws InterruptedException {
    return source.find(new Search(site.name(), words, Optional.empty()), known);
  }

  Found find() throws InterruptedException {
    return find(EbaySite.EBAY_DE, "V100", NOTHING);
  }

  static Map<ItemKey, Sighting> byKey(Found found) {
    Map<ItemKey, Sighting> all = new HashMap<>();
    found.sightings().forEach(sighting -> all.put(sighting.key(), sighting));
    return all;
  }

  static ItemKey key(String id) {
    return new ItemKey("ebay", id);
  }

  /** A watch of these words that wants nothing else. */
  static Watch watch(String... any) {
    return new Watch(
        "cards",
        List.of(any),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Set.of(),
        Set.of(),
        OptionalInt.empty(),
        OptionalDouble.empty(),
        Set.of(),
        Optional.empty(),
        Optional.empty(),
        Set.of(),
        Set.of(),
        Set.of());
  }

  @Override
  public void close() {
    outbound.close();
    database.close();
    ebay.close();
  }
}
