package io.solebox.server.hardware;

import io.solebox.engine.json.JsonWriter;
import io.solebox.hardware.board.SeenBoard;
import io.solebox.hardware.doctor.Finding;
import io.solebox.hardware.guard.Level;
import io.solebox.hardware.guard.Ruling;
import io.solebox.hardware.guard.Ruling.Reason;
import io.solebox.hardware.telemetry.Sampler;
import io.solebox.hardware.telemetry.Snapshot;
import io.solebox.hardware.telemetry.SnapshotFields;
import io.solebox.server.hardware.HardwareHistory.Question;
import io.solebox.server.http.Api;
import io.solebox.server.http.Exchange;
import io.solebox.server.http.Faults;
import io.solebox.server.http.Method;
import io.solebox.server.http.Permission;
import io.solebox.server.http.Problem;
import io.solebox.server.http.Route;
import io.solebox.server.http.RouteLimits;
import io.solebox.server.params.Params;
import io.solebox.storage.Database;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * {@code /v1/hardware}, what the machine measures now; {@code /v1/hardware/history}, what it has
 * measured for a week, where the server keeps anything; {@code /admin/hardware/findings}, what the
 * doctor finds. The sampler stays its owner's.
 */
public final class HardwareApi implements AutoCloseable {
  private static final String JSON = "application/json";
  private static final int USUAL_HOURS = 24;
  private static final int MOST_HOURS = 168;

  /** Points of a series; a screen is not much wider. */
  private static final long POINTS = 720;

  private final JsonWriter json;
  private final Optional<Sampler> sampler;
  private final Optional<HardwareHistory> history;
  private final Optional<HistoryWriter> writer;
  private final EnergyLedger energy;
  private final Optional<Sampler.Subscription> counting;
  private final Supplier<Ruling> guard;
  private final Supplier<List<Finding>> doctor;
  private final Clock clock;

  /**
   * @param sampler empty where nothing is measured
   * @param database empty where nothing is kept
   * @param doctor examines the machine
   * @param tokens that were generated since the start
   * @param pricePerKwh of energy, where it is known
   */
  public HardwareApi(
      JsonWriter json,
      Optional<Sampler> sampler,
      Optional<Database> database,
      Supplier<Ruling> guard,
      Supplier<List<Finding>> doctor,
      LongSupplier tokens,
      OptionalDouble pricePerKwh,
      Clock clock,
      Faults faults) {
    this.json = json;
    this.sampler = sampler;
    this.guard = guard;
    this.doctor = doctor;
    this.clock = clock;
    this.energy = new EnergyLedger(tokens, pricePerKwh);
    this.counting = sampler.map(measuring -> measuring.subscribe(energy::add));
    this.history = database.map(HardwareHistory::new);
    this.writer =
        sampler.flatMap(
            measuring -> database.map(d -> new HistoryWriter(measuring, d, clock, faults)));
  }

  /**
   * @param problems whose words its errors have
   */
  public Api api(Api.ProblemWriter problems) {
    return new Api(
        List.of(
            get("/v1/hardware", this::now),
            get("/v1/hardware/history", this::past),
            get("/admin/hardware/findings", new DoctorRoute(json, doctor)::answer)),
        problems);
  }

  private static Route get(String path, Route.Handler handler) {
    return new Route(Method.GET, path, Permission.ADMINISTRATE, RouteLimits.NO_BODY, handler);
  }

  private void now(Exchange exchange) {
    Sampler measuring =
        sampler.orElseThrow(
            () -> Params.unsupported("hardware", "This server does not measure its machine."));
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("object", "hardware");
    Snapshot latest = measuring.latest();
    body.putAll(SnapshotFields.of(latest));
    SeenBoard.in(latest).ifPresent(seen -> body.put("board", seen.fields()));
    energy.fields().ifPresent(fields -> body.put("energy", fields));
    Ruling ruling = guard.get();
    if (!ruling.devices().isEmpty()) {
      body.put("guard", fields(ruling));
    }
    exchange.send(200, JSON, json.bytes(body));
  }

  private static Map<String, Object> fields(Ruling ruling) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("level", word(ruling.level()));
    fields.put("why", ruling.words());
    fields.put("devices", ruling.devices().stream().map(HardwareApi::fields).toList());
    return fields;
  }

  private static Map<String, Object> fields(Ruling.Device device) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("device", device.device());
    fields.put("level", word(device.level()));
    fields.put(
        "why", device.reasons().stream().map(Reason::words).collect(Collectors.joining("; ")));
    return fields;
  }

  private static String word(Level level) {
    return level.name().toLowerCase(Locale.ROOT);
  }

  private void past(Exchange exchange) {
    HardwareHistory kept =
        history.orElseThrow(
            () -> Params.unsupported("history", "This server keeps nothing, and no history."));
    long span = hours(exchange) * 3600;
    long from = clock.instant().getEpochSecond() - span;
    long seconds = step(span);
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("object", "list");
    body.put("since", from);
    body.put("step_seconds", seconds);
    body.put(
        "data",
        kept.read(
            new Question(from, seconds, metrics(exchange), exchange.query("device").orElse(""))));
    exchange.send(200, JSON, json.bytes(body));
  }

  /** Whole tens of seconds; what is older than a day is there in two minutes alone. */
  private static long step(long span) {
    long least = span > HardwareHistory.DAY_SECONDS ? HardwareHistory.COARSE_SECONDS : 1;
    long fine = HardwareHistory.FINE_SECONDS;
    return Math.max(least, Math.ceilDiv(Math.ceilDiv(span, POINTS), fine) * fine);
  }

  private static long hours(Exchange exchange) {
    Optional<String> given = exchange.query("hours");
    try {
      int hours = given.map(Integer::parseInt).orElse(USUAL_HOURS);
      if (hours >= 1 && hours <= MOST_HOURS) {
        return hours;
      }
    } catch (NumberFormatException e) {
      // The same answer as for a number out of range.
    }
    throw Params.invalidValue("hours", "'hours' must be 1 to " + MOST_HOURS + ".");
  }

  private static List<String> metrics(Exchange exchange) {
    List<String> metrics =
        exchange.query("metric").stream()
            .flatMap(words -> Stream.of(words.split(",", -1)))
            .map(String::strip)
            .toList();
    metrics.stream()
        .filter(word -> !HardwareHistory.isMetric(word))
        .findFirst()
        .ifPresent(
            word -> {
              throw unknown(word);
            });
    return metrics;
  }

  private static Problem unknown(String word) {
    return Params.invalidValue(
        "metric", "'metric' takes names as core_celsius, with commas; '" + word + "' is none.");
  }

  /** Ends what it has begun; to be closed before the database. */
  @Override
  public void close() {
    counting.ifPresent(Sampler.Subscription::close);
    writer.ifPresent(HistoryWriter::close);
  }
}
