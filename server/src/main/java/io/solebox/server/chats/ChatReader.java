package io.solebox.server.chats;

import io.solebox.server.chats.run.Prompting;
import io.solebox.server.chats.store.Attachment;
import io.solebox.server.params.Fields;
import io.solebox.server.params.Params;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads what bodies of chats have in common. */
final class ChatReader {
  static final int MAX_TITLE = 300;
  private static final int MAX_NAME = 200;
  private static final int MAX_TAGS = 50;
  private static final int MAX_ATTACHMENTS = 100;
  private static final int MAX_TOOLS = 64;
  private static final int MAX_KNOWLEDGE = 20;

  private ChatReader() {}

  /**
   * A name that says something, without spaces around it.
   *
   * @return empty where it is null or blank
   */
  static Optional<String> name(Fields body, String field) {
    return body.string(field)
        .map(String::strip)
        .filter(text -> !text.isEmpty())
        .map(text -> Ground.bounded(text, body.param(field), MAX_NAME));
  }

  static List<String> tags(Fields body) {
    Set<String> tags = new LinkedHashSet<>();
    for (Object tag : body.array("tags").orElse(List.of())) {
      if (!(tag instanceof String text)) {
        throw Params.invalidType("tags", "an array of strings", tag);
      }
      if (!text.isBlank()) {
        tags.add(Ground.bounded(text.strip(), "tags", MAX_NAME));
      }
    }
    if (tags.size() > MAX_TAGS) {
      throw Params.invalidValue("tags", "A chat can have %d tags at most.".formatted(MAX_TAGS));
    }
    return tags.stream().sorted().toList();
  }

  /** Empty where they are not given. */
  static Optional<Map<String, Object>> settings(Fields body) {
    return body.object("settings", "settings")
        .map(
            given -> {
              Map<String, Object> settings = new LinkedHashMap<>();
              given.string("model").ifPresent(text -> settings.put("model", text));
              given.string("system").ifPresent(text -> settings.put("system", text));
              given.string("persona").ifPresent(text -> settings.put("persona", text));
              options(given).ifPresent(options -> settings.put("options", options));
              tools(given).ifPresent(tools -> settings.put("tools", tools));
              knowledge(given).ifPresent(stores -> settings.put("knowledge", stores));
              given.settle(true);
              return settings;
            });
  }

  /** Parameters of {@code /v1/chat/completions}, which reads them when an answer is asked for. */
  static Optional<Map<String, Object>> options(Fields body) {
    Optional<Map<String, Object>> options =
        body.raw("options").map(given -> Fields.members(given, body.param("options")));
    options.ifPresent(Prompting::requireOptions);
    return options;
  }

  /** Names of tools; empty where they are not given. */
  static Optional<List<String>> tools(Fields body) {
    return names(body, "tools", MAX_TOOLS);
  }

  /** Ids of vector stores; empty where they are not given. */
  static Optional<List<String>> knowledge(Fields body) {
    return names(body, "knowledge", MAX_KNOWLEDGE);
  }

  private static Optional<List<String>> names(Fields body, String field, int most) {
    return body.array(field)
        .map(
            given -> {
              Set<String> names = new LinkedHashSet<>();
              for (Object each : given) {
                if (!(each instanceof String name)) {
                  throw Params.invalidType(body.param(field), "an array of strings", each);
                }
                names.add(name);
              }
              if (names.size() > most) {
                throw Params.invalidValue(
                    body.param(field), "There can be %d at most.".formatted(most));
              }
              return List.copyOf(names);
            });
  }

  static List<Attachment> attachments(Fields body) {
    List<Object> given = body.array("attachments").orElse(List.of());
    if (given.size() > MAX_ATTACHMENTS) {
      throw Params.invalidValue(
          "attachments", "There can be %d attachments at most.".formatted(MAX_ATTACHMENTS));
    }
    List<Attachment> attachments = new ArrayList<>();
    for (Object each : given) {
      attachments.add(attachment(each, "attachments[" + attachments.size() + "]"));
    }
    return attachments;
  }

  private static Attachment attachment(Object given, String param) {
    Fields fields = Ground.fields("attachment", given, param);
    String text = fields.string("text").orElseThrow(() -> Params.missing(param + ".text"));
    Attachment attachment =
        new Attachment(
            Ground.bounded(fields.required("name"), param + ".name", MAX_NAME),
            Ground.bounded(fields.string("type").orElse(""), param + ".type", MAX_NAME),
            count(fields, "bytes"),
            count(fields, "tokens"),
            text);
    fields.settle(true);
    return attachment;
  }

  private static long count(Fields fields, String name) {
    return fields
        .whole(name)
        .map(n -> (long) n.inRange(fields.param(name), 0, Integer.MAX_VALUE))
        .orElse(0L);
  }
}
