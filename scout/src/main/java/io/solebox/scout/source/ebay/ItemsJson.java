package io.solebox.scout.source.ebay;

import io.solebox.engine.json.JsonException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * The list in an answer, element by element, so that what came before it was cut off counts.
 *
 * @param items objects of the list
 * @param members of the whole, that were begun
 * @param unreadable elements that are no JSON by our rules, as half a pair of surrogates
 * @param fault why it is not whole, where it is not
 */
record ItemsJson(
    List<Map<String, Object>> items, Set<String> members, int unreadable, Optional<String> fault) {
  private static final JsonFactory FACTORY = JsonFactory.builder().build();

  /**
   * @param list name of the member that has the list
   */
  static ItemsJson read(byte[] body, String list) {
    List<Map<String, Object>> items = new ArrayList<>();
    Set<String> members = new HashSet<>();
    int unreadable = 0;
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), body)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return new ItemsJson(items, members, 0, Optional.of("the answer is no JSON object"));
      }
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        String name = parser.currentName();
        members.add(name);
        if (parser.nextToken() != JsonToken.START_ARRAY || !name.equals(list)) {
          parser.skipChildren();
          continue;
        }
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          if (!element(parser, body, items)) {
            unreadable++;
          }
        }
      }
      return new ItemsJson(items, members, unreadable, Optional.empty());
    } catch (JacksonException e) {
      return new ItemsJson(items, members, unreadable, Optional.of("its JSON is cut or damaged"));
    }
  }

  /** Reads one element by its own bytes: what is wrong in it spoils no other. */
  private static boolean element(JsonParser parser, byte[] body, List<Map<String, Object>> items) {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      parser.skipChildren();
      return false;
    }
    int start = Math.toIntExact(parser.currentTokenLocation().getByteOffset());
    parser.skipChildren();
    int end = Math.toIntExact(parser.currentLocation().getByteOffset());
    try {
      items.add(EbayWire.JSON.readObject(Arrays.copyOfRange(body, start, end)));
      return true;
    } catch (JsonException e) {
      return false;
    }
  }
}
