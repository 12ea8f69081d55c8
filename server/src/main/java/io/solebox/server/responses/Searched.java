package io.solebox.server.responses;

import io.solebox.server.knowledge.Lookup;
import io.solebox.server.knowledge.Quotes;
import io.solebox.server.knowledge.search.Passage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What was looked up in documents for a response, before the model answers.
 *
 * @param id of the item that tells it
 * @param shown whether the item has the passages
 */
record Searched(String id, String question, List<Passage> passages, boolean shown) {
  private static final Pattern CITED = Pattern.compile("\\[(\\d{1,3})]");

  /** The item, as OpenAI has it. */
  Map<String, Object> item(String status) {
    return ResponseBody.ordered(
        "id",
        id,
        "type",
        "file_search_call",
        "status",
        status,
        "queries",
        List.of(question),
        "results",
        shown ? passages.stream().map(Searched::result).toList() : null);
  }

  private static Map<String, Object> result(Passage passage) {
    return ResponseBody.ordered(
        "file_id",
        passage.document().file(),
        "filename",
        passage.document().about().name(),
        "score",
        passage.score(),
        "attributes",
        passage.document().about().attributes(),
        "text",
        passage.chunk().text());
  }

  /** What the model is given, in front of what it is asked. */
  String quotes() {
    List<Map<String, Object>> sources = new ArrayList<>();
    for (Passage passage : passages) {
      sources.add(Lookup.source(sources.size() + 1, passage));
    }
    return Quotes.of(sources);
  }

  /** The places of a text that cite a passage, as OpenAI has them. */
  List<Map<String, Object>> citations(String text) {
    List<Map<String, Object>> citations = new ArrayList<>();
    Matcher cited = CITED.matcher(text);
    while (cited.find()) {
      int number = Integer.parseInt(cited.group(1));
      if (number >= 1 && number <= passages.size()) {
        Passage passage = passages.get(number - 1);
        citations.add(
            ResponseBody.ordered(
                "type",
                "file_citation",
                "index",
                (long) cited.start(),
                "file_id",
                passage.document().file(),
                "filename",
                passage.document().about().name()));
      }
    }
    return citations;
  }
}
