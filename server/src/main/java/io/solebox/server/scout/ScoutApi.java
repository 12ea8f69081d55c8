package io.solebox.server.scout;

import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.json.JsonSkips;
import io.solebox.engine.json.JsonWriter;
import io.solebox.server.http.Api;
import io.solebox.server.http.EngineProblems;
import io.solebox.server.http.Exchange;
import io.solebox.server.http.Method;
import io.solebox.server.http.Permission;
import io.solebox.server.http.Route;
import io.solebox.server.http.RouteLimits;
import io.solebox.server.params.FieldTable;
import io.solebox.server.params.Fields;
import io.solebox.server.params.Params;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * {@code /admin/scout}: what the scout has found, how it is, and what it is to leave alone. All
 * that strangers have written comes as plain texts.
 */
public final class ScoutApi {
  private static final String JSON = "application/json";
  private static final int MAX_BODY_BYTES = 16 << 10;
  private static final int USUAL = 50;
  private static final int MOST = 200;
  private static final int MOST_OFFSET = 1_000_000;
  private static final int MOST_TEXT = 200;
  private static final int USUAL_DAYS = 90;
  private static final int MOST_DAYS = 1100;
  private static final int MOST_HOURS = 8760;
  private static final Pattern AMOUNT = Pattern.compile("\\d{1,12}(\\.\\d{1,6})?");
  private static final List<String> HAPPENINGS = List.of("new", "price_drop", "ending", "back");
  private static final List<String> SUSPICIOUS = List.of("yes", "no");

  private static final List<String> SORTS =
      List.of("newest", "price", "per_gigabyte", "per_bandwidth", "standing", "ending");

  private static final List<String> KINDS = List.of("item", "seller", "card", "watch");

  private final JsonWriter json;
  private final Optional<Scouting> scouting;

  private final FieldTable table =
      FieldTable.read(ScoutApi.class.getResourceAsStream("fields.txt"));

  /**
   * @param scouting without which all is refused
   */
  public ScoutApi(JsonWriter json, Optional<Scouting> scouting) {
    this.json = json;
    this.scouting = scouting;
  }

  /**
   * @param problems whose words its errors have
   */
  public Api api(Api.ProblemWriter problems) {
    return new Api(
        List.of(
            get("/admin/scout", this::look),
            get("/admin/scout/history", this::history),
            post("/admin/scout/mute", this::mute),
            post("/admin/scout/snooze", this::snooze),
            post("/admin/scout/unmute", this::unmute),
            post("/admin/scout/thumbnail", this::thumbnail),
            post("/admin/scout/resume", this::resume)),
        problems);
  }

  private static Route get(String path, Route.Handler handler) {
    return new Route(Method.GET, path, Permission.ADMINISTRATE, RouteLimits.NO_BODY, handler);
  }

  private static Route post(String path, Route.Handler handler) {
    return new Route(
        Method.POST, path, Permission.ADMINISTRATE, RouteLimits.body(MAX_BODY_BYTES), handler);
  }

  private void look(Exchange exchange) {
    Map<String, String> filters = new LinkedHashMap<>();
    put(filters, "card", text("card", exchange.query("card")));
    put(filters, "watch", text("watch", exchange.query("watch")));
    put(filters, "site", text("site", exchange.query("site")));
    put(filters, "currency", text("currency", exchange.query("currency")));
    put(filters, "text", text("text", exchange.query("text")));
    put(filters, "least", amount("least", exchange.query("least")));
    put(filters, "most", amount("most", exchange.query("most")));
    put(filters, "happening", oneOf("happening", exchange.query("happening"), HAPPENINGS));
    put(filters, "suspicious", oneOf("suspicious", exchange.query("suspicious"), SUSPICIOUS));
    var question =
        new ScoutQuestion(
            filters,
            oneOf("sort", exchange.query("sort"), SORTS).orElse(SORTS.getFirst()),
            number("limit", exchange.query("limit"), 1, MOST).orElse(USUAL),
            number("offset", exchange.query("offset"), 0, MOST_OFFSET).orElse(0));
    answer(exchange, ask(scout -> scout.look(question)));
  }

  private static void put(Map<String, String> filters, String name, Optional<String> said) {
    said.ifPresent(text -> filters.put(name, text));
  }

  private void history(Exchange exchange) {
    String card = text("card", exchange.query("card")).orElseThrow(() -> Params.missing("card"));
    String currency = text("currency", exchange.query("currency")).orElse("");
    int days = number("days", exchange.query("days"), 1, MOST_DAYS).orElse(USUAL_DAYS);
    answer(exchange, ask(scout -> scout.history(card, currency, days)));
  }

  private void mute(Exchange exchange) throws InterruptedException {
    ScoutMute mute =
        read(exchange, "mute", fields -> new ScoutMute(of(fields), OptionalInt.empty()));
    Map<String, Object> muted = ask(scout -> scout.mute(mute));
    exchange.record("scout.mute", mute.of().which(), Map.of("what", mute.of().what()));
    answer(exchange, muted);
  }

  private void snooze(Exchange exchange) throws InterruptedException {
    ScoutMute mute =
        read(
            exchange,
            "snooze",
            fields -> {
              int hours =
                  fields
                      .whole("hours")
                      .orElseThrow(() -> Params.missing("hours"))
                      .inRange("hours", 1, MOST_HOURS);
              return new ScoutMute(of(fields), OptionalInt.of(hours));
            });
    Map<String, Object> muted = ask(scout -> scout.mute(mute));
    exchange.record(
        "scout.snooze",
        mute.of().which(),
        Map.of("what", mute.of().what(), "hours", Integer.toString(mute.hours().orElseThrow())));
    answer(exchange, muted);
  }

  private void unmute(Exchange exchange) throws InterruptedException {
    ScoutMute.Of of = read(exchange, "mute", ScoutApi::of);
    Map<String, Object> unmuted = ask(scout -> scout.unmute(of));
    exchange.record("scout.unmute", of.which(), Map.of("what", of.what()));
    answer(exchange, unmuted);
  }

  private void thumbnail(Exchange exchange) throws InterruptedException {
    String item = read(exchange, "thumbnail", fields -> fields.required("item"));
    answer(exchange, ask(scout -> scout.thumbnail(item)));
  }

  private void resume(Exchange exchange) throws InterruptedException {
    String channel = read(exchange, "resume", fields -> fields.required("channel"));
    Map<String, Object> resumed = ask(scout -> scout.resume(channel));
    exchange.record("scout.resume", channel, Map.of());
    answer(exchange, resumed);
  }

  private static ScoutMute.Of of(Fields fields) {
    String what = fields.required("what");
    if (!KINDS.contains(what)) {
      throw oneOfThese("what", KINDS);
    }
    return new ScoutMute.Of(what, fields.required("of"));
  }

  private <T> T read(Exchange exchange, String place, Function<Fields, T> reader)
      throws InterruptedException {
    return exchange.readObject(
        JsonSkips.of(List.of()),
        body -> {
          Fields fields = new Fields(table, place, "", body);
          T read = reader.apply(fields);
          fields.settle(false);
          return read;
        });
  }

  private void answer(Exchange exchange, Map<String, Object> body) {
    exchange.send(200, JSON, json.bytes(body));
  }

  private Map<String, Object> ask(Function<Scouting, Map<String, Object>> question) {
    Scouting scout =
        scouting.orElseThrow(
            () -> Params.unsupported("scout", "This server was started without a scout's state."));
    try {
      return question.apply(scout);
    } catch (SoleboxException e) {
      throw EngineProblems.of(e, "scout");
    }
  }

  private static Optional<String> text(String name, Optional<String> given) {
    Optional<String> said = given.filter(text -> !text.isBlank());
    if (said.filter(text -> text.length() > MOST_TEXT).isPresent()) {
      throw Params.invalidValue(
          name, "'%s' must have at most %d characters.".formatted(name, MOST_TEXT));
    }
    return said;
  }

  private static Optional<String> amount(String name, Optional<String> given) {
    Optional<String> said = text(name, given);
    if (said.filter(text -> !AMOUNT.matcher(text).matches()).isEmpty()) {
      return said;
    }
    throw Params.invalidValue(name, "'" + name + "' must be an amount, as in 199.90.");
  }

  private static Optional<String> oneOf(String name, Optional<String> given, List<String> known) {
    Optional<String> said = text(name, given);
    if (said.filter(text -> !known.contains(text)).isPresent()) {
      throw oneOfThese(name, known);
    }
    return said;
  }

  private static RuntimeException oneOfThese(String name, List<String> known) {
    return Params.invalidValue(
        name, "'%s' must be one of %s.".formatted(name, String.join(", ", known)));
  }

  private static Optional<Integer> number(
      String name, Optional<String> given, int least, int most) {
    try {
      Optional<Integer> number = given.map(Integer::parseInt);
      if (number.filter(n -> n < least || n > most).isEmpty()) {
        return number;
      }
    } catch (NumberFormatException e) {
      // The same answer as for a number out of range.
    }
    throw Params.invalidValue(
        name, "'%s' must be a whole number of %d to %d.".formatted(name, least, most));
  }
}
