package io.solebox.server.responses;

import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.server.http.Problem;
import io.solebox.server.params.FieldTable;
import io.solebox.server.params.Fields;
import io.solebox.server.params.Params;
import io.solebox.storage.Ids;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads items of requests, checked, and as they are stored. */
final class ItemReader {
  /** Each that is named is looked for; who has more names a response, or a conversation. */
  private static final int MAX_NAMED = 1000;

  /** Of all that are named: a few bytes of a request bring so much into memory, and no more. */
  private static final int MAX_NAMED_CHARS = 8 << 20;

  private final FieldTable table;
  private final Items items;
  private final JsonReader reader = new JsonReader(JsonLimits.LOCAL);

  ItemReader(FieldTable table, Items items) {
    this.table = table;
    this.items = items;
  }

  /** As {@link Items#question}. */
  Optional<String> question(List<Map<String, Object>> input) {
    return items.question(input);
  }

  /** Items that are kept, for requests that name them. */
  @FunctionalInterface
  interface Kept {
    /**
     * @return JSON
     * @throws Problem 404
     */
    String item(String id);
  }

  /**
   * The items of {@code input}: a text is one message of the user.
   *
   * @param param where they come from
   * @return as they are stored, each with an id
   * @throws Problem 400 that names the item, 404 if one that is named is not kept
   */
  List<Map<String, Object>> read(Object input, String param, Kept kept) {
    return switch (input) {
      case String text -> List.of(message("user", text));
      case List<?> list -> new Reading(param, kept).all(list);
      case Object other -> throw Params.invalidType(param, "a string or an array of items", other);
    };
  }

  static Map<String, Object> message(String role, String text) {
    Map<String, Object> message = new LinkedHashMap<>();
    message.put("id", Ids.of("msg"));
    message.put("type", "message");
    message.put("status", "completed");
    message.put("role", role);
    message.put("content", List.of(Map.of("type", "input_text", "text", text)));
    return message;
  }

  /** Of one array. */
  private final class Reading {
    private final String param;
    private final Kept kept;
    private final Set<String> named = new HashSet<>();
    private long namedChars;

    Reading(String param, Kept kept) {
      this.param = param;
      this.kept = kept;
    }

    List<Map<String, Object>> all(List<?> list) {
      List<Map<String, Object>> read = new ArrayList<>();
      for (int i = 0; i < list.size(); i++) {
        String place = param + "[" + i + "]";
        Map<String, Object> given = Fields.members(list.get(i), place);
        Fields fields = Fields.of(table, ResponseFields.ITEM, given, place);
        Optional<String> id = fields.string("id");
        read.add(isReference(fields) ? named(id, fields.param("id")) : own(given, id, place));
      }
      return read;
    }

    private Map<String, Object> own(Map<String, Object> given, Optional<String> id, String place) {
      items.check(given, place);
      Map<String, Object> item = new LinkedHashMap<>(given);
      item.putIfAbsent("type", "message");
      item.put("id", id.orElseGet(() -> Ids.of(prefix((String) item.get("type")))));
      return item;
    }

    private Map<String, Object> named(Optional<String> reference, String place) {
      String id = reference.orElseThrow(() -> Params.missing(place));
      if (!named.add(id)) {
        throw Params.invalidValue(place, "The item is named twice. Name it once.");
      }
      if (named.size() > MAX_NAMED) {
        throw tooMuch(param, "More than %d items are named.".formatted(MAX_NAMED));
      }
      String json = kept.item(id);
      namedChars += json.length();
      if (namedChars > MAX_NAMED_CHARS) {
        throw tooMuch(
            place,
            "The items that are named have more than %d characters of JSON."
                .formatted(MAX_NAMED_CHARS));
      }
      return reader.readObject(json.getBytes(StandardCharsets.UTF_8));
    }

    private static Problem tooMuch(String place, String what) {
      return Params.invalidValue(
          place, what + " Name a response with 'previous_response_id', or a conversation.");
    }
  }

  /** Without a type it is one where there is nothing but an id. */
  private static boolean isReference(Fields item) {
    return item.string("type")
        .map("item_reference"::equals)
        .orElseGet(() -> item.has("id") && !item.has("role") && !item.has("content"));
  }

  private static String prefix(String type) {
    return switch (type) {
      case "message" -> "msg";
      case "function_call" -> "fc";
      case "function_call_output" -> "fco";
      case "custom_tool_call" -> "ctc";
      case "custom_tool_call_output" -> "ctco";
      case "reasoning" -> "rs";
      case "file_search_call" -> "fs";
      default -> "item";
    };
  }

  /**
   * That each item has an id of its own among those of a conversation.
   *
   * @param there those that it has
   * @throws Problem 400
   */
  static void requireNew(
      List<Map<String, Object>> items, List<Map<String, Object>> there, String param) {
    Set<Object> ids = new HashSet<>();
    there.forEach(item -> ids.add(item.get("id")));
    for (int i = 0; i < items.size(); i++) {
      if (!ids.add(items.get(i).get("id"))) {
        throw notNew(param, i);
      }
    }
  }

  /** The conversation has it already. */
  static Problem notNew(String param, int index) {
    return Params.invalidValue(
        param + "[" + index + "].id",
        "The conversation has this item already. Leave it out, or its id.");
  }
}
