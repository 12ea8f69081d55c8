package io.solebox.server.chats;

import io.solebox.server.chats.run.ToolUse;
import io.solebox.server.chats.store.Attachment;
import io.solebox.server.chats.store.Chat;
import io.solebox.server.chats.store.Message;
import io.solebox.server.http.Problem;
import io.solebox.server.knowledge.Lookup;
import io.solebox.server.params.Fields;
import io.solebox.server.params.Params;
import io.solebox.server.tools.Approvals;
import io.solebox.server.tools.Toolbox;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Puts together what a model is asked with: a request's word counts, then a chat's, then a
 * persona's.
 */
record AskedReader(
    Ground ground, Personas personas, Lookup lookup, Toolbox toolbox, Approvals approvals) {
  private static final String OPTIONS = "options";
  private static final String TOOLS = "tools";
  private static final String KNOWLEDGE = "knowledge";

  /** Who is asked for in a chat's settings. */
  @FunctionalInterface
  interface Personas {
    /**
     * @return what the persona says; nothing where there is none
     */
    Map<String, Object> of(String owner, Optional<String> id);
  }

  /**
   * @param body of the request
   * @throws Problem 400 if it names a tool that is not allowed
   */
  Asked read(String owner, String chat, Fields body) {
    Map<String, Object> given = ChatReader.options(body).orElse(Map.of());
    Optional<String> model = body.string("model").filter(name -> !name.isBlank());
    Named named = new Named(ChatReader.tools(body), ChatReader.knowledge(body));
    Asked asked = asked(owner, chat, model, named, usual -> merged(usual, given));
    lookup.require(owner, asked.knowledge().stores());
    asked.tools().names().forEach(name -> toolbox.required(owner, name));
    return asked;
  }

  private static Map<String, Object> merged(Map<String, Object> usual, Map<String, Object> given) {
    Map<String, Object> options = new LinkedHashMap<>(usual);
    options.putAll(given);
    options.values().removeIf(value -> value == null);
    return options;
  }

  /**
   * What an answer goes on with that was asked for before.
   *
   * @param about what is told of it
   */
  Asked again(String owner, String chat, Map<String, Object> about) {
    Named named = new Named(Optional.of(names(about, TOOLS)), Optional.of(names(about, KNOWLEDGE)));
    return asked(owner, chat, text(about, "model"), named, _ -> options(about));
  }

  /** What a request names itself; empty where the chat says it. */
  private record Named(Optional<List<String>> tools, Optional<List<String>> knowledge) {}

  private Asked asked(
      String owner,
      String chatId,
      Optional<String> asked,
      Named named,
      UnaryOperator<Map<String, Object>> asIts) {
    Chat chat = ground.chats().find(owner, chatId);
    Map<String, Object> persona = personas.of(owner, text(chat.settings(), "persona"));
    Map<String, Object> options = asIts.apply(merged(options(persona), options(chat.settings())));
    String system = text(chat.settings(), "system").or(() -> text(persona, "system")).orElse("");
    Optional<String> model =
        asked
            .or(() -> text(chat.settings(), "model"))
            .or(() -> text(persona, "model"))
            .or(chat::model);
    List<Message> all = ground.chats().of(owner, chat.id()).messages(owner, chat.id());
    List<Attachment> documents =
        Optional.ofNullable(persona.get("attachments")).map(Attachment::listOf).orElse(List.of());
    List<String> tools = named.tools().orElseGet(() -> names(chat.settings(), TOOLS));
    List<String> stores = named.knowledge().orElseGet(() -> names(chat.settings(), KNOWLEDGE));
    if (!tools.isEmpty() && options.containsKey("tools")) {
      throw Params.invalidValue(
          "options.tools", "Tools are either the server's, in 'tools', or the client's own.");
    }
    ToolUse use = new ToolUse(owner, toolbox, approvals, tools);
    Knowledge knowledge = new Knowledge(lookup, owner, stores);
    return new Asked(owner, chat, all, system, documents, model, options, knowledge, use);
  }

  private static Optional<String> text(Map<String, Object> from, String name) {
    return Optional.ofNullable((String) from.get(name)).filter(text -> !text.isBlank());
  }

  @SuppressWarnings("unchecked") // as they were read
  private static Map<String, Object> options(Map<String, Object> from) {
    return (Map<String, Object>) from.getOrDefault(OPTIONS, Map.of());
  }

  @SuppressWarnings("unchecked") // as they were read
  private static List<String> names(Map<String, Object> from, String what) {
    return (List<String>) from.getOrDefault(what, List.of());
  }
}
