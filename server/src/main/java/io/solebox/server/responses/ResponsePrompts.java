package io.solebox.server.responses;

import io.solebox.engine.chat.ChatInput;
import io.solebox.server.answers.Truncation;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Makes prompts of items, and leaves the oldest away where a request asks for that. */
final class ResponsePrompts {
  private final Items items;

  ResponsePrompts(Items items) {
    this.items = items;
  }

  /**
   * What a prompt is made of, but for what comes before.
   *
   * @param quotes of documents, in front of what is asked last
   */
  record Parts(
      List<Map<String, Object>> input,
      Map<String, Object> echo,
      ResponseTools tools,
      Map<String, Object> variables,
      String quotes) {}

  /**
   * Drops the oldest items where that is asked for; what a request itself brings stays.
   *
   * @param truncates whether that is asked for
   */
  Truncation.Fitted render(
      Truncation truncation, List<Map<String, Object>> earlier, Parts parts, boolean truncates) {
    return truncates
        ? truncation.fit(cuts(earlier, parts.input()), cut -> chat(earlier, parts, cut))
        : truncation.whole(chat(earlier, parts, 0));
  }

  /** How many of the earlier items may go: a result does not stay without its call. */
  private static List<Integer> cuts(
      List<Map<String, Object>> earlier, List<Map<String, Object>> input) {
    List<Map<String, Object>> all = new ArrayList<>(earlier);
    all.addAll(input);
    Map<Object, Integer> calls = new HashMap<>();
    BitSet between = new BitSet(); // calls and their results
    for (int i = 0; i < all.size(); i++) {
      Object id = all.get(i).get("call_id");
      if (id != null && Items.isResult(all.get(i))) {
        between.set(calls.getOrDefault(id, i) + 1, i + 1);
      } else if (id != null) {
        calls.put(id, i);
      }
    }
    return IntStream.rangeClosed(0, earlier.size())
        .filter(cut -> !between.get(cut))
        .boxed()
        .toList();
  }

  private ChatInput chat(List<Map<String, Object>> earlier, Parts parts, int dropped) {
    List<Map<String, Object>> kept = new ArrayList<>(earlier.subList(dropped, earlier.size()));
    kept.addAll(parts.input());
    List<Map<String, Object>> messages = new ArrayList<>();
    if (parts.echo().get("instructions") instanceof String text) {
      messages.add(Map.of("role", "system", "content", text));
    }
    messages.addAll(items.messages(kept));
    if (!parts.quotes().isEmpty()) {
      Map<String, Object> asked = new LinkedHashMap<>(messages.removeLast());
      asked.put("content", parts.quotes() + asked.get("content"));
      messages.add(asked);
    }
    return ChatInput.ofMaps(messages)
        .withTools(parts.tools().offered())
        .withArguments(parts.variables());
  }
}
