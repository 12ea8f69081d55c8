package io.solebox.server.ollama;

import io.solebox.engine.host.ModelHost.Status;
import io.solebox.engine.json.JsonSkips;
import io.solebox.server.http.Exchange;
import io.solebox.server.library.KeptModel;
import io.solebox.server.library.ModelLibrary;
import io.solebox.server.library.ModelSettings;
import io.solebox.server.models.Models;
import io.solebox.server.models.Removals;
import io.solebox.server.params.FieldTable;
import io.solebox.server.params.Fields;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What Ollama's API does with names of models: copy, delete. */
final class NameApi {
  private static final JsonSkips NOTHING = JsonSkips.of(List.of());

  private final Models models;
  private final Optional<ModelLibrary> library;
  private final FieldTable table;
  private final Presets presets;

  NameApi(Models models, Optional<ModelLibrary> library, FieldTable table, Presets presets) {
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
              Copy asked = new Copy(body.required("source"), body.required("destination"));
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
    exchange.record("model.copy", copy.destination(), Map.of("from", copy.source()));
    exchange.send(200, "application/json", new byte[0]);
  }

  void delete(Exchange exchange) throws InterruptedException {
    String name =
        exchange.readObject(
            NOTHING,
            json -> {
              Fields body = new Fields(table, OllamaFields.NAME, "", json);
              String model = body.required("model");
              body.settle(false);
              return model;
            });
    if (presets.has(name)) {
      presets.remove(name);
      exchange.record("model.delete", name, Map.of());
    } else {
      Status status = models.seenByAdministrators().find(name).status();
      new Removals(models, library).remove(status, exchange);
    }
    exchange.send(200, "application/json", new byte[0]);
  }
}
