package io.solebox.server.openai;

import io.solebox.engine.json.JsonSkips;
import io.solebox.engine.json.JsonWriter;
import io.solebox.engine.tokenizer.Tokenizer.Specials;
import io.solebox.server.answers.DetachedWork;
import io.solebox.server.answers.KeepAliveField;
import io.solebox.server.answers.Terms;
import io.solebox.server.answers.TermsFields;
import io.solebox.server.answers.VectorKind;
import io.solebox.server.answers.Vectors;
import io.solebox.server.http.Exchange;
import io.solebox.server.http.Texts;
import io.solebox.server.models.Models;
import io.solebox.server.params.FieldTable;
import io.solebox.server.params.Fields;
import io.solebox.server.params.Params;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonGenerator;

/** {@code /v1/embeddings}: vectors of texts. */
final class EmbeddingsApi {
  /** As OpenAI has it. */
  private static final int MAX_TEXTS = 2048;

  /** What one answer may have, as numbers. */
  private static final long MAX_VALUES = 4_000_000;

  private final JsonWriter json;
  private final Models models;
  private final FieldTable table;
  private final JsonSkips skips;
  private final Vectors vectors;

  EmbeddingsApi(JsonWriter json, Models models, FieldTable table) {
    this.json = json;
    this.models = models;
    this.table = table;
    this.skips = JsonSkips.of(table.withoutEffect(OpenAiFields.EMBEDDINGS, ""));
    this.vectors = new Vectors(models);
  }

  /** What is asked for. */
  private record Ask(
      Models.Named named, List<int[]> texts, VectorKind kind, boolean base64, Terms terms) {
    Vectors.Wish wish() {
      return new Vectors.Wish(named, texts, "input", kind.pooling(), true);
    }
  }

  void answer(Exchange exchange) throws InterruptedException {
    try (Models.Use use = models.use(exchange)) {
      Ask ask = exchange.readObject(skips, body -> read(body, use));
      List<float[]> found = vectors.of(exchange, ask.wish(), ask.terms());
      exchange.send(200, "application/json", body(ask, found));
    }
  }

  /** Answers a line of a batch. */
  byte[] detached(Map<String, Object> body, DetachedWork work) throws InterruptedException {
    try (Models.Use use = models.use(work.notes(), work.caller())) {
      Ask ask = read(body, use);
      return body(ask, vectors.detached(ask.wish(), work.terms()));
    }
  }

  private byte[] body(Ask ask, List<float[]> found) {
    List<float[]> cut = found.stream().map(ask.kind()::cut).toList();
    return json.write(out -> write(out, ask, cut));
  }

  private Ask read(Map<String, Object> json, Models.Use use) throws InterruptedException {
    Fields body = new Fields(table, OpenAiFields.EMBEDDINGS, "", json);
    boolean strict = body.flag("strict");
    Terms terms = TermsFields.requester(body);
    boolean base64 = base64(body.string("encoding_format").orElse("float"));
    KeepAliveField.read(body, use);
    Models.Named named = use.select(body.string("model"), body.string("adapter"));
    VectorKind kind = kind(body, named);
    List<int[]> texts = texts(body, named);
    body.settle(strict);
    if ((long) texts.size() * kind.dimensions() > MAX_VALUES) {
      throw Params.invalidValue(
          "input",
          "%d vectors of %d numbers are more than one answer can have (%d numbers). Send fewer texts."
              .formatted(texts.size(), kind.dimensions(), MAX_VALUES));
    }
    return new Ask(named, texts, kind, base64, terms);
  }

  private static boolean base64(String format) {
    return switch (format) {
      case "float" -> false;
      case "base64" -> true;
      default ->
          throw Params.invalidValue(
              "encoding_format",
              "'encoding_format' is '%s', but must be float or base64."
                  .formatted(Texts.abbreviated(format)));
    };
  }

  private static VectorKind kind(Fields body, Models.Named named) {
    VectorKind own = VectorKind.of(named);
    return body.whole("dimensions")
        .map(wished -> own.first(wished.inRange("dimensions", 1, own.dimensions()), named))
        .orElse(own);
  }

  /** A text, token ids, or a list of texts or of lists of ids. */
  private static List<int[]> texts(Fields body, Models.Named named) {
    Object given = body.raw("input").orElseThrow(() -> Params.missing("input"));
    if (!(given instanceof List<?> list)) {
      return List.of(text(given, named, "input"));
    }
    if (list.isEmpty()) {
      throw Params.invalidValue("input", "'input' is empty.");
    }
    if (list.getFirst() instanceof Number) {
      return List.of(text(list, named, "input"));
    }
    if (list.size() > MAX_TEXTS) {
      throw Params.invalidValue(
          "input", "'input' has %d texts, at most %d.".formatted(list.size(), MAX_TEXTS));
    }
    List<int[]> texts = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      texts.add(text(list.get(i), named, "input[" + i + "]"));
    }
    return texts;
  }

  private static int[] text(Object given, Models.Named named, String param) {
    int[] ids =
        switch (given) {
          case String text when text.isEmpty() -> new int[0];
          case String text -> named.model().tokenizer().encode(text, Specials.AS_TEXT, true);
          case List<?> list -> TokenIds.read(list, param, named.model().tokenizer().vocabSize());
          case null -> throw Params.invalidType(param, "a string or an array of token ids", null);
          case Object other ->
              throw Params.invalidType(param, "a string or an array of token ids", other);
        };
    if (ids.length == 0) {
      throw Params.invalidValue(param, "'%s' is empty; a vector needs a text.".formatted(param));
    }
    return ids;
  }

  private static void write(JsonGenerator out, Ask ask, List<float[]> vectors) {
    out.writeStartObject();
    out.writeStringProperty("object", "list");
    out.writeArrayPropertyStart("data");
    for (int i = 0; i < vectors.size(); i++) {
      out.writeStartObject();
      out.writeStringProperty("object", "embedding");
      out.writeNumberProperty("index", i);
      out.writeName("embedding");
      if (ask.base64()) {
        out.writeString(base64(vectors.get(i)));
      } else {
        write(out, vectors.get(i));
      }
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeStringProperty("model", ask.named().name());
    UsageWriter.writePromptOnly(out, ask.texts());
    out.writeEndObject();
  }

  private static void write(JsonGenerator out, float[] vector) {
    out.writeStartArray();
    for (float x : vector) {
      out.writeNumber(x);
    }
    out.writeEndArray();
  }

  /** Little-endian f32. */
  private static String base64(float[] vector) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * vector.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float x : vector) {
      bytes.putFloat(x);
    }
    return Base64.getEncoder().encodeToString(bytes.array());
  }
}
