package io.solebox.app.bench;

import io.solebox.engine.source.gguf.GgufWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Made-up vocabularies of real size, which this engine and llama.cpp load: every byte can be
 * written, and the rest are pieces that no text is likely to hold.
 */
final class SynthVocabulary {
  /** Token types (ggml-org/llama.cpp: enum llama_token_type). */
  private static final int NORMAL = 1;

  private static final int UNKNOWN = 2;
  private static final int CONTROL = 3;
  private static final int BYTE = 6;

  private static final int BYTES = 256;

  /** As many special tokens as Llama 3 has at the end of its vocabulary. */
  private static final int SPECIALS = 256;

  private SynthVocabulary() {}

  static void write(GgufWriter out, SynthShape shape) {
    switch (shape.vocabulary) {
      case SENTENCE_PIECE -> sentencePiece(out, shape.vocab);
      case BYTE_LEVEL -> byteLevel(out, shape.vocab);
    }
  }

  /** Unknown, begin, end, 256 bytes, single characters, then numbered words. */
  private static void sentencePiece(GgufWriter out, int size) {
    List<String> tokens = new ArrayList<>(List.of("<unk>", "<s>", "</s>"));
    for (int b = 0; b < BYTES; b++) {
      tokens.add("<0x%02X>".formatted(b));
    }
    int pieces = tokens.size();
    tokens.add("\u2581");
    for (char c = '!'; c <= '~'; c++) {
      tokens.add(Character.toString(c));
    }
    for (int i = 0; tokens.size() < size; i++) {
      tokens.add("\u2581piece" + i);
    }
    float[] scores = new float[size];
    int[] types = new int[size];
    for (int i = 0; i < size; i++) {
      scores[i] = i < pieces ? 0 : pieces - i;
      types[i] = i == 0 ? UNKNOWN : i < 3 ? CONTROL : i < pieces ? BYTE : NORMAL;
    }
    out.put("tokenizer.ggml.model", "llama")
        .put("tokenizer.ggml.tokens", tokens)
        .put("tokenizer.ggml.scores", scores)
        .put("tokenizer.ggml.token_type", types)
        .put("tokenizer.ggml.bos_token_id", 1)
        .put("tokenizer.ggml.eos_token_id", 2)
        .put("tokenizer.ggml.unknown_token_id", 0)
        .put("tokenizer.ggml.add_bos_token", true)
        .put("tokenizer.ggml.add_eos_token", false);
  }

  /** 256 bytes, then pairs of them, then triples, each with its merge; at last the specials. */
  private static void byteLevel(GgufWriter out, int size) {
    List<String> letters = IntStream.range(0, BYTES).mapToObj(SynthVocabulary::letter).toList();
    List<String> tokens = new ArrayList<>(letters);
    List<String> merges = new ArrayList<>();
    int normal = size - SPECIALS;
    for (int left = 0; tokens.size() < normal; left++) {
      String first = tokens.get(left);
      for (int right = BYTES - 1; right >= 0 && tokens.size() < normal; right--) {
        tokens.add(first + letters.get(right));
        merges.add(first + " " + letters.get(right));
      }
    }
    for (int i = 0; i < SPECIALS; i++) {
      tokens.add(special(i));
    }
    int[] types = new int[size];
    for (int i = 0; i < size; i++) {
      types[i] = i < normal ? NORMAL : CONTROL;
    }
    out.put("tokenizer.ggml.model", "gpt2")
        .put("tokenizer.ggml.pre", "llama-bpe")
        .put("tokenizer.ggml.tokens", tokens)
        .put("tokenizer.ggml.token_type", types)
        .put("tokenizer.ggml.merges", merges)
        .put("tokenizer.ggml.bos_token_id", normal)
        .put("tokenizer.ggml.eos_token_id", normal + 1)
        .put("tokenizer.ggml.add_bos_token", true);
  }

  /** Names at Llama 3's places. */
  private static String special(int index) {
    return switch (index) {
      case 0 -> "<|begin_of_text|>";
      case 1 -> "<|end_of_text|>";
      case 9 -> "<|eot_id|>";
      default -> "<|reserved_special_token_" + index + "|>";
    };
  }

  /** GPT-2's letter for a byte: itself if printable, else the next of those above U+0100. */
  private static String letter(int value) {
    if (isPrintable(value)) {
      return Character.toString(value);
    }
    int before = (int) IntStream.range(0, value).filter(b -> !isPrintable(b)).count();
    return Character.toString(BYTES + before);
  }

  private static boolean isPrintable(int value) {
    return (value >= '!' && value <= '~') || (value >= 0xA1 && value <= 0xAC) || value >= 0xAE;
  }
}
