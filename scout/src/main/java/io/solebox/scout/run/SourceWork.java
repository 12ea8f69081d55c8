package io.solebox.scout.run;

import io.solebox.engine.error.SoleboxException;
import io.solebox.scout.item.ItemKey;
import io.solebox.scout.item.Sighting;
import io.solebox.scout.source.Found;
import io.solebox.scout.source.Known;
import io.solebox.scout.source.Refreshed;
import io.solebox.scout.source.Search;
import io.solebox.scout.source.Source;
import io.solebox.scout.state.Ledger;
import io.solebox.scout.state.SearchDone;
import io.solebox.scout.state.Searches;
import io.solebox.scout.watch.Watch;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Asks one source what it is to be asked, one thing at a time, and says when there is something to
 * do again. It sleeps never. Used by one thread.
 */
public final class SourceWork {
  /**
   * Known things are read again that often, since a price that falls brings old ones to a watch.
   */
  private static final Duration DEEP = Duration.ofHours(24);

  /** What is wanted is looked at that often, so that what has ended does not stay. */
  private static final Duration STALE = Duration.ofHours(6);

  /** What is closed is tried again after so long: some of it opens by itself. */
  private static final Duration CLOSED = Duration.ofHours(1);

  private static final Duration SWEEP = Duration.ofHours(1);
  private static final Duration FIRST_FAILURE = Duration.ofSeconds(30);
  private static final Duration LONGEST_FAILURE = Duration.ofHours(1);

  /** No source is left alone for longer, whatever it says. */
  private static final Duration LONGEST_PAUSE = Duration.ofDays(1);

  /** Longer than any source is left alone. */
  private static final Duration LONGEST_REFRESH = Duration.ofDays(2);

  /** From one request for single things to the next. */
  private static final Duration REFRESH = Duration.ofSeconds(20);

  private static final Known NOTHING = _ -> false;

  private final Source source;
  private final List<Search> searches;
  private final List<Watch> watches;
  private final Ledger ledger;
  private final Searches states;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final RunListener listener;
  private Instant refreshDue = Instant.MIN;
  private Instant sweepDue = Instant.MIN;
  private int refreshFailures;
  private Instant closedUntil = Instant.MIN;

  public SourceWork(
      Source source,
      List<Watch> watches,
      Ledger ledger,
      Searches states,
      InstantSource clock,
      RandomGenerator random,
      RunListener listener) {
    this.source = source;
    this.searches = source.searches(watches);
    this.ledger = ledger;
    this.states = states;
    this.clock = clock;
    this.random = random;
    this.listener = listener;
    this.watches = watches;
  }

  /**
   * Notes what there is to ask; to be called once before anything else, by the one scout that is at
   * work with what is remembered.
   */
  public void begin() {
    states.register(source.market(), searches, watches);
  }

  public String market() {
    return source.market();
  }

  /** Whether nothing comes from there until somebody has changed something, or a while is over. */
  public boolean isClosed() {
    return waits(closedUntil, clock.instant(), CLOSED);
  }

  /** Whether a moment is to come; one that is too far off was put before the clock was set back. */
  private static boolean waits(Instant until, Instant now, Duration most) {
    return until.isAfter(now) && !until.isAfter(now.plus(most));
  }

  /**
   * Does what is due first, if anything is.
   *
   * @return when to call again
   */
  public Instant step() throws InterruptedException {
    Instant now = clock.instant();
    if (isClosed()) {
      return closedUntil;
    }
    if (!waits(sweepDue, now, SWEEP)) {
      ledger.sweep(source.market(), now);
      sweepDue = now.plus(SWEEP);
    }
    Instant first = Instant.MAX;
    Optional<Search> next = Optional.empty();
    for (Search search : searches) {
      Instant due = due(search, now);
      if (due.isBefore(first)) {
        first = due;
        next = Optional.of(search); // one that was never asked before those that were
      }
    }
    if (next.isPresent() && !first.isAfter(now)) {
      ask(next.get(), now);
      return clock.instant();
    }
    if (source.mostRefreshed() > 0) {
      if (!waits(refreshDue, now, LONGEST_REFRESH)) {
        refresh(now);
      }
      first = refreshDue.isBefore(first) ? refreshDue : first;
    }
    return sweepDue.isBefore(first) ? sweepDue : first;
  }

  /** Asks all once, due or not, and looks at what is to be looked at again. */
  public void round() throws InterruptedException {
    Instant now = clock.instant();
    ledger.sweep(source.market(), now);
    for (Search search : searches) {
      if (!isClosed()) {
        ask(search, now);
      }
    }
    if (!isClosed() && source.mostRefreshed() > 0) {
      refresh(now);
    }
  }

  /** When a search is due; a clock that was set back does not put it off for long. */
  private Instant due(Search search, Instant now) {
    Optional<Searches.State> state = states.state(source.market(), search);
    if (state.isEmpty()) {
      return now;
    }
    Instant latest = now.plus(LONGEST_FAILURE).plus(source.every(searches.size()));
    Instant due = state.get().due();
    return due.isAfter(latest) && state.get().asked().isAfter(now) ? now : due;
  }

  private void ask(Search search, Instant now) throws InterruptedException {
    Optional<Searches.State> before = states.state(source.market(), search);
    boolean deep =
        before.isEmpty()
            || !before.get().seeded()
            || before.get().deep().plus(DEEP).isBefore(now)
            || before.get().deep().isAfter(now);
    Found found = find(search, deep ? NOTHING : ledger.known());
    listener.asked(source.market(), search, found);
    Instant next =
        switch (found) {
          case Found.Whole _ -> now.plus(source.every(searches.size()));
          case Found.Part(_, Duration pause, _) ->
              now.plus(pause(pause, before.map(Searches.State::failures).orElse(0)));
          case Found.Closed _ -> now;
        };
    boolean whole = found instanceof Found.Whole;
    var done = new SearchDone(whole, deep, now, next, problem(found));
    take(found.sightings(), some -> ledger.take(some, source.market(), search, done), ledger::take);
    noteMarket(found, now);
  }

  /** Asks; an answer that nobody thought of counts as a failure, after which it is left to rest. */
  private Found find(Search search, Known known) throws InterruptedException {
    try {
      return source.find(search, known);
    } catch (SoleboxException e) {
      throw e; // of what is remembered, or the network: it says itself what to do
    } catch (RuntimeException e) {
      // Its text may show the address or a header, which may be secrets.
      String what = "its answer could not be read: " + e.getClass().getSimpleName();
      return new Found.Part(List.of(), Duration.ZERO, what);
    }
  }

  /**
   * Notes all together; where one of them cannot be noted, each by itself without that one.
   *
   * @param together also with none of them
   */
  private void take(
      List<Sighting> sightings,
      Consumer<List<Sighting>> together,
      Consumer<List<Sighting>> byItself) {
    try {
      together.accept(sightings);
      return;
    } catch (SoleboxException e) {
      throw e; // nothing at all can be noted
    } catch (RuntimeException e) {
      // One of them is to blame, or all.
    }
    for (Sighting each : sightings) {
      try {
        byItself.accept(List.of(each));
      } catch (SoleboxException e) {
        throw e;
      } catch (RuntimeException e) {
        String what = "The thing %s is passed over: it cannot be noted (%s).";
        listener.failed(
            source.market(),
            new IllegalStateException(
                what.formatted(each.key().id(), e.getClass().getSimpleName()), e));
      }
    }
    together.accept(List.of());
  }

  private static String problem(Found found) {
    return switch (found) {
      case Found.Whole(_, List<String> notes) -> String.join(" ", notes);
      case Found.Part(_, _, String reason) -> reason;
      case Found.Closed(_, String reason, _) -> reason;
    };
  }

  private void noteMarket(Found found, Instant now) {
    switch (found) {
      case Found.Closed(_, String reason, String remedy) -> {
        closedUntil = now.plus(CLOSED);
        states.noteMarket(source.market(), now, reason, remedy);
        listener.closed(source.market(), reason, remedy);
      }
      case Found.Whole _, Found.Part _ -> states.noteMarket(source.market(), now, "", "");
    }
  }

  /** As long as was asked for, else longer with each failure; by up to a quarter more. */
  private Duration pause(Duration asked, int failures) {
    Duration base =
        asked.isZero() ? FIRST_FAILURE.multipliedBy(1L << Math.min(failures, 7)) : asked;
    Duration longest = asked.isZero() ? LONGEST_FAILURE : LONGEST_PAUSE;
    Duration bounded = base.compareTo(longest) > 0 ? longest : base;
    return bounded.plusMillis((long) (bounded.toMillis() * random.nextDouble() / 4));
  }

  private void refresh(Instant now) throws InterruptedException {
    List<ItemKey> keys = ledger.stale(source.market(), now, STALE, source.mostRefreshed());
    if (keys.isEmpty()) {
      refreshDue = now.plus(REFRESH.multipliedBy(3));
      return;
    }
    Refreshed refreshed = source.refresh(keys);
    listener.refreshed(source.market(), keys.size(), refreshed);
    take(refreshed.found().sightings(), ledger::takeAgain, ledger::takeAgain);
    ledger.ended(refreshed.gone(), now);
    switch (refreshed.found()) {
      case Found.Whole _ -> {
        ledger.asked(keys, now);
        refreshFailures = 0;
        refreshDue = now.plus(REFRESH);
      }
      case Found.Part(_, Duration pause, _) ->
          refreshDue = now.plus(pause(pause, refreshFailures++));
      case Found.Closed _ -> {}
    }
    noteMarket(refreshed.found(), now);
  }
}
