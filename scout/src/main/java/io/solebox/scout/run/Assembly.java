package io.solebox.scout.run;

import io.solebox.scout.judge.Judge;
import io.solebox.scout.judge.Outlooks;
import io.solebox.scout.outbox.Pump;
import io.solebox.scout.outbox.Way;
import io.solebox.scout.page.ImageHosts;
import io.solebox.scout.page.Thumbnails;
import io.solebox.scout.settings.FeedSettings;
import io.solebox.scout.settings.ScoutSettings;
import io.solebox.scout.settings.ShopSettings;
import io.solebox.scout.source.Source;
import io.solebox.scout.source.ebay.DeletionNotices;
import io.solebox.scout.source.feed.FeedSource;
import io.solebox.scout.source.shop.ShopSource;
import io.solebox.scout.state.Ledger;
import io.solebox.scout.state.Searches;
import io.solebox.scout.watch.Watch;
import io.solebox.storage.Database;
import io.solebox.store.pull.http.Network;
import io.solebox.store.pull.http.Outbound;
import io.solebox.store.pull.http.Patience;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * All that a scout is made of, by its settings. Closing it ends connections; the database is its
 * owner's.
 */
public final class Assembly implements AutoCloseable {
  /** Between two looks whether somebody wants to see a picture. */
  private static final Duration PICTURES = Duration.ofSeconds(5);

  private final Surroundings around;
  private final ScoutSettings settings;
  private final Outbound outbound;
  private final Optional<EbayParts> ebay;
  private final RandomGenerator random = RandomGenerator.getDefault();

  /**
   * Where a scout lives.
   *
   * @param variables of the environment, where secrets may be
   * @param network closed where no connection may be opened
   * @param outlooks what the planner says of cards
   * @param listener hears what is asked
   * @param decided hears what is decided
   */
  public record Surroundings(
      Map<String, String> variables,
      Database database,
      Network network,
      InstantSource clock,
      Outlooks outlooks,
      RunListener listener,
      Consumer<Decision> decided) {}

  /**
   * @throws io.solebox.engine.error.SoleboxException {@code OFFLINE} if no connection may be opened
   */
  public Assembly(ScoutSettings settings, Surroundings around) {
    around.network().require("the scout");
    this.settings = settings;
    this.around = around;
    this.outbound = new Outbound(around.network(), Patience.USUAL);
    this.ebay =
        settings
            .ebay()
            .map(
                each ->
                    EbayParts.of(
                        each,
                        settings.general().country(),
                        around.variables(),
                        outbound,
                        around.database(),
                        around.clock(),
                        random));
  }

  /** All sources that the settings name. */
  private List<Source> sources() {
    List<Source> sources = new ArrayList<>();
    ebay.ifPresent(each -> sources.add(each.source()));
    settings
        .feeds()
        .forEach(
            each ->
                sources.add(
                    new FeedSource(each.feed(around.variables()), outbound, around.clock())));
    settings
        .shops()
        .forEach(
            each ->
                sources.add(
                    new ShopSource(each.shop(around.variables()), outbound, around.clock())));
    return sources;
  }

  /** All channels that the settings name. */
  public List<Way> ways() {
    return ChannelParts.ways(
        settings.channels(),
        settings.general().calm().zone(),
        around.variables(),
        around.network(),
        outbound,
        around.clock());
  }

  /** One that asks all sources and tells by these channels. */
  public Scout scout(List<Way> ways) {
    TreeSet<String> names = new TreeSet<>();
    settings.channels().forEach(channel -> names.add(channel.name()));
    Ledger ledger = ledger(names);
    Searches searches = new Searches(around.database());
    RunListener listener =
        new ClosedWords(around.listener(), around.database(), names, around.clock());
    List<SourceWork> work =
        sources().stream()
            .map(
                source ->
                    new SourceWork(
                        source,
                        settings.watches(),
                        ledger,
                        searches,
                        around.clock(),
                        random,
                        listener))
            .toList();
    Pump pump = new Pump(around.database(), ways, around.clock(), random);
    return new Scout(
        work, List.of(pictures()), pump, around.database(), around.clock(), around.listener());
  }

  /** Fetches pictures that somebody asks for on the page. */
  private Scout.Chore pictures() {
    Thumbnails thumbnails = new Thumbnails(around.database());
    ImageHosts hosts = hosts();
    return () -> {
      thumbnails.fetch(outbound::once, hosts, around.clock().instant());
      return around.clock().instant().plus(PICTURES);
    };
  }

  private ImageHosts hosts() {
    ImageHosts hosts = ImageHosts.EBAY;
    for (FeedSettings feed : settings.feeds()) {
      hosts = hosts.with(feed.name(), feed.address().read(around.variables()));
    }
    for (ShopSettings shop : settings.shops()) {
      hosts = hosts.with(shop.name(), shop.shop(around.variables()).mapping().url());
    }
    return hosts;
  }

  private Ledger ledger(TreeSet<String> channels) {
    Judge judge = new Judge(around.database(), around.outlooks());
    List<Watch> watches =
        ebay.map(each -> each.watches(settings.watches())).orElse(settings.watches());
    return new Ledger(around.database(), new Telling(watches, channels, judge, around.decided()));
  }

  /** Waits for eBay's notices of deleted accounts, where the settings say so. */
  public Optional<DeletionNotices> notices() {
    return ebay.flatMap(each -> each.listen(around.database(), around.clock(), around.variables()));
  }

  @Override
  public void close() {
    outbound.close();
  }
}
