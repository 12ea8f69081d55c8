package io.solebox.server.knowledge;

import io.solebox.server.http.RequestNotes;
import io.solebox.server.knowledge.search.Filter;
import io.solebox.server.knowledge.search.Passage;
import io.solebox.server.knowledge.search.Query;
import io.solebox.server.params.Fields;
import io.solebox.server.params.Params;
import java.util.ArrayList;
import java.util.List;

/**
 * A tool of the type {@code file_search}, as requests for responses have it: what is asked is
 * looked up in collections, and the model is given what was found.
 *
 * @param stores ids of collections
 * @param most passages
 */
public record FileSearch(List<String> stores, int most, Filter filter, Ranking ranking) {
  private static final int USUAL = 10;
  private static final int MOST = 50;
  private static final int MAX_STORES = 20;

  /** Reads it. */
  public static FileSearch read(Fields tool) {
    String param = tool.param("vector_store_ids");
    List<String> stores = new ArrayList<>();
    for (Object each : tool.array("vector_store_ids").orElseThrow(() -> Params.missing(param))) {
      if (!(each instanceof String id)) {
        throw Params.invalidType(param, "an array of strings", each);
      }
      stores.add(id);
    }
    if (stores.isEmpty() || stores.size() > MAX_STORES) {
      throw Params.invalidValue(param, "There must be 1 to %d of them.".formatted(MAX_STORES));
    }
    int most =
        tool.whole("max_num_results")
            .map(its -> its.inRange(tool.param("max_num_results"), 1, MOST))
            .orElse(USUAL);
    Filter filter =
        tool.raw("filters")
            .map(given -> Filter.read(given, tool.param("filters")))
            .orElse(Filter.ALL);
    return new FileSearch(stores, most, filter, Ranking.read(tool));
  }

  /**
   * Looks something up.
   *
   * @param who wants to know
   */
  public List<Passage> find(Lookup lookup, String who, String question, RequestNotes notes)
      throws InterruptedException {
    var query =
        new Query(
            List.of(question),
            most,
            filter,
            ranking.threshold(),
            ranking.reranker(),
            ranking.meaning(),
            ranking.words());
    return lookup.find(who, stores, query, notes);
  }
}
