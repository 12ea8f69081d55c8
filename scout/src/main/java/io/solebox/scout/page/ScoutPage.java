package io.solebox.scout.page;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.scout.item.ItemKey;
import io.solebox.scout.judge.AskingPrices;
import io.solebox.scout.judge.PriceDay;
import io.solebox.scout.outbox.Mutes;
import io.solebox.scout.outbox.Outbox;
import io.solebox.storage.Database;
import io.solebox.storage.Sql;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What a page shows of the scout's state, as objects of JSON, and the wishes that it leaves there.
 * For a process beside the scout's own: it reads, and writes a row at a time. Safe for many
 * threads.
 */
public final class ScoutPage {
  private final Database database;
  private final Clock clock;
  private final AskingPrices prices;
  private final Thumbnails thumbnails;

  public ScoutPage(Database database, Clock clock) {
    this.database = database;
    this.clock = clock;
    this.prices = new AskingPrices(database);
    this.thumbnails = new Thumbnails(database);
  }

  /** What is for sale and wanted, as far as it is asked for, and how the scout is. */
  public Map<String, Object> look(Question question) {
    return database.read(sql -> look(sql, question));
  }

  private Map<String, Object> look(Sql sql, Question question) throws SQLException {
    Instant now = clock.instant();
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("object", "scout");
    ScoutHealth.put(body, sql, now);
    List<Mutes.Mute> mutes = Mutes.list(sql, now);
    Things.All read = Things.all(sql);
    List<Thing> all = read.things();
    List<Thing> found =
        all.stream().filter(question::takes).sorted(Order.of(question.sort(), all)).toList();
    int from = Math.min(question.offset(), found.size());
    int to = Math.min(from + question.limit(), found.size());
    Set<String> waiting = waiting(sql);
    body.put("total", found.size());
    body.put("has_more", to < found.size());
    body.put(
        "data",
        found.subList(from, to).stream()
            .map(
                thing ->
                    ThingFields.of(
                        thing,
                        waiting.contains(Mutes.item(thing.seen().key())),
                        about(mutes, thing)))
            .toList());
    body.put("choices", choices(all));
    body.put("mutes", mutes.stream().map(mute -> fields(mute, all)).toList());
    if (all.size() + read.damaged() == Things.MOST) {
      body.put("cut", Things.MOST);
    }
    if (read.damaged() > 0) {
      body.put("damaged", read.damaged());
    }
    return body;
  }

  private static Set<String> waiting(Sql sql) throws SQLException {
    return new HashSet<>(
        sql.list(
            row -> row.getString(1),
            "SELECT DISTINCT item FROM outbox WHERE item IS NOT NULL AND state IN ('waiting',"
                + " 'bound')"));
  }

  private static List<Map<String, Object>> about(List<Mutes.Mute> mutes, Thing thing) {
    return mutes.stream().filter(mute -> isAbout(mute, thing)).map(ScoutPage::fields).toList();
  }

  private static boolean isAbout(Mutes.Mute mute, Thing thing) {
    String target = mute.target();
    return switch (mute.kind()) {
      case ITEM -> Mutes.item(thing.seen().key()).equals(target);
      case SELLER -> thing.seen().seller().filter(is -> is.key().equals(target)).isPresent();
      case CARD -> thing.card().equals(Optional.of(target));
      case WATCH -> thing.watches().contains(target);
    };
  }

  /** With the title, where it is of a thing that is still there. */
  private static Map<String, Object> fields(Mutes.Mute mute, List<Thing> all) {
    Map<String, Object> fields = fields(mute);
    if (mute.kind() == Mutes.Kind.ITEM) {
      all.stream()
          .filter(thing -> isAbout(mute, thing))
          .findFirst()
          .ifPresent(thing -> fields.put("title", thing.seen().title()));
    }
    return fields;
  }

  private static Map<String, Object> fields(Mutes.Mute mute) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("what", mute.kind().name().toLowerCase(Locale.ROOT));
    fields.put("of", mute.kind() == Mutes.Kind.ITEM ? id(mute.target()) : mute.target());
    fields.put("kept_back", mute.hold());
    mute.ends().ifPresent(ends -> fields.put("until", ends.getEpochSecond()));
    return fields;
  }

  private static String id(String target) {
    String[] parts = target.split("\n", -1);
    return ThingId.of(new ItemKey(parts[0], parts[1], parts[2]));
  }

  private static Map<String, Object> choices(List<Thing> all) {
    Map<String, Object> choices = new LinkedHashMap<>();
    choices.put("cards", counted(all, thing -> thing.card().stream().toList()));
    choices.put("watches", counted(all, Thing::watches));
    choices.put("sites", counted(all, thing -> List.of(thing.seen().site())));
    choices.put(
        "currencies",
        counted(all, thing -> thing.unitPrice().map(is -> is.currency()).stream().toList()));
    return choices;
  }

  private static List<Map<String, Object>> counted(
      List<Thing> all, Function<Thing, List<String>> names) {
    Map<String, Long> counts =
        all.stream()
            .flatMap(thing -> names.apply(thing).stream())
            .collect(Collectors.groupingBy(name -> name, TreeMap::new, Collectors.counting()));
    List<Map<String, Object>> list = new ArrayList<>();
    counts.forEach((name, count) -> list.add(Map.of("name", name, "things", count)));
    return list;
  }

  /**
   * What was asked for a card, day by day.
   *
   * @param currency empty for the one of which most was seen
   */
  public Map<String, Object> history(String card, Optional<String> currency, int days) {
    LocalDate since = LocalDate.now(clock).minusDays(days);
    Map<String, Long> seen = new TreeMap<>();
    prices
        .series(since)
        .forEach(
            (series, count) -> {
              if (series.card().equals(card)) {
                seen.put(series.currency(), count);
              }
            });
    List<String> currencies =
        seen.entrySet().stream()
            .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
            .map(Map.Entry::getKey)
            .toList();
    Optional<String> chosen = currency.or(() -> currencies.stream().findFirst());
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("object", "scout.history");
    body.put("card", card);
    body.put("currency", chosen.orElse(""));
    body.put("currencies", currencies);
    body.put(
        "data",
        chosen.stream()
            .flatMap(code -> prices.history(new AskingPrices.Series(card, code), since).stream())
            .map(ScoutPage::fields)
            .toList());
    return body;
  }

  private static Map<String, Object> fields(PriceDay day) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("day", day.day().toString());
    fields.put("seen", day.seen());
    fields.put("low", day.low().amount());
    fields.put("median", day.median().amount());
    fields.put("high", day.high().amount());
    return fields;
  }

  /**
   * Tells nothing of something any more.
   *
   * @param what {@code item}, {@code seller}, {@code card} or {@code watch}
   * @param which the id of a thing, a seller's key, a name
   * @param hours for how long it is kept back, to be told then; empty where it is never told
   * @throws SoleboxException {@code INVALID_PARAMETER}
   */
  public Map<String, Object> mute(String what, String which, OptionalInt hours) {
    Mutes.Kind kind = kind(what);
    String target = target(kind, which);
    Instant now = clock.instant();
    Map<String, Object> body = muted(what, which, true);
    database.transaction(
        sql -> {
          if (hours.isPresent()) {
            Instant ends = now.plus(Duration.ofHours(hours.getAsInt()));
            Mutes.snooze(sql, kind, target, ends, now);
            body.put("until", ends.getEpochSecond());
          } else {
            Mutes.mute(sql, kind, target, now);
          }
          return true;
        });
    return body;
  }

  /** Tells of it again. */
  public Map<String, Object> unmute(String what, String which) {
    Mutes.Kind kind = kind(what);
    String target = target(kind, which);
    database.transaction(sql -> Mutes.unmute(sql, kind, target));
    return muted(what, which, false);
  }

  private static Map<String, Object> muted(String what, String which, boolean muted) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("object", "scout.mute");
    body.put("what", what);
    body.put("of", which);
    body.put("muted", muted);
    return body;
  }

  private static Mutes.Kind kind(String what) {
    return Mutes.Kind.valueOf(what.toUpperCase(Locale.ROOT));
  }

  private static String target(Mutes.Kind kind, String which) {
    return kind == Mutes.Kind.ITEM ? Mutes.item(key(which)) : which;
  }

  private static ItemKey key(String id) {
    return ThingId.key(id)
        .orElseThrow(
            () -> invalid("of", "This is no id of a thing.", "Take one of GET /admin/scout."));
  }

  /**
   * The picture of a thing; leaves a wish for it where it is not there.
   *
   * @throws SoleboxException {@code INVALID_PARAMETER} if the thing is gone
   */
  public Map<String, Object> thumbnail(String id) {
    ItemKey key = key(id);
    if (database.read(sql -> Things.one(sql, key)).isEmpty()) {
      throw invalid("item", "It is no longer for sale, or nobody wants it.", "Look again.");
    }
    return thumbnails.wish(key, clock.instant());
  }

  /**
   * Lets a channel that has stopped try again.
   *
   * @throws SoleboxException {@code INVALID_PARAMETER} if it has not
   */
  public Map<String, Object> resume(String channel) {
    if (!database.transaction(sql -> Outbox.resume(sql, channel))) {
      throw invalid("channel", "No channel of this name has stopped.", "Look again.");
    }
    return Map.of("object", "scout.channel", "channel", channel);
  }

  private static SoleboxException invalid(String place, String what, String remedy) {
    return new SoleboxException(ErrorCode.INVALID_PARAMETER, place, what, remedy);
  }
}
