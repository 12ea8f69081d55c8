package io.solebox.scout.run;

import io.solebox.scout.channel.Channel;
import io.solebox.scout.channel.Delivery;
import io.solebox.scout.channel.Message;
import io.solebox.scout.fake.FakeEbay;
import io.solebox.scout.fake.ScriptedClock;
import io.solebox.scout.judge.Judge;
import io.solebox.scout.judge.Outlooks;
import io.solebox.scout.notice.Notice;
import io.solebox.scout.outbox.Calm;
import io.solebox.scout.outbox.Pump;
import io.solebox.scout.outbox.Way;
import io.solebox.scout.settings.EbaySettings;
import io.solebox.scout.settings.SecretPlace;
import io.solebox.scout.source.Found;
import io.solebox.scout.source.Refreshed;
import io.solebox.scout.source.Search;
import io.solebox.scout.source.ebay.EbaySite;
import io.solebox.scout.state.Ledger;
import io.solebox.scout.state.Searches;
import io.solebox.scout.watch.Watch;
import io.solebox.storage.Database;
import io.solebox.store.pull.http.Network;
import io.solebox.store.pull.http.Outbound;
import io.solebox.store.pull.http.Patience;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;

/** A whole scout before the fake eBay, whose time goes by as fast as it can. */
final class Month implements AutoCloseable {
  /** What arrived, as {@code NEW 123}, in its order. */
  final List<String> arrived = new ArrayList<>();

  /** What said that it may be a repeat. */
  final List<String> perhapsAgain = new ArrayList<>();

  /** What went wrong, as sources said it. */
  final List<String> problems = new ArrayList<>();

  private final ScriptedClock clock;
  private final Outbound outbound = new Outbound(new Network.Open(), Patience.USUAL);
  private final SourceWork work;
  private final Pump pump;

  /**
   * @param acknowledged called when the channel has taken a message, before the scout hears of it
   */
  Month(
      FakeEbay ebay,
      ScriptedClock clock,
      Database database,
      List<Watch> watches,
      Set<EbaySite> sites,
      int callsPerDay,
      Runnable acknowledged) {
    this.clock = clock;
    var settings =
        new EbaySettings(
            ebay.address(),
            FakeEbay.CLIENT_ID,
            new SecretPlace.InVariable("SECRET"),
            EnumSet.copyOf(sites),
            OptionalInt.of(callsPerDay),
            Optional.empty());
    EbayParts parts =
        EbayParts.of(
            settings,
            Optional.of("DE"),
            Map.of("SECRET", FakeEbay.SECRET),
            outbound,
            database,
            clock,
            new Random(1));
    var telling =
        new Telling(watches, Set.of("phone"), new Judge(database, Outlooks.NONE), _ -> {});
    this.work =
        new SourceWork(
            parts.source(),
            watches,
            new Ledger(database, telling),
            new Searches(database),
            clock,
            new Random(2),
            new Problems());
    work.begin();
    this.pump =
        new Pump(
            database,
            List.of(new Way(new Phone(acknowledged), "settings", Calm.NONE)),
            clock,
            new Random(3));
  }

  /** Lives until a moment. */
  void until(Instant end) throws InterruptedException {
    while (clock.instant().isBefore(end)) {
      Instant next = work.step();
      Optional<Instant> told = pump.run();
      Instant first = told.filter(each -> each.isBefore(next)).orElse(next);
      if (first.isAfter(clock.instant())) {
        clock.set(first.isBefore(end) ? first : end);
      } else {
        clock.wind(Duration.ofMillis(300)); // what a request takes
      }
    }
  }

  @Override
  public void close() {
    outbound.close();
  }

  private final class Phone implements Channel {
    private final Runnable acknowledged;

    Phone(Runnable acknowledged) {
      this.acknowledged = acknowledged;
    }

    @Override
    public String name() {
      return "phone";
    }

    @Override
    public int most() {
      return 10;
    }

    @Override
    public Delivery send(Message message) {
      for (var told : message.news()) {
        if (told instanceof Notice notice) {
          String what = notice.event().happening() + " " + notice.event().sighting().key().id();
          arrived.add(what);
          if (message.perhapsAgain()) {
            perhapsAgain.add(what);
          }
        }
      }
      acknowledged.run();
      return new Delivery.Accepted();
    }
  }

  private final class Problems implements RunListener {
    @Override
    public void asked(String market, Search search, Found found) {
      if (found instanceof Found.Part part) {
        problems.add(part.reason());
      }
    }

    @Override
    public void refreshed(String market, int asked, Refreshed refreshed) {
      if (refreshed.found() instanceof Found.Part part) {
        problems.add(part.reason());
      }
    }

    @Override
    public void closed(String market, String reason, String remedy) {
      problems.add(reason + " " + remedy);
    }

    @Override
    public void failed(String who, RuntimeException failure) {
      problems.add(who + ": " + failure.getMessage());
    }
  }
}
