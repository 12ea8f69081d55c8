package io.solebox.server.knowledge;

import io.solebox.server.answers.Terms;
import io.solebox.server.answers.Vectors;
import io.solebox.server.http.Exchange;
import io.solebox.server.http.Route;
import io.solebox.server.knowledge.chunk.Chunk;
import io.solebox.server.knowledge.search.Filter;
import io.solebox.server.knowledge.search.Passage;
import io.solebox.server.knowledge.search.Query;
import io.solebox.server.knowledge.store.Access;
import io.solebox.server.knowledge.store.VectorStore;
import io.solebox.server.models.Models;
import io.solebox.server.params.Fields;
import io.solebox.server.params.Params;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Passages of a vector store that suit a question. */
record SearchRoutes(Ground ground, Models models) {
  private static final int USUAL = 10;
  private static final int MOST = 50;
  private static final int MAX_TEXTS = 10;
  private static final int MAX_LENGTH = 4096;

  List<Route> routes() {
    return List.of(ground.post(Ground.ONE + "/search", this::search));
  }

  private void search(Exchange exchange) throws InterruptedException {
    VectorStore store = ground.store(exchange, Access.READ).store();
    Query query = ground.read(exchange, "search", SearchRoutes::query);
    List<Passage> found = ground.keeping().search().search(List.of(store), query, work(exchange));
    ground.keeping().stores().touch(store, ground.now());
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("object", "vector_store.search_results.page");
    body.put("search_query", query.texts());
    body.put("data", found.stream().map(SearchRoutes::shown).toList());
    body.put("has_more", false);
    body.put("next_page", null);
    ground.send(exchange, body);
  }

  private SearchWork work(Exchange exchange) {
    Vectors vectors = new Vectors(models);
    return new SearchWork(
        () -> models.use(exchange), wish -> vectors.of(exchange, wish, Terms.USUAL), false);
  }

  static Query query(Fields body) {
    List<String> texts = texts(body.raw("query").orElseThrow(() -> Params.missing("query")));
    int most =
        body.whole("max_num_results")
            .map(its -> its.inRange("max_num_results", 1, MOST))
            .orElse(USUAL);
    Filter filter =
        body.raw("filters").map(given -> Filter.read(given, "filters")).orElse(Filter.ALL);
    Ranking ranking = Ranking.read(body);
    return new Query(
        texts,
        most,
        filter,
        ranking.threshold(),
        ranking.reranker(),
        ranking.meaning(),
        ranking.words());
  }

  private static List<String> texts(Object given) {
    List<?> list = given instanceof List<?> many ? many : List.of(given);
    if (list.isEmpty() || list.size() > MAX_TEXTS) {
      throw Params.invalidValue("query", "'query' must have 1 to %d texts.".formatted(MAX_TEXTS));
    }
    List<String> texts = new ArrayList<>();
    for (Object each : list) {
      if (!(each instanceof String text)) {
        throw Params.invalidType("query", "a string or an array of strings", each);
      }
      if (text.isBlank() || text.length() > MAX_LENGTH) {
        throw Params.invalidValue(
            "query", "A text must have 1 to %d characters.".formatted(MAX_LENGTH));
      }
      texts.add(text);
    }
    return texts;
  }

  static Map<String, Object> shown(Passage passage) {
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("file_id", passage.document().file());
    shown.put("filename", passage.document().about().name());
    shown.put("score", passage.score());
    shown.put("attributes", passage.document().about().attributes());
    shown.put("content", List.of(Map.of("type", "text", "text", passage.chunk().text())));
    shown.put("chunk", place(passage.chunk()));
    return shown;
  }

  private static Map<String, Object> place(Chunk chunk) {
    Map<String, Object> place = new LinkedHashMap<>();
    place.put("ordinal", chunk.ordinal());
    place.put("section", chunk.section());
    place.put("from", chunk.from());
    place.put("to", chunk.to());
    place.put(
        "page", chunk.place().page().isPresent() ? (Object) chunk.place().page().getAsInt() : null);
    place.put("headings", chunk.place().headings());
    return place;
  }
}
