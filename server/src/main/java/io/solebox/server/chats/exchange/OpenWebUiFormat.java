package io.solebox.server.chats.exchange;

import io.solebox.server.chats.store.Chat;
import io.solebox.server.chats.store.Message;
import io.solebox.server.chats.store.Message.Role;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * A chat of Open WebUI's export: {@code chat.history.messages} by id, each with its {@code
 * parentId}.
 */
final class OpenWebUiFormat {
  private OpenWebUiFormat() {}

  private static Map<String, Object> history(Map<String, Object> conversation) {
    return Loose.object(Loose.object(conversation, "chat"), "history");
  }

  static boolean isOne(Map<String, Object> conversation) {
    return history(conversation).get("messages") instanceof Map<?, ?>;
  }

  static Imported read(Map<String, Object> conversation, long now) {
    Map<String, Object> chat = Loose.object(conversation, "chat");
    long created = Loose.seconds(conversation, "created_at").orElse(now);
    TreeSet<String> tags = new TreeSet<>(Loose.texts(chat, "tags"));
    tags.addAll(Loose.texts(Loose.object(conversation, "meta"), "tags"));
    String title = Loose.text(conversation, "title").or(() -> Loose.text(chat, "title")).orElse("");
    Chat about =
        Chat.empty("", created, false)
            .withTitle(title, Chat.TitledBy.PERSON)
            .withTags(tags.stream().filter(tag -> !tag.isBlank()).toList())
            .withArchived(Loose.flag(conversation, "archived"))
            .withPinned(Loose.flag(conversation, "pinned"))
            .at(Loose.seconds(conversation, "updated_at").orElse(created));
    Imported.Nodes nodes = new Imported.Nodes();
    Loose.object(history(conversation), "messages")
        .forEach((name, message) -> add(nodes, name, Loose.object(message), created));
    return nodes.of(about, Loose.text(history(conversation), "currentId"));
  }

  private static void add(
      Imported.Nodes nodes, String name, Map<String, Object> message, long created) {
    Optional<String> parent = Loose.text(message, "parentId");
    String text = Loose.text(message, "content").orElse("");
    long time = Loose.seconds(message, "timestamp").orElse(created);
    Loose.list(message, "files").forEach(_ -> nodes.leaveOut("files"));
    switch (Loose.text(message, "role").orElse("")) {
      case "user" ->
          nodes.add(name, parent, Message.said(name, Optional.empty(), Role.USER, time, text));
      case "assistant" -> {
        Message said = Message.said(name, Optional.empty(), Role.ASSISTANT, time, text);
        Optional<String> model = Loose.text(message, "model");
        nodes.add(name, parent, model.isPresent() ? said.with("model", model.get()) : said);
      }
      default -> nodes.leadOn(name, parent, "messages of others than user and assistant");
    }
  }
}
