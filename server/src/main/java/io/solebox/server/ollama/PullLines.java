package io.solebox.server.ollama;

import io.solebox.engine.json.JsonSkips;
import io.solebox.engine.json.JsonWriter;
import io.solebox.server.http.EventStream;
import io.solebox.server.http.Exchange;
import io.solebox.server.http.Problem;
import io.solebox.server.library.LibraryRun;
import io.solebox.server.library.ModelLibrary;
import io.solebox.server.library.PullWatcher;
import io.solebox.server.library.PullWish;
import io.solebox.server.models.Models;
import io.solebox.server.params.FieldTable;
import io.solebox.server.params.Fields;
import io.solebox.server.params.Params;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code /api/pull}: fetches a model, and tells how far it is in Ollama's lines. */
final class PullLines {
  private static final JsonSkips NOTHING = JsonSkips.of(List.of());
  private static final Map<String, Object> SUCCESS = Map.of("status", "success");

  /** Lines between those of a file that goes on; more than that nobody can see. */
  private static final long STEP_NANOS = 100_000_000;

  private static final int SHORT_DIGEST = 12;

  private final JsonWriter json;
  private final Models models;
  private final Optional<ModelLibrary> library;
  private final FieldTable table;

  PullLines(JsonWriter json, Models models, Optional<ModelLibrary> library, FieldTable table) {
    this.json = json;
    this.models = models;
    this.library = library;
    this.table = table;
  }

  private record Ask(PullWish wish, boolean stream) {}

  void pull(Exchange exchange) throws InterruptedException {
    Ask ask = exchange.readObject(NOTHING, this::read);
    exchange.notes().model(ask.wish().name());
    if (isStarted(ask.wish().name())) {
      answer(exchange, ask, List.of("pulling manifest"));
      return;
    }
    var watcher = new Lines(exchange, ask.stream());
    LibraryRun.run(exchange, "model.pull", _ -> library.orElseThrow().pull(ask.wish(), watcher));
    answer(
        exchange, ask, List.of("verifying sha256 digest", "writing manifest")); // done as they came
  }

  private Ask read(Map<String, Object> body) {
    Fields fields = new Fields(table, OllamaFields.PULL, "", body);
    String name =
        fields
            .string("model")
            .filter(text -> !text.isBlank())
            .orElseThrow(() -> Params.missing(fields.param("model")));
    boolean stream = fields.flag("stream", true);
    boolean insecure = fields.flag("insecure");
    fields.settle(false);
    return new Ask(new PullWish(name.strip(), insecure), stream);
  }

  /** Whether it is one that the server was started with: that need not be fetched. */
  private boolean isStarted(String name) {
    try {
      return models.kept(models.seenByAdministrators().find(name).status()).isEmpty();
    } catch (Problem unknown) {
      if (library.isEmpty()) {
        throw Problem.of(
                unknown.status(),
                unknown.code(),
                unknown.getMessage() + " It fetches none; start it with the file of the model.")
            .withParam("model");
      }
      return false;
    }
  }

  private void answer(Exchange exchange, Ask ask, List<String> last) {
    if (!ask.stream()) {
      exchange.send(200, "application/json", json.bytes(SUCCESS));
      return;
    }
    try (EventStream out = exchange.startStream(EventStream.Framing.LINES)) {
      last.forEach(step -> out.send(json.bytes(Map.of("status", step))));
      out.send(json.bytes(SUCCESS));
    }
  }

  /** Of one pull, by its thread. */
  private final class Lines implements PullWatcher {
    private final Exchange exchange;
    private final boolean told;
    private String file = "";
    private long nextNanos;

    Lines(Exchange exchange, boolean told) {
      this.exchange = exchange;
      this.told = told;
    }

    @Override
    public void begun() {
      send(Map.of("status", "pulling manifest"));
    }

    @Override
    public void progress(Standing now) {
      boolean other = !now.file().equals(file);
      boolean done = now.fileBytes() == now.fileTotal();
      if (!other && !done && System.nanoTime() - nextNanos < 0) {
        return;
      }
      file = now.file();
      nextNanos = System.nanoTime() + STEP_NANOS;
      Map<String, Object> line = new LinkedHashMap<>();
      String called = now.digest().map(hex -> hex.substring(0, SHORT_DIGEST)).orElse(now.file());
      line.put("status", "pulling " + called);
      now.digest().ifPresent(hex -> line.put("digest", "sha256:" + hex));
      line.put("total", now.fileTotal());
      line.put("completed", now.fileBytes());
      send(line);
    }

    @Override
    public void note(String text) {
      send(Map.of("status", text));
    }

    private void send(Map<String, Object> line) {
      if (told) {
        exchange.startStream(EventStream.Framing.LINES).send(json.bytes(line));
      }
    }
  }
}
