package io.solebox.server.knowledge;

import io.solebox.server.knowledge.store.Document.Cut;
import io.solebox.server.params.Fields;
import io.solebox.server.params.Params;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;

/** {@code chunking_strategy}, as OpenAI has it. */
final class Cuts {
  /**
   * What leaves room for headings in the 512 tokens that small models of vectors take. The longer
   * pieces are, the more questions are answered by the first five ({@code bench/knowledge}).
   */
  private static final int USUAL_SIZE = 450;

  private static final int USUAL_OVERLAP = 60;
  private static final int LEAST = 100; // as OpenAI has it
  private static final int MOST = 4096;

  private Cuts() {}

  /**
   * @param body in which it may stand
   * @param room tokens of a text that the embedding model takes
   */
  static Cut read(Fields body, OptionalInt room) {
    return body.object("chunking_strategy", "chunking_strategy")
        .map(its -> read(its, body.param("chunking_strategy"), room))
        .orElseGet(() -> usual(room));
  }

  /**
   * How documents are cut where nobody says it.
   *
   * @param room tokens of a text that the embedding model takes
   */
  static Cut usual(OptionalInt room) {
    int size = Math.min(USUAL_SIZE, room.orElse(USUAL_SIZE));
    return new Cut(size, Math.min(USUAL_OVERLAP, size / 2));
  }

  private static Cut read(Fields strategy, String param, OptionalInt room) {
    String type = strategy.required("type");
    Cut cut =
        switch (type) {
          case "auto" -> usual(room);
          case "static" ->
              fixed(
                  strategy
                      .object("static", "static")
                      .orElseThrow(() -> Params.missing(param + ".static")),
                  room);
          case String _ -> throw Params.invalidValue(param + ".type", "It must be auto or static.");
        };
    strategy.settle(false);
    return cut;
  }

  private static Cut fixed(Fields its, OptionalInt room) {
    int size = whole(its, "max_chunk_size_tokens", LEAST, MOST);
    int overlap = whole(its, "chunk_overlap_tokens", 0, MOST / 2);
    its.settle(false);
    if (overlap > size / 2) {
      throw Params.invalidValue(
          its.param("chunk_overlap_tokens"),
          "It is %d, but at most half of max_chunk_size_tokens (%d).".formatted(overlap, size));
    }
    if (room.isPresent() && size > room.getAsInt()) {
      throw Params.invalidValue(
          its.param("max_chunk_size_tokens"),
          "It is %d, and the embedding model takes %d tokens; nothing is cut off. Say less, or"
                  .formatted(size, room.getAsInt())
              + " {\"type\": \"auto\"}.");
    }
    return new Cut(size, overlap);
  }

  private static int whole(Fields fields, String name, int least, int most) {
    return fields
        .whole(name)
        .orElseThrow(() -> Params.missing(fields.param(name)))
        .inRange(fields.param(name), least, most);
  }

  /** As answers tell it. */
  static Map<String, Object> json(Cut cut) {
    Map<String, Object> numbers = new LinkedHashMap<>();
    numbers.put("max_chunk_size_tokens", cut.size());
    numbers.put("chunk_overlap_tokens", cut.overlap());
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("type", "static");
    json.put("static", numbers);
    return json;
  }
}
