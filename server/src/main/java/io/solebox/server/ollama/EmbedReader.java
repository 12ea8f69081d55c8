package io.solebox.server.ollama;

import io.solebox.engine.tokenizer.Tokenizer.Specials;
import io.solebox.server.answers.KeepAliveField;
import io.solebox.server.answers.VectorKind;
import io.solebox.server.answers.Vectors;
import io.solebox.server.models.Models;
import io.solebox.server.params.FieldTable;
import io.solebox.server.params.Fields;
import io.solebox.server.params.Params;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the bodies of {@code /api/embed} and {@code /api/embeddings}. */
record EmbedReader(FieldTable table) {
  private static final int MAX_TEXTS = 2048;

  /** What one answer may have, as numbers. */
  private static final long MAX_VALUES = 4_000_000;

  /**
   * What is asked for.
   *
   * @param model as the request calls it
   * @param param that the texts came from
   * @param cut how many of the texts were cut to the context, as the request wanted it
   */
  record Ask(
      Models.Named named,
      String model,
      String param,
      List<int[]> texts,
      VectorKind kind,
      int cut,
      long loadNanos) {
    /**
     * @param normalized whether vectors have the length 1
     */
    Vectors.Wish wish(boolean normalized) {
      return new Vectors.Wish(named, texts, param, kind.pooling(), normalized);
    }
  }

  /**
   * @param param {@code input}, or {@code prompt} where there is one text
   * @param use takes the model that the request names
   */
  Ask read(Map<String, Object> json, String param, Models.Use use) throws InterruptedException {
    String place = param.equals("input") ? OllamaFields.EMBED : OllamaFields.EMBEDDINGS;
    Fields body = new Fields(table, place, "", json);
    List<String> texts = texts(body, param);
    KeepAliveField.read(body, use);
    boolean truncate = body.flag("truncate");
    long begin = System.nanoTime();
    Models.Named named = use.select(body.string("model"), Optional.empty());
    long loadNanos = System.nanoTime() - begin;
    VectorKind own = VectorKind.of(named);
    VectorKind kind =
        body.whole("dimensions")
            .map(wished -> own.first(wished.inRange("dimensions", 1, own.dimensions()), named))
            .orElse(own);
    body.settle(body.flag("strict"));
    if ((long) texts.size() * kind.dimensions() > MAX_VALUES) {
      throw Params.invalidValue(
          param,
          "%d vectors of %d numbers are more than one answer can have. Send fewer texts."
              .formatted(texts.size(), kind.dimensions()));
    }
    List<int[]> ids = new ArrayList<>();
    int cut = 0;
    for (String text : texts) {
      int[] whole = named.model().tokenizer().encode(text, Specials.AS_TEXT, true);
      int most = named.model().contextTokens();
      boolean tooLong = truncate && whole.length > most;
      cut += tooLong ? 1 : 0;
      ids.add(tooLong ? Arrays.copyOf(whole, most) : whole);
    }
    String model = body.string("model").filter(name -> !name.isBlank()).orElse(named.name());
    return new Ask(named, model, param, ids, kind, cut, loadNanos);
  }

  private static List<String> texts(Fields body, String param) {
    Object given = body.raw(param).orElseThrow(() -> Params.missing(param));
    List<?> values = given instanceof List<?> list ? list : List.of(given);
    if (values.size() > MAX_TEXTS) {
      throw Params.invalidValue(
          param, "'%s' has %d texts, at most %d.".formatted(param, values.size(), MAX_TEXTS));
    }
    List<String> texts = new ArrayList<>();
    for (Object value : values) {
      if (!(value instanceof String text)) {
        throw Params.invalidType(param, "a string or an array of strings", value);
      }
      if (text.isEmpty()) {
        throw Params.invalidValue(param, "'%s' is empty; a vector needs a text.".formatted(param));
      }
      texts.add(text);
    }
    return texts;
  }
}
