package io.solebox.scout.run;

import io.solebox.scout.card.CardRules;
import io.solebox.scout.card.Reading;
import io.solebox.scout.item.Hashes;
import io.solebox.scout.item.ItemKey;
import io.solebox.scout.item.Sighting;
import io.solebox.scout.judge.Judge;
import io.solebox.scout.judge.Judgement;
import io.solebox.scout.notice.Notice;
import io.solebox.scout.outbox.Outbox;
import io.solebox.scout.page.Shown;
import io.solebox.scout.run.Decision.Outcome;
import io.solebox.scout.state.Hearing;
import io.solebox.scout.state.Interest;
import io.solebox.scout.state.Searched;
import io.solebox.scout.story.Event;
import io.solebox.scout.story.Happening;
import io.solebox.scout.watch.Matcher;
import io.solebox.scout.watch.Watch;
import io.solebox.storage.Sql;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Decides what is told of what has happened, and puts it into the outbox. What was for sale before
 * a watch was answered for the first time is no news for it.
 */
public final class Telling implements Hearing {
  private final CardRules rules = new CardRules();
  private final List<Looker> lookers;
  private final Set<String> channels;
  private final String wishes;
  private final Judge judge;
  private final Consumer<Decision> decided;

  /** A watch, and what it wants. */
  private record Looker(Watch watch, Matcher matcher) {}

  /**
   * @param channels all that there are, by their names
   * @param decided hears of all that was decided, within the transaction
   */
  public Telling(
      List<Watch> watches, Set<String> channels, Judge judge, Consumer<Decision> decided) {
    this.lookers = watches.stream().map(watch -> new Looker(watch, Matcher.of(watch))).toList();
    this.channels = new TreeSet<>(channels);
    this.wishes =
        watches.stream()
            .map(watch -> watch.name() + "\n" + watch.wish())
            .collect(Collectors.joining("\n\n"));
    this.judge = judge;
    this.decided = decided;
  }

  @Override
  public String wishes() {
    return wishes;
  }

  @Override
  public Interest interest(Sighting seen) {
    Reading reading = rules.read(seen);
    List<String> wanted = new ArrayList<>();
    Map<String, String> whyNot = new HashMap<>();
    for (Looker looker : lookers) {
      String name = looker.watch().name();
      looker
          .matcher()
          .whyNot(seen, reading)
          .ifPresentOrElse(why -> whyNot.put(name, why), () -> wanted.add(name));
    }
    return new Interest(judge.judge(seen, reading.card()), wanted, whyNot);
  }

  @Override
  public void seen(Sql sql, Sighting seen, Interest interest) throws SQLException {
    judge.remember(sql, seen, interest.judgement());
    if (!interest.watches().isEmpty()) {
      Shown.judged(sql, seen.key(), interest.judgement());
    }
  }

  @Override
  public void happened(Sql sql, Event event, Interest interest, List<String> before)
      throws SQLException {
    List<Decision> wanted = new ArrayList<>();
    for (Looker looker : lookers) {
      if (interest.watches().contains(looker.watch().name())) {
        wanted.add(tell(sql, event, interest, before, looker.watch()));
      } else {
        decided.accept(unwanted(event, interest, looker.watch().name()));
      }
    }
    if (!wanted.isEmpty()) {
      Shown.happened(sql, event, whyNotTold(wanted));
    }
  }

  @Override
  public void wantedAnew(Sql sql, Event event, Interest interest, List<String> fresh)
      throws SQLException {
    List<Decision> wanted = new ArrayList<>();
    for (Looker looker : lookers) {
      if (fresh.contains(looker.watch().name())) {
        wanted.add(tell(sql, event, interest, List.of(), looker.watch()));
      }
    }
    Shown.happened(sql, event, whyNotTold(wanted));
  }

  private Decision tell(Sql sql, Event event, Interest interest, List<String> before, Watch watch)
      throws SQLException {
    Decision decision = wanted(sql, event, interest, before, watch);
    if (decision.outcome() == Outcome.TOLD) {
      Outbox.put(sql, notice(event, interest.judgement(), watch), decision.channels());
    }
    decided.accept(decision);
    return decision;
  }

  private static String whyNotTold(List<Decision> wanted) {
    return wanted.stream().anyMatch(decision -> decision.outcome() == Outcome.TOLD)
        ? ""
        : wanted.getFirst().why();
  }

  private static Decision unwanted(Event event, Interest interest, String watch) {
    return new Decision(
        event,
        interest.judgement(),
        watch,
        Outcome.UNWANTED,
        Set.of(),
        interest.whyNot().getOrDefault(watch, "the watch does not want it"));
  }

  private Decision wanted(Sql sql, Event event, Interest interest, List<String> before, Watch watch)
      throws SQLException {
    Optional<String> old = whyNoNews(sql, event, before, watch);
    Set<String> told = new TreeSet<>(channels);
    if (!watch.channels().isEmpty()) {
      told.retainAll(watch.channels());
    }
    return new Decision(
        event,
        interest.judgement(),
        watch.name(),
        old.isPresent() || told.isEmpty() ? Outcome.NO_NEWS : Outcome.TOLD,
        old.isPresent() ? Set.of() : told,
        old.orElseGet(() -> told.isEmpty() ? "there is no channel for it" : "the watch wants it"));
  }

  private static Optional<String> whyNoNews(Sql sql, Event event, List<String> before, Watch watch)
      throws SQLException {
    Sighting seen = event.sighting();
    boolean first = event.happening() == Happening.PRICE_DROP && !before.contains(watch.name());
    if (!watch.tell().contains(event.happening())
        && !(first && watch.tell().contains(Happening.NEW))) { // before, it cost too much for it
      return Optional.of("the watch is not told of " + event.happening());
    }
    return Searched.before(sql, seen.key().market(), seen.site(), watch.name(), seen.listed())
        ? Optional.empty()
        : Optional.of("it was there before the watch was, whose first round tells nothing");
  }

  /** The same thing is told once to a channel, whichever watch wanted it first. */
  private static Notice notice(Event event, Judgement judgement, Watch watch) {
    ItemKey key = event.sighting().key();
    return new Notice(
        Hashes.of(
            List.of(
                key.market(),
                key.id(),
                key.variation(),
                event.happening().name(),
                Integer.toString(event.count()))),
        watch.name(),
        event,
        judgement);
  }
}
