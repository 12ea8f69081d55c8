package io.solebox.server.chats;

import io.solebox.engine.json.JsonSkips;
import io.solebox.server.chats.store.Attachment;
import io.solebox.server.chats.store.Notes;
import io.solebox.server.chats.store.Notes.Kind;
import io.solebox.server.chats.store.Notes.Note;
import io.solebox.server.http.Exchange;
import io.solebox.server.http.Route;
import io.solebox.server.params.Fields;
import io.solebox.server.params.Params;
import io.solebox.server.storage.Keeping;
import io.solebox.server.storage.Owners;
import io.solebox.storage.Ids;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** What people note beside their chats: prompts, personas, and what their pages are to be like. */
final class NoteRoutes {
  private static final int MAX_NAME = 200;
  private static final int MAX_PREFERENCES = 64 << 10;

  /** Of the preferences: whether anything of their owner is kept; the server says it. */
  private static final String KEEPS = "keeps";

  private final Ground ground;
  private final Optional<Notes> notes;

  /**
   * @param notes empty where nothing may be kept
   */
  NoteRoutes(Ground ground, Optional<Notes> notes) {
    this.ground = ground;
    this.notes = notes;
  }

  List<Route> routes() {
    return List.of(
        ground.get("/prompts", exchange -> list(exchange, Kind.PROMPT)),
        ground.post("/prompts", exchange -> add(exchange, Kind.PROMPT)),
        ground.get("/prompts/{id}", exchange -> get(exchange, Kind.PROMPT)),
        ground.post("/prompts/{id}", exchange -> change(exchange, Kind.PROMPT)),
        ground.delete("/prompts/{id}", exchange -> delete(exchange, Kind.PROMPT)),
        ground.get("/personas", exchange -> list(exchange, Kind.PERSONA)),
        ground.post("/personas", exchange -> add(exchange, Kind.PERSONA)),
        ground.get("/personas/{id}", exchange -> get(exchange, Kind.PERSONA)),
        ground.post("/personas/{id}", exchange -> change(exchange, Kind.PERSONA)),
        ground.delete("/personas/{id}", exchange -> delete(exchange, Kind.PERSONA)),
        ground.get("/preferences", this::preferences),
        ground.post("/preferences", this::setPreferences));
  }

  /**
   * @throws io.solebox.server.http.Problem 400 if nothing of theirs is kept
   */
  private Notes writable(String owner, String what) {
    Notes its =
        notes.orElseThrow(
            () ->
                Params.unsupported(
                    what, "This server was started with --no-store: it keeps nothing."));
    if (!its.keeps(owner)) {
      throw Keeping.off(what);
    }
    return its;
  }

  private void list(Exchange exchange, Kind kind) {
    List<Object> all =
        notes.map(its -> its.all(Owners.of(exchange), kind)).orElse(List.of()).stream()
            .map(note -> (Object) withoutTexts(note.json()))
            .toList();
    ground.send(exchange, 200, Map.of(kind.word() + "s", all));
  }

  /** Lists do not have what is attached: it can be long, and each has it for itself. */
  private static Map<String, Object> withoutTexts(Map<String, Object> note) {
    note.computeIfPresent(
        "attachments",
        (_, all) ->
            Attachment.listOf(all).stream()
                .map(Attachment::json)
                .peek(each -> each.remove("text"))
                .toList());
    return note;
  }

  private Note found(Exchange exchange, Kind kind) {
    String id = exchange.parameter("id");
    return notes
        .flatMap(its -> its.find(Owners.of(exchange), kind, id))
        .orElseThrow(() -> Chats.notFound(kind.word(), id));
  }

  private void get(Exchange exchange, Kind kind) {
    ground.send(exchange, 200, found(exchange, kind).json());
  }

  private void add(Exchange exchange, Kind kind) throws InterruptedException {
    write(exchange, kind, Ids.of(kind.word()));
  }

  private void change(Exchange exchange, Kind kind) throws InterruptedException {
    write(exchange, kind, found(exchange, kind).id());
  }

  private void write(Exchange exchange, Kind kind, String id) throws InterruptedException {
    String owner = Owners.of(exchange);
    Notes its = writable(owner, kind.word());
    Note written =
        ground.read(
            exchange,
            kind.word(),
            body -> {
              UnaryOperator<Map<String, Object>> change =
                  kind == Kind.PROMPT ? prompt(body) : persona(body);
              return its.write(owner, kind, id, change, ground.clock().millis());
            });
    ground.send(exchange, 200, written.json());
  }

  private static UnaryOperator<Map<String, Object>> prompt(Fields body) {
    Optional<String> name = name(body);
    Optional<String> text = body.string("text");
    return before -> {
      Map<String, Object> after = new LinkedHashMap<>(before);
      name.ifPresent(value -> after.put("name", value));
      text.ifPresent(value -> after.put("text", value));
      require(after, "name", "text");
      return after;
    };
  }

  private static UnaryOperator<Map<String, Object>> persona(Fields body) {
    Optional<String> name = name(body);
    Optional<String> system = body.string("system");
    boolean modelGiven = body.isGiven("model");
    Optional<String> model = body.string("model");
    Optional<Map<String, Object>> options = ChatReader.options(body);
    Optional<List<Object>> attachments =
        body.has("attachments")
            ? Optional.of(
                ChatReader.attachments(body).stream().<Object>map(Attachment::json).toList())
            : Optional.empty();
    return before -> {
      Map<String, Object> after = new LinkedHashMap<>(before);
      name.ifPresent(value -> after.put("name", value));
      system.ifPresent(value -> after.put("system", value));
      if (modelGiven) {
        after.remove("model");
        model.ifPresent(value -> after.put("model", value));
      }
      options.ifPresent(value -> after.put("options", value));
      attachments.ifPresent(value -> after.put("attachments", value));
      require(after, "name");
      return after;
    };
  }

  private static Optional<String> name(Fields body) {
    return body.string("name")
        .filter(text -> !text.isBlank())
        .map(text -> Ground.bounded(text.strip(), "name", MAX_NAME));
  }

  private static void require(Map<String, Object> note, String... names) {
    for (String name : names) {
      if (!note.containsKey(name)) {
        throw Params.missing(name);
      }
    }
  }

  private void delete(Exchange exchange, Kind kind) {
    Note note = found(exchange, kind);
    notes.orElseThrow().delete(Owners.of(exchange), kind, note.id());
    ground.send(exchange, 200, Map.of("deleted", 1));
  }

  private Map<String, Object> preferences(String owner) {
    return notes
        .flatMap(its -> its.all(owner, Kind.PREFERENCES).stream().findFirst())
        .map(Note::body)
        .orElse(Map.of());
  }

  private void preferences(Exchange exchange) {
    String owner = Owners.of(exchange);
    sendPreferences(exchange, owner, preferences(owner));
  }

  private void sendPreferences(Exchange exchange, String owner, Map<String, Object> noted) {
    Map<String, Object> body = new LinkedHashMap<>(noted);
    body.put(KEEPS, ground.chats().keeps(owner));
    ground.send(exchange, 200, body);
  }

  private void setPreferences(Exchange exchange) throws InterruptedException {
    String owner = Owners.of(exchange);
    Notes its = writable(owner, "preferences");
    Note written =
        exchange.readObject(
            JsonSkips.NONE,
            given ->
                its.writeOnly(
                    owner,
                    Kind.PREFERENCES,
                    before -> merged(before, given),
                    ground.clock().millis()));
    sendPreferences(exchange, owner, written.body());
  }

  private Map<String, Object> merged(Map<String, Object> before, Map<String, Object> given) {
    Map<String, Object> after = new TreeMap<>(before);
    given.forEach(
        (name, value) -> {
          if (value == null) {
            after.remove(name);
          } else {
            after.put(name, value);
          }
        });
    after.remove(KEEPS);
    if (ground.json().bytes(after).length > MAX_PREFERENCES) {
      throw Params.invalidValue(
          "preferences", "Preferences can have %d bytes at most.".formatted(MAX_PREFERENCES));
    }
    return after;
  }

  /** What a persona says; nothing where there is none, or it is gone. */
  Map<String, Object> persona(String owner, Optional<String> id) {
    return id.flatMap(its -> notes.flatMap(all -> all.find(owner, Kind.PERSONA, its)))
        .map(Note::body)
        .orElse(Map.of());
  }

  /** Whether models are to make titles for somebody. */
  boolean wantsTitles(String owner) {
    return !Boolean.FALSE.equals(preferences(owner).get("titles"));
  }
}
