package io.solebox.server.knowledge;

import io.solebox.server.http.RequestNotes;
import io.solebox.server.knowledge.search.Filter;
import io.solebox.server.knowledge.search.Passage;
import io.solebox.server.knowledge.search.Query;
import io.solebox.server.tools.Arguments;
import io.solebox.server.tools.Tool;
import io.solebox.server.tools.ToolCaller;
import io.solebox.server.tools.ToolException;
import io.solebox.server.tools.ToolResult;
import io.solebox.server.tools.ToolSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Looks passages up in the documents that whoever asks may read. */
public final class DocumentSearch implements Tool {
  private static final String QUERY = "query";
  private static final String COLLECTION = "collection";
  private static final String COUNT = "count";
  private static final int USUAL = 5;
  private static final int MOST = 20;
  private static final int MAX_QUERY = 4096;

  private static final ToolSpec SPEC =
      new ToolSpec(
          "document_search",
          "Finds passages in the user's collections of documents, by meaning and by words. Each"
              + " result has its document and page, to be cited.",
          Map.of(
              "type",
              "object",
              "properties",
              Map.of(
                  QUERY,
                  Map.of("type", "string", "description", "What is looked for, in words"),
                  COLLECTION,
                  Map.of("type", "string", "description", "Name of one collection; all if absent"),
                  COUNT,
                  Map.of("type", "integer", "description", "How many passages; 5 if absent")),
              "required",
              List.of(QUERY)),
          ToolSpec.BUILT_IN,
          true);

  private final Lookup lookup;

  public DocumentSearch(Lookup lookup) {
    this.lookup = lookup;
  }

  @Override
  public ToolSpec spec() {
    return SPEC;
  }

  @Override
  public ToolResult call(Map<String, Object> arguments, ToolCaller who)
      throws InterruptedException {
    Arguments given = new Arguments(arguments);
    String text = given.text(QUERY);
    if (text.length() > MAX_QUERY) {
      throw new ToolException("The query is longer than %d characters.".formatted(MAX_QUERY));
    }
    List<String> stores = stores(given.optionalText(COLLECTION), who.owner());
    var query =
        new Query(
            List.of(text),
            given.whole(COUNT, USUAL, 1, MOST),
            Filter.ALL,
            0,
            Optional.empty(),
            1,
            1);
    return result(lookup.find(who.owner(), stores, query, new RequestNotes()));
  }

  private List<String> stores(Optional<String> name, String who) {
    Map<String, String> known = lookup.known(who);
    List<String> chosen =
        known.entrySet().stream()
            .filter(each -> name.isEmpty() || each.getValue().equalsIgnoreCase(name.get()))
            .map(Map.Entry::getKey)
            .toList();
    if (chosen.isEmpty()) {
      throw new ToolException(
          known.isEmpty()
              ? "The user has no collection of documents."
              : "There is no such collection; there are: " + String.join(", ", known.values()));
    }
    return chosen;
  }

  private static ToolResult result(List<Passage> passages) {
    if (passages.isEmpty()) {
      return ToolResult.of("Nothing was found.");
    }
    StringBuilder text = new StringBuilder();
    List<Map<String, Object>> sources = new ArrayList<>();
    for (Passage passage : passages) {
      int n = sources.size() + 1;
      text.append('[').append(n).append("] ").append(passage.document().about().name());
      passage.chunk().place().page().ifPresent(page -> text.append(", page ").append(page));
      text.append('\n').append(passage.chunk().text().strip()).append("\n\n");
      sources.add(Lookup.source(n, passage));
    }
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("sources", sources);
    return new ToolResult(text.toString().strip(), false, shown);
  }
}
