package io.solebox.app.bench;

import io.solebox.engine.source.gguf.GgufWriter;
import io.solebox.engine.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** A model of random weights in the shape of a known one: what its file says, and its tensors. */
record SynthModel(SynthShape shape, SynthFormat format) {
  /** Enough for chat and serve to work. */
  private static final String CHAT_TEMPLATE =
      "{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}"
          + "{% if add_generation_prompt %}assistant: {% endif %}";

  /**
   * @throws IllegalArgumentException that says which shapes or formats there are
   */
  static SynthModel of(String shape, String format) {
    SynthShape known =
        SynthShape.byTitle(shape)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "there is no shape " + shape + "; there are " + SynthShape.titles()));
    try {
      return new SynthModel(known, SynthFormat.of(format));
    } catch (IllegalArgumentException e) {
      List<String> types = Arrays.stream(TensorType.values()).map(Enum::name).toList();
      throw new IllegalArgumentException(
          "there is no format %s; there are %s, Q4_K_M".formatted(format, String.join(", ", types)),
          e);
    }
  }

  /** As in {@code 13b:Q4_K_M}. */
  static SynthModel parse(String text) {
    String[] parts = text.split(":", -1);
    if (parts.length != 2) {
      throw new IllegalArgumentException("%s is not SHAPE:TYPE, as in 13b:Q4_K_M".formatted(text));
    }
    return of(parts[0].toLowerCase(Locale.ROOT), parts[1]);
  }

  String title() {
    return "synthetic " + shape.title + " " + format.name();
  }

  /** Hyperparameters and vocabulary. */
  GgufWriter header() {
    var out = new GgufWriter();
    out.put("general.architecture", shape.family.architecture())
        .put("general.name", title())
        .put("general.file_type", format.fileType())
        .put("tokenizer.chat_template", CHAT_TEMPLATE);
    shape.family.header(out, shape);
    SynthVocabulary.write(out, shape);
    return out;
  }

  /** In the order of a file. */
  List<SynthTensor> tensors() {
    var all = new ArrayList<SynthTensor>();
    TensorType main = format.main();
    all.add(
        SynthTensor.matrix(
            "token_embd", shape.tied ? format.output() : main, shape.hidden, shape.vocab));
    all.add(SynthTensor.ones("output_norm", shape.hidden));
    if (!shape.tied) {
      all.add(SynthTensor.matrix("output", format.output(), shape.hidden, shape.vocab));
    }
    all.addAll(shape.family.tensors(shape, format));
    return all;
  }
}
