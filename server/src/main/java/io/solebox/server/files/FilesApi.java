package io.solebox.server.files;

import io.solebox.engine.json.JsonWriter;
import io.solebox.server.files.FileStore.Description;
import io.solebox.server.files.FileStore.StoredFile;
import io.solebox.server.http.Api;
import io.solebox.server.http.Exchange;
import io.solebox.server.http.Form;
import io.solebox.server.http.Form.Upload;
import io.solebox.server.http.Method;
import io.solebox.server.http.Permission;
import io.solebox.server.http.Problem;
import io.solebox.server.http.Route;
import io.solebox.server.http.RouteLimits;
import io.solebox.server.http.Texts;
import io.solebox.server.params.Params;
import io.solebox.server.storage.Keeping;
import io.solebox.server.storage.Owners;
import io.solebox.server.storage.Pages;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** {@code /v1/files}, as OpenAI's API has it. */
public final class FilesApi {
  private static final String JSON = "application/json";
  private static final String ONE = "/v1/files/{id}";

  /** As OpenAI has it. */
  private static final int MAX_FILE_BYTES = 512 << 20;

  private static final int FORM_BYTES = 1 << 20;
  private static final int MAX_NAME = 255;
  private static final Set<String> PURPOSES = Set.of("batch", "user_data", "assistants", "evals");

  private final JsonWriter json;
  private final Optional<FileStore> store;

  /**
   * @param store empty where nothing may be kept
   */
  public FilesApi(JsonWriter json, Optional<FileStore> store) {
    this.json = json;
    this.store = store;
  }

  /**
   * @param problems how errors are worded
   */
  public Api api(Api.ProblemWriter problems) {
    RouteLimits upload = RouteLimits.body(MAX_FILE_BYTES + FORM_BYTES);
    return new Api(
        List.of(
            new Route(Method.POST, "/v1/files", Permission.USE_MODELS, upload, this::upload),
            route(Method.GET, "/v1/files", this::list),
            route(Method.GET, ONE, this::get),
            route(Method.DELETE, ONE, this::delete),
            route(Method.GET, ONE + "/content", this::content)),
        problems);
  }

  private static Route route(Method method, String path, Route.Handler handler) {
    return new Route(method, path, Permission.USE_MODELS, RouteLimits.NO_BODY, handler);
  }

  private FileStore store() {
    return store.orElseThrow(
        () ->
            Problem.of(
                400,
                "unsupported_parameter",
                "This server was started with --no-store: it keeps nothing."));
  }

  private void upload(Exchange exchange) throws InterruptedException {
    String owner = Owners.of(exchange);
    if (!store().keeps(owner)) {
      throw Keeping.off("file");
    }
    try (NewFile file = store().begin(owner)) {
      Form form = exchange.readForm(file::open);
      exchange.send(200, JSON, json.bytes(body(take(form, file, owner))));
    }
  }

  private StoredFile take(Form form, NewFile file, String owner) {
    Upload upload = form.file().orElseThrow(() -> Params.missing("file"));
    if (!upload.field().equals("file")) {
      throw Params.invalidValue("file", "The file must be in the field 'file' of the form.");
    }
    if (file.bytes() == 0) {
      throw Params.invalidValue("file", "The file is empty.");
    }
    String purpose =
        Optional.ofNullable(form.fields().get("purpose"))
            .orElseThrow(() -> Params.missing("purpose"));
    if (!PURPOSES.contains(purpose)) {
      throw Params.invalidValue(
          "purpose",
          "'purpose' is '%s', but must be batch, user_data, assistants or evals."
              .formatted(Texts.abbreviated(purpose)));
    }
    String name = Texts.abbreviated(upload.name(), MAX_NAME);
    Description about =
        new Description(owner, name, purpose, Lifetime.ofForm(form.fields(), "expires_after"));
    return store().add(file.described(about));
  }

  static Map<String, Object> body(StoredFile file) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("id", file.id());
    body.put("object", "file");
    body.put("bytes", file.bytes());
    body.put("created_at", file.created());
    body.put("expires_at", file.expires().orElse(null));
    body.put("filename", file.name());
    body.put("purpose", file.purpose());
    body.put("status", "processed");
    body.put("solebox", Map.of("sha256", file.digest()));
    return body;
  }

  private StoredFile found(Exchange exchange) {
    String id = exchange.parameter("id");
    return store()
        .find(id, Owners.of(exchange))
        .orElseThrow(
            () ->
                Problem.of(
                    404, "not_found", "There is no file '%s'.".formatted(Texts.abbreviated(id))));
  }

  private void get(Exchange exchange) {
    exchange.send(200, JSON, json.bytes(body(found(exchange))));
  }

  private void list(Exchange exchange) {
    List<Map<String, Object>> files = new ArrayList<>();
    Optional<String> purpose = exchange.query("purpose");
    for (StoredFile file : store().all(Owners.of(exchange))) {
      if (purpose.isEmpty() || purpose.get().equals(file.purpose())) {
        files.add(body(file));
      }
    }
    exchange.send(200, JSON, json.bytes(Pages.of(exchange, files)));
  }

  private void delete(Exchange exchange) {
    StoredFile file = found(exchange);
    store().delete(file.id(), Owners.of(exchange));
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("id", file.id());
    body.put("object", "file");
    body.put("deleted", true);
    exchange.send(200, JSON, json.bytes(body));
  }

  private void content(Exchange exchange) {
    StoredFile file = found(exchange);
    StoredContent.send(exchange, store(), file, Owners.of(exchange));
  }
}
