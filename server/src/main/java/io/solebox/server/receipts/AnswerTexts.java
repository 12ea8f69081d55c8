package io.solebox.server.receipts;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What an answer says, of whichever API, without what is another in each answer (ids, times).
 *
 * @param all by where they stand, in order
 * @param visible those that people read: no thoughts, no calls
 */
public record AnswerTexts(Map<String, String> all, String visible) {
  /** The member that holds what was said, by path. */
  private static final Map<String, String> HOLDERS =
      Map.of(
          "/v1/chat/completions", "choices",
          "/chat/completions", "choices",
          "/v1/completions", "choices",
          "/v1/responses", "output",
          "/v1/messages", "content",
          "/api/chat", "message",
          "/api/generate", "response");

  private static final Set<String> BESIDE =
      Set.of(
          "id",
          "call_id",
          "object",
          "type",
          "role",
          "status",
          "finish_reason",
          "logprobs",
          "signature",
          "encrypted_content");

  private static final Set<String> HIDDEN =
      Set.of(
          "reasoning",
          "reasoning_content",
          "thinking",
          "tool_calls",
          "function_call",
          "custom_tool_call",
          "tool_use");

  /** Where two of them part. */
  public record Departure(String place, int character, String one, String other) {}

  /**
   * @param path by which the answer was asked for
   * @return empty where this is no answer of that path
   */
  public static Optional<AnswerTexts> of(Map<String, Object> answer, String path) {
    String holder = HOLDERS.get(path);
    if (!answer.containsKey("model") || holder == null || !answer.containsKey(holder)) {
      return Optional.empty();
    }
    Map<String, String> all = new LinkedHashMap<>();
    List<String> visible = new ArrayList<>();
    walk(answer.get(holder), holder, true, all, visible);
    if (answer.get("thinking") instanceof String thought) { // beside Ollama's "response"
      all.put("thinking", thought);
    }
    return Optional.of(new AnswerTexts(all, String.join("", visible)));
  }

  private static void walk(
      Object value, String place, boolean shown, Map<String, String> all, List<String> visible) {
    switch (value) {
      case String text -> {
        all.put(place, text);
        if (shown) {
          visible.add(text);
        }
      }
      case List<?> list -> {
        for (int i = 0; i < list.size(); i++) {
          walk(list.get(i), place + "." + i, shown, all, visible);
        }
      }
      case Map<?, ?> map -> {
        boolean shows = shown && !HIDDEN.contains(String.valueOf(map.get("type")));
        map.forEach(
            (name, member) -> {
              if (!BESIDE.contains((String) name)) {
                boolean its = shows && !HIDDEN.contains((String) name);
                walk(member, place + "." + name, its, all, visible);
              }
            });
      }
      case null, default -> {} // numbers and flags tell of the answer, and are none of it
    }
  }

  /** Where another answer to the same request says something else first. */
  public Optional<Departure> departure(AnswerTexts other) {
    Set<String> places =
        Stream.concat(all.keySet().stream(), other.all.keySet().stream())
            .collect(Collectors.toCollection(LinkedHashSet::new));
    return places.stream()
        .flatMap(
            place ->
                departure(place, all.getOrDefault(place, ""), other.all.getOrDefault(place, ""))
                    .stream())
        .findFirst();
  }

  /**
   * Where a text parts from what people read of this answer. A line's end at its own end may be the
   * file's.
   */
  public Optional<Departure> departure(String text) {
    return (visible + "\n").equals(text) ? Optional.empty() : departure("text", visible, text);
  }

  private static Optional<Departure> departure(String place, String one, String other) {
    int same = 0;
    int most = Math.min(one.length(), other.length());
    while (same < most && one.charAt(same) == other.charAt(same)) {
      same++;
    }
    return one.equals(other)
        ? Optional.empty()
        : Optional.of(new Departure(place, same, one.substring(same), other.substring(same)));
  }
}
