package io.solebox.server.responses;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.json.JsonWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What was said before, as whoever was there has kept it: for a request that is answered again far
 * from the server that it went on with.
 *
 * @param items the oldest first
 */
public record EarlierTurns(List<Map<String, Object>> items) implements History {
  public static final EarlierTurns NONE = new EarlierTurns(List.of());

  /** Members that hold items, in the order in which they were said. */
  private static final List<String> HOLDERS =
      List.of("input", "output", "response", "items", "data");

  public EarlierTurns {
    items = List.copyOf(items);
  }

  /**
   * These and what came behind them: the body of a request ({@code input}), a response ({@code
   * output}), both as an export has them, a conversation of an export ({@code items}), or a list of
   * the API ({@code data}).
   *
   * @param place for errors
   * @throws SoleboxException {@code INVALID_PARAMETER} for what is none of them
   */
  public EarlierTurns and(Map<String, Object> turn, String place) {
    List<Map<String, Object>> more = new ArrayList<>(items);
    if (HOLDERS.stream().noneMatch(turn::containsKey)) {
      throw nothing(place);
    }
    add(turn, place, more);
    return new EarlierTurns(more);
  }

  private static void add(Map<?, ?> turn, String place, List<Map<String, Object>> items) {
    for (String holder : HOLDERS) {
      switch (turn.get(holder)) {
        case null -> {}
        case String text -> items.add(ItemReader.message("user", text));
        case Map<?, ?> response -> add(response, place, items);
        case List<?> list -> list.forEach(item -> items.add(item(item, place)));
        default -> throw nothing(place);
      }
    }
  }

  @SuppressWarnings("unchecked") // JSON objects have String keys
  private static Map<String, Object> item(Object value, String place) {
    if (value instanceof Map<?, ?> map) {
      return (Map<String, Object>) map;
    }
    throw nothing(place);
  }

  private static SoleboxException nothing(String place) {
    return new SoleboxException(
        ErrorCode.INVALID_PARAMETER,
        place,
        "There are no earlier turns in it.",
        "Give requests and responses as they were sent, the oldest first, or an exported"
            + " conversation.");
  }

  public int size() {
    return items.size();
  }

  public boolean isEmpty() {
    return items.isEmpty();
  }

  /** The oldest of them. */
  public EarlierTurns first(int count) {
    return new EarlierTurns(items.subList(0, count));
  }

  @Override
  public List<Map<String, Object>> before(
      Optional<String> previous, Optional<String> conversation, String owner) {
    return previous.isPresent() || conversation.isPresent() ? items : List.of();
  }

  @Override
  public String item(String id, String owner) {
    return items.stream()
        .filter(item -> id.equals(item.get("id")))
        .findFirst()
        .map(item -> new JsonWriter().text(item))
        .orElseThrow(() -> Stored.notFound("item", id));
  }
}
