package io.solebox.server.audit;

import io.solebox.engine.json.JsonWriter;
import io.solebox.server.http.Api;
import io.solebox.server.http.Caller;
import io.solebox.server.http.Exchange;
import io.solebox.server.http.Method;
import io.solebox.server.http.Permission;
import io.solebox.server.http.Route;
import io.solebox.server.http.RouteLimits;
import io.solebox.server.params.Params;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code /admin/audit}: the log for administrators, and whether it is as it was written. */
public final class AuditApi {
  private static final String JSON = "application/json";
  private static final int MOST = 500;
  private static final int USUAL = 100;

  private final JsonWriter json;
  private final Optional<AuditBook> book;

  /**
   * @param book empty where nothing is kept
   */
  public AuditApi(JsonWriter json, Optional<AuditBook> book) {
    this.json = json;
    this.book = book;
  }

  /**
   * @param problems whose words its errors have
   */
  public Api api(Api.ProblemWriter problems) {
    return new Api(
        List.of(
            get("/admin/audit", this::list),
            get("/admin/audit/check", this::check),
            get("/admin/audit/export", this::export)),
        problems);
  }

  private static Route get(String path, Route.Handler handler) {
    return new Route(Method.GET, path, Permission.ADMINISTRATE, RouteLimits.NO_BODY, handler);
  }

  private AuditBook book() {
    return book.orElseThrow(
        () -> Params.unsupported("audit", "This server keeps nothing, and no audit log."));
  }

  /** The last entries of a kind, those before one, or those behind one. */
  private void list(Exchange exchange) {
    AuditReader reader = book().reader();
    int limit =
        (int) number(exchange.query("limit"), "limit", 1, MOST).orElse((long) USUAL).longValue();
    Optional<Long> after = number(exchange.query("after"), "after", 0, Long.MAX_VALUE);
    Optional<Long> before = number(exchange.query("before"), "before", 1, Long.MAX_VALUE);
    if (after.isPresent() && before.isPresent()) {
      throw Params.invalidValue("before", "'before' and 'after' cannot both be given.");
    }
    var which =
        new AuditFilter(
            exchange.query("action"), exchange.query("actor"), exchange.query("subject"));
    List<Recorded> found =
        after.isPresent()
            ? reader.after(which, after.get(), limit + 1)
            : reader.before(which, before.orElse(Long.MAX_VALUE), limit + 1);
    boolean more = found.size() > limit;
    int from = more && after.isEmpty() ? 1 : 0;
    int to = more && after.isPresent() ? limit : found.size();
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("object", "list");
    body.put("data", found.subList(from, to).stream().map(AuditFile::fields).toList());
    body.put("has_more", more && after.isPresent());
    body.put("has_earlier", more && after.isEmpty());
    exchange.send(200, JSON, json.bytes(body));
  }

  private void export(Exchange exchange) {
    try {
      Path folder = Files.createTempDirectory("solebox-audit");
      Path file = folder.resolve("solebox-audit.jsonl");
      try {
        book().export(actor(exchange), file);
        exchange.setHeader("Content-Disposition", "attachment; filename=\"solebox-audit.jsonl\"");
        exchange.sendFile("application/jsonl", file, Optional.empty());
      } finally {
        Files.deleteIfExists(file);
        Files.delete(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String actor(Exchange exchange) {
    return exchange
        .caller()
        .map(Caller::name)
        .filter(name -> !name.isEmpty())
        .orElse(Entry.THIS_MACHINE);
  }

  private static Optional<Long> number(Optional<String> text, String name, long least, long most) {
    try {
      Optional<Long> number = text.map(Long::parseLong);
      if (number.filter(n -> n < least || n > most).isEmpty()) {
        return number;
      }
    } catch (NumberFormatException e) {
      // The same answer as for a number out of range.
    }
    throw Params.invalidValue(
        name, "'%s' must be a whole number of %d to %d.".formatted(name, least, most));
  }

  private void check(Exchange exchange) {
    Map<String, Object> body = new LinkedHashMap<>();
    switch (book().check(Optional.empty())) {
      case Verdict.Sound(long entries, long unsigned, Optional<Head> head) -> {
        body.put("sound", true);
        body.put("entries", entries);
        body.put("unsigned", unsigned);
        head.ifPresent(last -> body.put("signed_to", last.seq()));
      }
      case Verdict.Broken(long seq, String what) -> {
        body.put("sound", false);
        body.put("entry", seq);
        body.put("what", what);
      }
    }
    exchange.send(200, JSON, json.bytes(body));
  }
}
