package io.solebox.server.chats.exchange;

import io.solebox.server.chats.store.Chat;
import io.solebox.server.chats.store.Message;
import io.solebox.server.chats.store.Message.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A conversation of ChatGPT's {@code conversations.json}: nodes in {@code mapping}, each with its
 * {@code parent} and a message, or none.
 */
final class ChatGptFormat {
  private static final String MAPPING = "mapping";

  private ChatGptFormat() {}

  static boolean isOne(Map<String, Object> conversation) {
    return conversation.get(MAPPING) instanceof Map<?, ?>;
  }

  static Imported read(Map<String, Object> conversation, long now) {
    long created = Loose.seconds(conversation, "create_time").orElse(now);
    Chat about =
        Chat.empty("", created, false)
            .withTitle(Loose.text(conversation, "title").orElse(""), Chat.TitledBy.PERSON)
            .withArchived(Loose.flag(conversation, "is_archived"))
            .withPinned(Loose.flag(conversation, "is_starred"))
            .at(Loose.seconds(conversation, "update_time").orElse(created));
    Imported.Nodes nodes = new Imported.Nodes();
    Loose.object(conversation, MAPPING)
        .forEach((name, node) -> add(nodes, name, Loose.object(node), created));
    return nodes.of(about, Loose.text(conversation, "current_node"));
  }

  private static void add(
      Imported.Nodes nodes, String name, Map<String, Object> node, long created) {
    Optional<String> parent = Loose.text(node, "parent");
    Map<String, Object> message = Loose.object(node, "message");
    if (message.isEmpty()) {
      nodes.leadOn(name, parent, "");
      return;
    }
    String author = Loose.text(Loose.object(message, "author"), "role").orElse("");
    Map<String, Object> content = Loose.object(message, "content");
    String text = text(content, nodes);
    long time = Loose.seconds(message, "create_time").orElse(created);
    switch (author) {
      case "user", "assistant" -> {
        if (text.isBlank()) {
          nodes.leadOn(name, parent, whatIsNoText(content));
        } else {
          Role role = author.equals("user") ? Role.USER : Role.ASSISTANT;
          Message said = Message.said(name, Optional.empty(), role, time, text);
          Optional<String> model = Loose.text(Loose.object(message, "metadata"), "model_slug");
          nodes.add(
              name,
              parent,
              role == Role.ASSISTANT && model.isPresent() ? said.with("model", model.get()) : said);
        }
      }
      case "system" -> nodes.leadOn(name, parent, text.isBlank() ? "" : "system messages");
      default -> nodes.leadOn(name, parent, "messages of tools");
    }
  }

  private static String whatIsNoText(Map<String, Object> content) {
    return switch (Loose.text(content, "content_type").orElse("")) {
      case "thoughts", "reasoning_recap" -> "thoughts of the model";
      case "text" -> "";
      default -> "messages without text";
    };
  }

  private static String text(Map<String, Object> content, Imported.Nodes nodes) {
    List<String> parts = new ArrayList<>();
    for (Object part : Loose.list(content, "parts")) {
      if (part instanceof String text) {
        parts.add(text);
      } else {
        Loose.text(Loose.object(part), "text")
            .ifPresentOrElse(parts::add, () -> nodes.leaveOut("images or other files"));
      }
    }
    boolean shown = Loose.text(content, "content_type").filter("code"::equals).isPresent();
    if (parts.isEmpty() && shown) {
      Loose.text(content, "text").ifPresent(parts::add);
    }
    return String.join("\n\n", parts).strip();
  }
}
