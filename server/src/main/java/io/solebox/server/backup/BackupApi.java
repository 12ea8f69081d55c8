package io.solebox.server.backup;

import io.solebox.engine.backend.Progress;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.json.JsonSkips;
import io.solebox.engine.json.JsonWriter;
import io.solebox.server.age.AgeKey;
import io.solebox.server.age.AgeLock;
import io.solebox.server.http.Api;
import io.solebox.server.http.EngineProblems;
import io.solebox.server.http.Exchange;
import io.solebox.server.http.Method;
import io.solebox.server.http.Permission;
import io.solebox.server.http.Problem;
import io.solebox.server.http.Registration;
import io.solebox.server.http.Route;
import io.solebox.server.http.RouteLimits;
import io.solebox.server.params.FieldTable;
import io.solebox.server.params.Fields;
import io.solebox.server.params.Params;
import io.solebox.server.seal.Passphrase;
import java.io.IOException;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/**
 * {@code /admin/backup} and {@code /admin/restore}: all of the box as one encrypted file, taken
 * along, and brought. A passphrase is told first, and the file goes or comes by a name that counts
 * once.
 */
public final class BackupApi {
  private static final String JSON = "application/json";
  private static final String FILE = "application/octet-stream";
  private static final int MAX_BODY_BYTES = 16 << 10;
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ISO_LOCAL_DATE.withZone(ZoneOffset.UTC);

  private final JsonWriter json;
  private final Optional<BoxBackup> backup;
  private final Clock clock;
  private final Tickets<Wish> wishes;
  private final Tickets<Passphrase> passphrases;
  private final AtomicBoolean restoring = new AtomicBoolean();

  private final FieldTable table =
      FieldTable.read(BackupApi.class.getResourceAsStream("fields.txt"));

  private record Wish(Passphrase passphrase, boolean withModels) {}

  /**
   * @param backup without which all is refused
   */
  public BackupApi(JsonWriter json, Optional<BoxBackup> backup, Clock clock) {
    this.json = json;
    this.backup = backup;
    this.clock = clock;
    this.wishes = new Tickets<>(clock);
    this.passphrases = new Tickets<>(clock);
  }

  /**
   * @param problems whose words its errors have
   */
  public Api api(Api.ProblemWriter problems) {
    RouteLimits body = RouteLimits.body(MAX_BODY_BYTES);
    return new Api(
        List.of(
            route(Method.GET, "/admin/backup", RouteLimits.NO_BODY, this::state),
            route(Method.POST, "/admin/backup", body, this::wish),
            route(Method.GET, "/admin/backup/{id}", RouteLimits.NO_BODY, this::download),
            route(Method.POST, "/admin/restore", body, this::unlock),
            route(Method.POST, "/admin/restore/{id}", RouteLimits.file(), this::upload),
            route(Method.DELETE, "/admin/restore", RouteLimits.NO_BODY, this::discard),
            route(Method.POST, "/admin/restart", RouteLimits.NO_BODY, this::restart)),
        problems);
  }

  private static Route route(
      Method method, String path, RouteLimits limits, Route.Handler handler) {
    return new Route(method, path, Permission.ADMINISTRATE, limits, handler);
  }

  private BoxBackup backup() {
    return backup.orElseThrow(
        () ->
            Params.unsupported(
                "backup", "This server keeps nothing, or was started by a program without this."));
  }

  private void answer(Exchange exchange, Map<String, Object> body) {
    exchange.send(200, JSON, json.bytes(body));
  }

  private void state(Exchange exchange) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("object", "backup");
    body.put("available", backup.isPresent());
    body.put("restarts", backup.filter(BoxBackup::restarts).isPresent());
    body.putAll(backup.map(BoxBackup::state).orElse(Map.of()));
    answer(exchange, body);
  }

  private void wish(Exchange exchange) throws InterruptedException {
    backup();
    Wish wish =
        read(
            exchange, "backup", fields -> new Wish(passphrase(fields), fields.flag("with_models")));
    hold(exchange, wishes.hold(wish));
  }

  private void unlock(Exchange exchange) throws InterruptedException {
    backup();
    hold(exchange, passphrases.hold(read(exchange, "restore", BackupApi::passphrase)));
  }

  private void hold(Exchange exchange, Optional<String> id) {
    answer(
        exchange,
        Map.of(
            "id",
            id.orElseThrow(
                () -> Problem.of(429, "too_many", "Too many wait already; try again later."))));
  }

  private static Passphrase passphrase(Fields fields) {
    try {
      return Passphrase.of(fields.required("passphrase").toCharArray());
    } catch (SoleboxException e) {
      throw EngineProblems.of(e, "passphrase");
    }
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

  private static Problem notThere() {
    return Problem.of(
        404, "not_found", "Nobody has asked for this, or it was long ago: begin anew.");
  }

  private void download(Exchange exchange) {
    Wish wish = wishes.take(exchange.parameter("id")).orElseThrow(BackupApi::notThere);
    exchange.record("backup.write", "", Map.of("models", Boolean.toString(wish.withModels())));
    exchange.setHeader("Cache-Control", "no-store");
    Cancelling progress = new Cancelling();
    try (Registration _ = exchange.cancelWith(progress::cancel)) {
      exchange.sendMade(
          FILE,
          "solebox-" + DAY.format(clock.instant()) + ".age",
          out ->
              backup()
                  .write(
                      new AgeLock.ForPassphrase(wish.passphrase()),
                      wish.withModels(),
                      out,
                      progress));
    }
  }

  private void upload(Exchange exchange) throws InterruptedException {
    Passphrase passphrase =
        passphrases.take(exchange.parameter("id")).orElseThrow(BackupApi::notThere);
    if (!restoring.compareAndSet(false, true)) {
      throw Problem.of(409, "still_running", "Another backup is being brought.");
    }
    try {
      Map<String, Object> staged = receive(exchange, new AgeKey.ByPassphrase(() -> passphrase));
      exchange.record("backup.stage", "", Map.of("made", String.valueOf(staged.get("made"))));
      answer(exchange, staged);
    } catch (SoleboxException e) {
      throw e.code() == ErrorCode.BAD_BUNDLE
          ? Problem.of(400, e.code().wireName(), e.explanation())
          : EngineProblems.of(e, "backup");
    } finally {
      restoring.set(false);
    }
  }

  /**
   * Reads a backup from a request's body, and lays it ready.
   *
   * @throws SoleboxException of the backup
   */
  private Map<String, Object> receive(Exchange exchange, AgeKey key) throws InterruptedException {
    BoxBackup box = backup();
    try {
      Upload<Map<String, Object>> upload = Upload.to(in -> box.stage(in, key, Progress.none()));
      try (upload) {
        exchange.readBytes(upload);
      } catch (IOException e) {
        if (!upload.failed()) { // else nobody reads on, and the result says why
          throw e;
        }
      }
      return upload.result();
    } catch (IOException e) {
      throw new SoleboxException(
          ErrorCode.IO_ERROR, "backup", "It cannot be read on.", "Send it again.", e);
    }
  }

  private void discard(Exchange exchange) {
    backup().discard();
    exchange.record("backup.discard", "", Map.of());
    answer(exchange, Map.of("discarded", true));
  }

  private void restart(Exchange exchange) {
    BoxBackup box = backup();
    if (!box.restarts()) {
      throw Problem.of(
          409, "cannot_restart", "Nothing starts this server again: end it and start it yourself.");
    }
    exchange.record("server.restart", "", Map.of());
    answer(exchange, Map.of("restarting", true));
    box.restart();
  }

  /** Is over when whoever loads it has gone. */
  private static final class Cancelling implements Progress {
    private final AtomicBoolean cancelled = new AtomicBoolean();

    void cancel() {
      cancelled.set(true);
    }

    @Override
    public void report(String stage, double fraction) {}

    @Override
    public boolean cancelled() {
      return cancelled.get();
    }
  }
}
