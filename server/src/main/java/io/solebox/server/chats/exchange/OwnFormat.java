package io.solebox.server.chats.exchange;

import io.solebox.server.chats.store.Attachment;
import io.solebox.server.chats.store.Call;
import io.solebox.server.chats.store.Chat;
import io.solebox.server.chats.store.Message;
import io.solebox.server.chats.store.Message.Role;
import io.solebox.server.chats.store.Message.State;
import io.solebox.server.chats.store.Step;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Chats as this server gives them out: {@code {"format": "solebox-chats", "version": 1, "chats":
 * [...]}}, each as the API shows it.
 */
public final class OwnFormat {
  public static final String FORMAT = "solebox-chats";
  public static final int VERSION = 1;

  /** What is told of a message beside its text, as far as it is what it should be. */
  private static final List<String> TOLD =
      List.of(
          "model", "options", "reasoning_ms", "usage", "finish", "error", "tool_calls", "tools");

  private OwnFormat() {}

  static boolean isOne(Map<String, Object> chat) {
    return chat.get("messages") instanceof List<?> && chat.get("id") instanceof String;
  }

  static Imported read(Map<String, Object> chat, long now) {
    long created = Loose.number(chat, "created").orElse(now);
    Chat about =
        Chat.empty("", created, false)
            .withTitle(Loose.text(chat, "title").orElse(""), Chat.TitledBy.PERSON)
            .withFolder(Loose.text(chat, "folder").filter(name -> !name.isBlank()))
            .withTags(List.copyOf(new TreeSet<>(Loose.texts(chat, "tags"))))
            .withArchived(Loose.flag(chat, "archived"))
            .withPinned(Loose.flag(chat, "pinned"))
            .withSettings(settings(Loose.object(chat, "settings")))
            .at(Loose.number(chat, "updated").orElse(created));
    Optional<String> model = Loose.text(chat, "model");
    Imported.Nodes nodes = new Imported.Nodes();
    for (Object each : Loose.list(chat, "messages")) {
      Map<String, Object> message = Loose.object(each);
      Loose.text(message, "id")
          .ifPresentOrElse(
              id -> add(nodes, id, message, created), () -> nodes.leaveOut("messages without id"));
    }
    return nodes.of(
        model.isPresent() ? about.withModel(model.get()) : about, Loose.text(chat, "current"));
  }

  private static Map<String, Object> settings(Map<String, Object> given) {
    Map<String, Object> settings = new LinkedHashMap<>();
    for (String name : List.of("model", "system")) {
      Loose.text(given, name).ifPresent(text -> settings.put(name, text));
    }
    for (String name : List.of("tools", "knowledge")) {
      List<String> names = Loose.texts(given, name);
      if (!names.isEmpty()) {
        settings.put(name, names);
      }
    }
    Map<String, Object> options = Loose.object(given, "options");
    if (!options.isEmpty()) {
      settings.put("options", options);
    }
    return settings;
  }

  private static void add(
      Imported.Nodes nodes, String id, Map<String, Object> message, long created) {
    Optional<String> parent = Loose.text(message, "parent");
    Role role =
        switch (Loose.text(message, "role").orElse("")) {
          case "user" -> Role.USER;
          default -> Role.ASSISTANT;
        };
    State state =
        switch (Loose.text(message, "state").orElse("done")) {
          case "failed" -> State.FAILED;
          case "stopped", "running", "waiting" -> State.STOPPED;
          default -> State.DONE;
        };
    Map<String, Object> about = new LinkedHashMap<>();
    TOLD.forEach(
        name -> Optional.ofNullable(message.get(name)).ifPresent(told -> about.put(name, told)));
    if (message.containsKey(Message.SOURCES)) {
      about.put(Message.SOURCES, Cited.read(message));
    }
    nodes.add(
        id,
        parent,
        new Message(
            id,
            Optional.empty(),
            role,
            Loose.number(message, "created").orElse(created),
            state,
            Loose.text(message, "text").orElse(""),
            Loose.text(message, "reasoning").orElse(""),
            attachments(message),
            steps(message),
            about));
  }

  private static List<Step> steps(Map<String, Object> message) {
    List<Step> steps = new ArrayList<>();
    for (Object each : Loose.list(message, "steps")) {
      Map<String, Object> step = Loose.object(each);
      List<Call> calls = new ArrayList<>();
      for (Object call : Loose.list(step, "tool_calls")) {
        calls.add(call(Loose.object(call), calls.size()));
      }
      steps.add(
          new Step(
              Loose.text(step, "text").orElse(""),
              Loose.text(step, "reasoning").orElse(""),
              calls,
              Map.of()));
    }
    return steps;
  }

  /** Nobody can have a call done that comes out of a file. */
  private static Call call(Map<String, Object> call, int index) {
    Call.State state =
        switch (Loose.text(call, "state").orElse("")) {
          case "done" -> Call.State.DONE;
          case "failed" -> Call.State.FAILED;
          default -> Call.State.REFUSED;
        };
    return new Call(
        Loose.text(call, "id").orElse("call_" + index),
        Loose.text(call, "name").orElse(""),
        Loose.text(call, "arguments").orElse("{}"),
        state,
        Loose.text(call, "result").orElse(""),
        Loose.object(call, "shown"));
  }

  private static List<Attachment> attachments(Map<String, Object> message) {
    List<Attachment> attachments = new ArrayList<>();
    for (Object each : Loose.list(message, "attachments")) {
      Map<String, Object> given = Loose.object(each);
      attachments.add(
          new Attachment(
              Loose.text(given, "name").orElse("file"),
              Loose.text(given, "type").orElse(""),
              Loose.number(given, "bytes").orElse(0),
              Loose.number(given, "tokens").orElse(0),
              Loose.text(given, "text").orElse("")));
    }
    return attachments;
  }
}
