package io.solebox.server.ollama;

import io.solebox.engine.backend.Progress;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.json.JsonSkips;
import io.solebox.engine.json.JsonWriter;
import io.solebox.server.http.EventStream;
import io.solebox.server.http.Exchange;
import io.solebox.server.library.KeptModel;
import io.solebox.server.library.LibraryRun;
import io.solebox.server.library.ModelLibrary;
import io.solebox.server.library.ModelRecipe;
import io.solebox.server.library.ModelSettings;
import io.solebox.server.params.FieldTable;
import io.solebox.server.params.Fields;
import io.solebox.server.params.Params;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** {@code /api/create}: models of other models, and of files that clients have sent. */
final class Creations {
  private static final JsonSkips NOTHING = JsonSkips.of(List.of());
  private static final Map<String, Object> SUCCESS = Map.of("status", "success");

  /** Between lines of one stage; more than that nobody can see. */
  private static final long STEP_NANOS = 100_000_000;

  /** How finely lines tell how far a stage is. */
  private static final long WHOLE = 1000;

  private final JsonWriter json;
  private final Optional<ModelLibrary> library;
  private final FieldTable table;
  private final Presets presets;

  Creations(JsonWriter json, Optional<ModelLibrary> library, FieldTable table, Presets presets) {
    this.json = json;
    this.library = library;
    this.table = table;
    this.presets = presets;
  }

  /**
   * @param from empty where it is made of files
   */
  private record Ask(
      String name,
      Optional<String> from,
      Map<String, String> files,
      ModelSettings settings,
      Optional<String> quantize,
      boolean stream) {}

  void create(Exchange exchange) throws InterruptedException {
    Ask ask = exchange.readObject(NOTHING, this::read);
    Optional<ModelRecipe.Origin> origin = origin(ask);
    var lines = new Lines(exchange, ask.stream());
    if (origin.isPresent()) {
      presets.requireNoOther(ask.name(), "model");
      var recipe = new ModelRecipe(ask.name(), origin.get(), ask.settings(), ask.quantize());
      ModelLibrary into = library.orElseThrow();
      LibraryRun.run(
          exchange, "model.create", unwanted -> make(into, recipe, lines.progress(unwanted)));
    } else {
      requireNoQuantizing(ask);
      presets.put(ask.name(), ask.from().orElseThrow(), ask.settings(), "model");
      exchange.record("model.create", ask.name(), Map.of("from", ask.from().orElseThrow()));
      lines.say("using existing layer");
    }
    lines.done();
  }

  private static KeptModel make(ModelLibrary into, ModelRecipe recipe, Progress progress) {
    try {
      return into.create(recipe, progress);
    } catch (SoleboxException e) {
      throw isTheirFault(e, recipe) ? Params.invalidValue("files", e.explanation()) : e;
    }
  }

  /** What is wrong with files that a client sent is wrong with his request. */
  private static boolean isTheirFault(SoleboxException error, ModelRecipe recipe) {
    boolean bad =
        error.code() == ErrorCode.BAD_MODEL_FILE || error.code() == ErrorCode.UNSUPPORTED_MODEL;
    return bad && recipe.origin() instanceof ModelRecipe.Origin.Files;
  }

  /** What of a library it is made of; empty where it is a name of a model outside of it. */
  private Optional<ModelRecipe.Origin> origin(Ask ask) {
    if (ask.from().isPresent()) {
      Optional<KeptModel> kept = presets.kept(ask.from().get());
      return kept.map(model -> new ModelRecipe.Origin.Kept(model.name()));
    }
    if (library.isEmpty()) {
      throw Params.unsupported(
          "files", "This server offers the models that it was started with, and no others.");
    }
    return Optional.of(new ModelRecipe.Origin.Files(ask.files()));
  }

  private static void requireNoQuantizing(Ask ask) {
    if (ask.quantize().isPresent()) {
      throw Params.unsupported(
          "quantize",
          "'%s' is not in the store, where a smaller one of it could be kept: bring it there with"
                  .formatted(ask.from().orElseThrow())
              + " 'solebox models import'.");
    }
  }

  private Ask read(Map<String, Object> object) {
    Fields body = new Fields(table, OllamaFields.CREATE, "", object);
    String name = body.required("model");
    Optional<String> from = body.string("from").filter(text -> !text.isBlank());
    Map<String, String> files = files(body);
    if (from.isPresent() == !files.isEmpty()) {
      throw from.isPresent()
          ? Params.invalidValue("files", "Give 'from' or 'files', and not both.")
          : Params.missing("from");
    }
    ModelSettings base = from.map(presets::of).orElse(ModelSettings.NONE);
    Optional<String> quantize =
        body.string("quantize").map(String::strip).filter(text -> !text.isEmpty());
    ModelSettings settings = settings(body, base);
    boolean stream = body.flag("stream", true);
    body.settle(false);
    return new Ask(name, from, files, settings, quantize, stream);
  }

  private static Map<String, String> files(Fields body) {
    Map<String, String> files = new LinkedHashMap<>();
    Map<String, Object> given =
        body.raw("files").map(value -> Fields.members(value, "files")).orElse(Map.of());
    given.forEach(
        (name, digest) ->
            files.put(
                name,
                BlobApi.hex(digest)
                    .orElseThrow(
                        () ->
                            Params.invalidValue(
                                "files." + name,
                                "Behind each name stands the digest of a file that was sent to"
                                    + " /api/blobs, sha256: and 64 hexadecimal digits."))));
    return files;
  }

  private ModelSettings settings(Fields body, ModelSettings base) {
    Map<String, Object> parameters = new LinkedHashMap<>(base.parameters());
    body.raw("parameters").ifPresent(own -> parameters.putAll(Fields.members(own, "parameters")));
    // What a request could not say cannot be said here.
    Options.check(new Fields(table, OllamaFields.OPTIONS, "parameters.", parameters));
    Optional<String> system =
        body.string("system").filter(text -> !text.isEmpty()).or(base::system);
    List<Map<String, Object>> messages = new ChatMessages(table).messages(body);
    return new ModelSettings(system, parameters, messages.isEmpty() ? base.messages() : messages);
  }

  /** The lines of one answer, or a single one at its end. */
  private final class Lines {
    private final Exchange exchange;
    private final boolean told;

    Lines(Exchange exchange, boolean told) {
      this.exchange = exchange;
      this.told = told;
    }

    /** For the thread that makes the model. */
    Progress progress(BooleanSupplier unwanted) {
      return new Progress() {
        private String current = "";
        private long nextNanos;

        @Override
        public void report(String stage, double fraction) {
          boolean other = !stage.equals(current);
          if (other || System.nanoTime() - nextNanos >= 0) {
            current = stage;
            nextNanos = System.nanoTime() + STEP_NANOS;
            send(
                Map.of(
                    "status",
                    stage,
                    "total",
                    WHOLE,
                    "completed",
                    Math.round(Math.clamp(fraction, 0, 1) * WHOLE)));
          }
        }

        @Override
        public boolean cancelled() {
          return unwanted.getAsBoolean();
        }
      };
    }

    void say(String status) {
      send(Map.of("status", status));
    }

    private void send(Map<String, Object> line) {
      if (told) {
        exchange.startStream(EventStream.Framing.LINES).send(json.bytes(line));
      }
    }

    void done() {
      if (!told) {
        exchange.send(200, "application/json", json.bytes(SUCCESS));
        return;
      }
      try (EventStream out = exchange.startStream(EventStream.Framing.LINES)) {
        out.send(json.bytes(Map.of("status", "writing manifest")));
        out.send(json.bytes(SUCCESS));
      }
    }
  }
}
