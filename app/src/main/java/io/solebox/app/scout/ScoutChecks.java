package io.solebox.app.scout;

import io.solebox.app.console.Environment;
import io.solebox.engine.error.SoleboxException;
import io.solebox.scout.run.EbayParts;
import io.solebox.scout.settings.EbaySettings;
import io.solebox.scout.settings.ScoutSettings;
import io.solebox.scout.source.Found;
import io.solebox.scout.source.Search;
import io.solebox.scout.source.Source;
import io.solebox.scout.source.ebay.EbayCheck;
import io.solebox.scout.source.ebay.EbayQuota;
import io.solebox.scout.source.feed.FeedSource;
import io.solebox.scout.source.shop.ShopSource;
import io.solebox.storage.Database;
import io.solebox.store.pull.http.Network;
import io.solebox.store.pull.http.Outbound;
import io.solebox.store.pull.http.Patience;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** Looks at all that a scout needs, one after the other; what fails keeps none from its turn. */
final class ScoutChecks {
  /** Tokens and signatures fail beyond a few minutes. */
  private static final Duration CLOCK = Duration.ofMinutes(2);

  private final ScoutPlace place;
  private final Environment environment;
  private final ScoutSettings settings;
  private final ChannelChecks channels;
  private final InstantSource clock = InstantSource.system();
  private final List<ScoutFinding> findings = new ArrayList<>();

  /**
   * @param sends whether each channel is sent something
   */
  ScoutChecks(ScoutPlace place, Environment environment, ScoutSettings settings, boolean sends) {
    this.place = place;
    this.environment = environment;
    this.settings = settings;
    this.channels = new ChannelChecks(environment, settings, clock, sends);
  }

  List<ScoutFinding> all() throws InterruptedException {
    findings.add(
        settings.watches().isEmpty()
            ? ScoutFinding.warn(
                "watches", "Nothing is looked for.", "Add one with 'solebox scout watches add'.")
            : ScoutFinding.ok("watches", settings.watches().size() + " are looked for."));
    Network network = network();
    try (Database database = place.open(environment);
        Outbound outbound = new Outbound(network, Patience.USUAL)) {
      findings.add(
          database.lookedOver()
              ? ScoutFinding.ok("state", database.file() + " is whole.")
              : ScoutFinding.warn("state", "There was no time to look at all of it.", ""));
      boolean isOpen = network instanceof Network.Open;
      if (isOpen) {
        sources(database, outbound);
      }
      findings.addAll(channels.all(database, network, outbound));
    } catch (SoleboxException e) {
      findings.add(ScoutFinding.fail("state", e.getMessage(), e.remedy()));
    }
    return findings;
  }

  private Network network() {
    try {
      Network network = ScoutPlace.network(environment);
      network.require("the scout");
      findings.add(ScoutFinding.ok("network", "Connections may be opened."));
      return network;
    } catch (SoleboxException e) {
      findings.add(
          ScoutFinding.fail(
              "network",
              e.getMessage() + " No source was asked.",
              "Run the scout on another machine: it needs nothing of this one."));
      return new Network.Closed(e.getMessage());
    }
  }

  private void sources(Database database, Outbound outbound) throws InterruptedException {
    if (settings.ebay().isPresent()) {
      ebay(settings.ebay().get(), database, outbound);
    }
    for (var feed : settings.feeds()) {
      source(
          "feed " + feed.name(),
          () -> new FeedSource(feed.feed(environment.variables()), outbound, clock));
    }
    for (var shop : settings.shops()) {
      source(
          "shop " + shop.name(),
          () -> new ShopSource(shop.shop(environment.variables()), outbound, clock));
    }
  }

  private void source(String what, Supplier<Source> maker) throws InterruptedException {
    try {
      Source source = maker.get();
      Found found = source.find(new Search(source.market(), "", Optional.empty()), _ -> false);
      String count = "%d things".formatted(found.sightings().size());
      findings.add(
          switch (found) {
            case Found.Whole(_, List<String> notes) when notes.isEmpty() ->
                ScoutFinding.ok(what, count + ".");
            case Found.Whole(_, List<String> notes) ->
                ScoutFinding.warn(what, count + ". " + String.join(" ", notes), "");
            case Found.Part(_, _, String reason) ->
                ScoutFinding.fail(what, count + ", and then " + reason + ".", "Try again later.");
            case Found.Closed(_, String reason, String remedy) ->
                ScoutFinding.fail(what, reason, remedy);
          });
      source.clockBehind().ifPresent(behind -> findings.add(clock("clock by " + what, behind)));
    } catch (SoleboxException e) {
      findings.add(ScoutFinding.fail(what, e.getMessage(), e.remedy()));
    }
  }

  private void ebay(EbaySettings ebay, Database database, Outbound outbound)
      throws InterruptedException {
    try {
      EbayParts parts =
          EbayParts.of(
              ebay,
              settings.general().country(),
              environment.variables(),
              outbound,
              database,
              clock,
              RandomGenerator.getDefault());
      switch (parts.source().check()) {
        case EbayCheck.Accepted(EbayQuota quota, Optional<Duration> behind) -> {
          findings.add(ScoutFinding.ok("ebay", "The key is accepted."));
          quota.pools().forEach(pool -> findings.add(quota(pool)));
          findings.add(
              behind
                  .map(each -> clock("clock by ebay", each))
                  .orElse(ScoutFinding.warn("clock by ebay", "eBay did not say the time.", "")));
        }
        case EbayCheck.NotNow(_, String reason) ->
            findings.add(ScoutFinding.warn("ebay", reason, "Try again later."));
        case EbayCheck.Refused(String reason, String remedy) ->
            findings.add(ScoutFinding.fail("ebay", reason, remedy));
      }
    } catch (SoleboxException e) {
      findings.add(ScoutFinding.fail("ebay", e.getMessage(), e.remedy()));
    }
  }

  private static ScoutFinding quota(EbayQuota.Pool pool) {
    String text =
        "%d of %d calls are left until %s.".formatted(pool.left(), pool.allowed(), pool.resets());
    return pool.left() > 0
        ? ScoutFinding.ok("quota " + pool.key(), text)
        : ScoutFinding.warn("quota " + pool.key(), text, "Nothing is asked until then.");
  }

  private static ScoutFinding clock(String what, Duration behind) {
    long seconds = behind.toSeconds();
    return behind.abs().compareTo(CLOCK) <= 0
        ? ScoutFinding.ok(what, "It is right to %d s.".formatted(Math.abs(seconds)))
        : ScoutFinding.fail(
            what,
            "It is %d s %s.".formatted(Math.abs(seconds), seconds > 0 ? "behind" : "ahead"),
            "Have it set by NTP: timedatectl set-ntp true.");
  }
}
