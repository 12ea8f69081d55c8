package io.solebox.engine.tokenizer;

import io.solebox.engine.source.gguf.GgufHeader;
import io.solebox.engine.source.gguf.GgufWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Vocabularies of a few tokens, written as model files. */
public final class SmallVocabularies {
  private SmallVocabularies() {}

  /** A byte-level BPE of the 256 bytes, {@code merges}, and {@code controls} at the end. */
  public static GgufWriter bytePair(String pre, List<String> merges, List<String> controls) {
    ByteAlphabet alphabet = new ByteAlphabet();
    List<String> tokens = new ArrayList<>();
    for (int i = 0; i < 256; i++) {
      tokens.add(new String(alphabet.letter(i), java.nio.charset.StandardCharsets.UTF_8));
    }
    for (String merge : merges) {
      tokens.add(merge.replace(" ", ""));
    }
    int normal = tokens.size();
    tokens.addAll(controls);
    int[] kinds = new int[tokens.size()];
    for (int i = 0; i < kinds.length; i++) {
      kinds[i] = i < normal ? 1 : 3;
    }
    return new GgufWriter()
        .put("tokenizer.ggml.model", "gpt2")
        .put("tokenizer.ggml.pre", pre)
        .put("tokenizer.ggml.tokens", tokens)
        .put("tokenizer.ggml.token_type", kinds)
        .put("tokenizer.ggml.merges", merges);
  }

  /** A SentencePiece-style vocabulary: unknown, begin, end, 256 bytes, then {@code words}. */
  public static GgufWriter sentencePiece(List<String> words) {
    List<String> tokens = new ArrayList<>(List.of("<unk>", "<s>", "</s>"));
    for (int i = 0; i < 256; i++) {
      tokens.add(String.format(Locale.ROOT, "<0x%02X>", i));
    }
    tokens.addAll(words);
    int[] kinds = new int[tokens.size()];
    float[] scores = new float[tokens.size()];
    for (int i = 0; i < kinds.length; i++) {
      kinds[i] = i == 0 ? 2 : i < 3 ? 3 : i < 259 ? 6 : 1;
      scores[i] = -i;
    }
    return new GgufWriter()
        .put("tokenizer.ggml.model", "llama")
        .put("tokenizer.ggml.tokens", tokens)
        .put("tokenizer.ggml.token_type", kinds)
        .put("tokenizer.ggml.scores", scores);
  }

  public static Tokenizer load(GgufWriter writer, Path file) {
    writer.write(file);
    return Tokenizers.of(GgufHeader.read(file).metadata());
  }
}
