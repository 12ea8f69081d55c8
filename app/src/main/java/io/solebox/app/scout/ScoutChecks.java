package io.solebox.app.scout;

import io.solebox.app.console.Environment;
import io.solebox.engine.error.SoleboxException;
import io.solebox.scout.outbox.ChannelState;
import io.solebox.scout.run.EbayParts;
import io.solebox.scout.settings.ChannelSettings;
import io.solebox.scout.settings.ChannelSettings.Way;
import io.solebox.scout.settings.EbaySettings;
import io.solebox.scout.settings.ScoutSettings;
import io.solebox.scout.settings.SecretPlace;
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
  private final InstantSource clock = InstantSource.system();
  private final List<ScoutFinding> findings = new ArrayList<>();

  ScoutChecks(ScoutPlace place, Environment environment, ScoutSettings settings) {
    this.place = place;
    this.environment = environment;
    this.settings = settings;
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
      channels(database);
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
          findings.add(clock(behind));
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

  private static ScoutFinding clock(Optional<Duration> behind) {
    if (behind.isEmpty()) {
      return ScoutFinding.warn("clock", "eBay did not say the time.", "");
    }
    long seconds = behind.get().toSeconds();
    return behind.get().abs().compareTo(CLOCK) <= 0
        ? ScoutFinding.ok("clock", "It is right to %d s.".formatted(Math.abs(seconds)))
        : ScoutFinding.fail(
            "clock",
            "It is %d s %s.".formatted(Math.abs(seconds), seconds > 0 ? "behind" : "ahead"),
            "Have it set by NTP: timedatectl set-ntp true.");
  }

  private void channels(Database database) {
    for (ChannelSettings channel : settings.channels()) {
      String what = "channel " + channel.name();
      try {
        secrets(channel.way()).forEach(place -> place.read(environment.variables()));
        ChannelState state =
            database.read(sql -> ChannelState.of(sql, channel.name(), clock.instant()));
        findings.add(
            state.stopped().isPresent()
                ? ScoutFinding.fail(
                    what,
                    "It has stopped: %s; %d wait.".formatted(state.problem(), state.waiting()),
                    state.stopped().get()
                        + " Then: solebox scout doctor --resume "
                        + channel.name())
                : ScoutFinding.ok(
                    what, "Its secrets are there; %d wait.".formatted(state.waiting())));
      } catch (SoleboxException e) {
        findings.add(ScoutFinding.fail(what, e.place() + ": " + e.getMessage(), e.remedy()));
      }
    }
  }

  private static List<SecretPlace> secrets(Way way) {
    return switch (way) {
      case Way.Discord discord -> List.of(discord.webhook());
      case Way.Mail mail -> mail.password().stream().toList();
      case Way.Ntfy ntfy -> both(ntfy.topic(), ntfy.token());
      case Way.Matrix matrix -> List.of(matrix.token());
      case Way.Webhook webhook -> both(webhook.address(), webhook.signing());
    };
  }

  private static List<SecretPlace> both(SecretPlace one, Optional<SecretPlace> other) {
    List<SecretPlace> places = new ArrayList<>(List.of(one));
    other.ifPresent(places::add);
    return places;
  }
}
