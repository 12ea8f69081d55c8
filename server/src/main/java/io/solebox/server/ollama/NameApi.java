package io.solebox.server.ollama;

import io.solebox.engine.json.JsonSkips;
import io.solebox.engine.json.JsonWriter;
import io.solebox.server.http.EventStream;
import io.solebox.server.http.Exchange;
import io.solebox.server.library.KeptModel;
import io.solebox.server.library.ModelLibrary;
import io.solebox.server.library.ModelSettings;
import io.solebox.server.models.Models;
import io.solebox.server.models.Removals;
import io.solebox.server.params.FieldTable;
import io.solebox.server.params.Fields;
import io.solebox.server.params.Params;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What Ollama's API does with names of models: copy, create, delete. */
final class NameApi {
  private static final JsonSkips NOTHING = JsonSkips.of(List.of());
  private static final Map<String, Object> SUCCESS = Map.of("status", "success");

  private final JsonWriter json;
  private final Models models;
  private final Optional<ModelLibrary> library;
  private final FieldTable table;
  private final Presets presets;

  NameApi(
      JsonWriter json,
      Models models,
      Optional<ModelLibrary> library,
      FieldTable table,
      Presets presets) {
    this.json = json;
    this.models = models;
    this.library = library;
    this.table = table;
    this.presets = presets;
  }

  private record Copy(String source, String destination) {}

  void copy(Exchange exchange) throws InterruptedException {
    Copy copy =
        exchange.readObject(
            NOTHING,
            json -> {
              Fields body = new Fields(table, OllamaFields.COPY, "", json);
              Copy asked = new Copy(required(body, "source"), required(body, "destination"));
              body.settle(false);
              return asked;
            });
    Optional<KeptModel> kept = presets.kept(copy.source());
    if (kept.isPresent()) {
      presets.requireNoOther(copy.destination(), "destination");
      library.orElseThrow().copy(kept.get().name(), copy.destination());
    } else {
      ModelSettings settings = presets.of(copy.source());
      presets.put(copy.destination(), copy.source(), settings, "destination");
    }
    exchange.send(200, "application/json", new byte[0]);
  }

  void delete(Exchange exchange) throws InterruptedException {
    String name =
        exchange.readObject(
            NOTHING,
            json -> {
              Fields body = new Fields(table, OllamaFields.NAME, "", json);
              String model = required(body, "model");
              body.settle(false);
              return model;
            });
    if (presets.has(name)) {
      presets.remove(name);
    } else {
      new Removals(models, library).remove(models.find(name).status());
    }
    exchange.send(200, "application/json", new byte[0]);
  }

  void create(Exchange exchange) throws InterruptedException {
    boolean stream =
        exchange.readObject(
            NOTHING,
            json -> {
              Fields body = new Fields(table, OllamaFields.CREATE, "", json);
              create(body);
              return body.flag("stream", true);
            });
    status(exchange, stream, List.of("using existing layer", "writing manifest"));
  }

  private void create(Fields body) {
    String name = required(body, "model");
    String from = required(body, "from");
    ModelSettings base = presets.of(from);
    Map<String, Object> parameters = new LinkedHashMap<>(base.parameters());
    body.raw("parameters").ifPresent(own -> parameters.putAll(Fields.members(own, "parameters")));
    // What a request could not say cannot be said here.
    Options.check(new Fields(table, OllamaFields.OPTIONS, "parameters.", parameters));
    Optional<String> system =
        body.string("system").filter(text -> !text.isEmpty()).or(base::system);
    List<Map<String, Object>> messages = new ChatMessages(table).messages(body);
    body.flag("stream");
    body.settle(false);
    var settings =
        new ModelSettings(system, parameters, messages.isEmpty() ? base.messages() : messages);
    Optional<KeptModel> kept = presets.kept(from);
    if (kept.isPresent()) {
      presets.requireNoOther(name, "model");
      library.orElseThrow().create(name, kept.get().name(), settings);
    } else {
      presets.put(name, from, settings, "model");
    }
  }

  private void status(Exchange exchange, boolean stream, List<String> steps) {
    if (!stream) {
      exchange.send(200, "application/json", json.bytes(SUCCESS));
      return;
    }
    try (EventStream out = exchange.startStream(EventStream.Framing.LINES)) {
      steps.forEach(step -> out.send(json.bytes(Map.of("status", step))));
      out.send(json.bytes(SUCCESS));
    }
  }

  private static String required(Fields body, String name) {
    return body.string(name)
        .filter(text -> !text.isBlank())
        .orElseThrow(() -> Params.missing(body.param(name)));
  }
}
