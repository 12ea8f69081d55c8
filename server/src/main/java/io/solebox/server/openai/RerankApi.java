package io.solebox.server.openai;

import io.solebox.engine.chat.Pairs;
import io.solebox.engine.generation.Pooling;
import io.solebox.engine.json.JsonSkips;
import io.solebox.engine.json.JsonWriter;
import io.solebox.server.answers.Rerankers;
import io.solebox.server.answers.Terms;
import io.solebox.server.answers.TermsFields;
import io.solebox.server.answers.Vectors;
import io.solebox.server.http.Exchange;
import io.solebox.server.models.Models;
import io.solebox.server.params.FieldTable;
import io.solebox.server.params.Fields;
import io.solebox.server.params.Params;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import tools.jackson.core.JsonGenerator;

/**
 * {@code /v1/rerank} and {@code /v2/rerank}: how well texts suit a question, the best first, as
 * Jina and Cohere have it. One answer has the members of both.
 */
final class RerankApi {
  private static final int MAX_DOCUMENTS = 1000;

  private final JsonWriter json;
  private final Models models;
  private final FieldTable table;
  private final JsonSkips skips;
  private final Vectors vectors;

  RerankApi(JsonWriter json, Models models, FieldTable table) {
    this.json = json;
    this.models = models;
    this.table = table;
    this.skips = JsonSkips.of(table.withoutEffect(OpenAiFields.RERANK, ""));
    this.vectors = new Vectors(models);
  }

  /**
   * What is asked for.
   *
   * @param pairs ids of the question and each document
   * @param most results
   */
  private record Ask(
      Models.Named named,
      List<String> documents,
      List<int[]> pairs,
      int most,
      boolean withDocuments,
      Terms terms) {}

  private record Result(int index, double score) {}

  /** As Jina has it: documents are in the answer. */
  void jina(Exchange exchange) throws InterruptedException {
    answer(exchange, true);
  }

  /** As Cohere has it: they are there where they are asked for. */
  void cohere(Exchange exchange) throws InterruptedException {
    answer(exchange, false);
  }

  private void answer(Exchange exchange, boolean withDocuments) throws InterruptedException {
    try (Models.Use use = models.use(exchange)) {
      Ask ask = exchange.readObject(skips, body -> read(body, use, withDocuments));
      List<float[]> scores =
          vectors.of(
              exchange,
              new Vectors.Wish(ask.named(), ask.pairs(), "documents", Pooling.RANK, false),
              ask.terms());
      List<Result> results = new ArrayList<>();
      for (int i = 0; i < scores.size(); i++) {
        results.add(new Result(i, Rerankers.score(scores.get(i))));
      }
      results.sort(Comparator.comparingDouble(Result::score).reversed());
      List<Result> best = results.subList(0, Math.min(ask.most(), results.size()));
      exchange.send(200, "application/json", json.write(out -> write(out, ask, best)));
    }
  }

  private Ask read(Map<String, Object> json, Models.Use use, boolean withDocuments)
      throws InterruptedException {
    Fields body = new Fields(table, OpenAiFields.RERANK, "", json);
    boolean strict = body.flag("strict");
    String query = body.string("query").orElseThrow(() -> Params.missing("query"));
    if (query.isBlank()) {
      throw Params.invalidValue("query", "'query' is empty.");
    }
    Terms terms = TermsFields.requester(body);
    List<String> documents = documents(body);
    int most =
        body.whole("top_n").map(n -> n.atLeast(body.param("top_n"), 1)).orElse(Integer.MAX_VALUE);
    boolean shown = body.flag("return_documents", withDocuments);
    Models.Named named = use.select(body.string("model"), body.string("adapter"));
    Rerankers.require(named, "model");
    body.settle(strict);
    Pairs pairs = named.model().pairs();
    List<int[]> ids = documents.stream().map(text -> pairs.encode(query, text)).toList();
    return new Ask(named, documents, ids, most, shown, terms);
  }

  /** Texts, or objects with a text. */
  private static List<String> documents(Fields body) {
    List<Object> given = body.array("documents").orElseThrow(() -> Params.missing("documents"));
    if (given.isEmpty() || given.size() > MAX_DOCUMENTS) {
      throw Params.invalidValue(
          "documents",
          "'documents' has %d texts, but must have 1 to %d."
              .formatted(given.size(), MAX_DOCUMENTS));
    }
    List<String> documents = new ArrayList<>();
    for (Object one : given) {
      String param = "documents[" + documents.size() + "]";
      Object text = one instanceof Map<?, ?> object ? object.get("text") : one;
      if (!(text instanceof String string)) {
        throw Params.invalidType(param, "a string or an object with a text", one);
      }
      documents.add(string);
    }
    return documents;
  }

  private static void write(JsonGenerator out, Ask ask, List<Result> results) {
    out.writeStartObject();
    out.writeStringProperty("id", "rerank-" + UUID.randomUUID().toString().replace("-", ""));
    out.writeStringProperty("object", "list");
    out.writeStringProperty("model", ask.named().name());
    UsageWriter.writePromptOnly(out, ask.pairs());
    out.writeArrayPropertyStart("results");
    for (Result result : results) {
      out.writeStartObject();
      out.writeNumberProperty("index", result.index());
      out.writeNumberProperty("relevance_score", result.score());
      if (ask.withDocuments()) {
        out.writeObjectPropertyStart("document");
        out.writeStringProperty("text", ask.documents().get(result.index()));
        out.writeEndObject();
      }
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeObjectPropertyStart("meta");
    out.writeObjectPropertyStart("api_version");
    out.writeStringProperty("version", "2");
    out.writeEndObject();
    out.writeEndObject();
    out.writeEndObject();
  }
}
