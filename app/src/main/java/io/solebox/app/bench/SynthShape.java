package io.solebox.app.bench;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** Shapes of known models, for files of random weights. */
enum SynthShape {
  /** Llama-3.2-1B (huggingface.co/meta-llama/Llama-3.2-1B, config.json). */
  LLAMA_1B("1b", 16, 2048, 8192, 32, 8, 128256, 131072, 500000, true, Vocabulary.BYTE_LEVEL),
  /** Llama-2-7B. */
  LLAMA_7B("7b", 32, 4096, 11008, 32, 32, 32000, 4096, 10000, false, Vocabulary.SENTENCE_PIECE),
  /** Llama-2-13B. */
  LLAMA_13B("13b", 40, 5120, 13824, 40, 40, 32000, 4096, 10000, false, Vocabulary.SENTENCE_PIECE),
  /** For tests: rows are whole blocks in every format. */
  TINY("tiny", 2, 256, 512, 4, 2, 600, 512, 10000, false, Vocabulary.SENTENCE_PIECE),
  /** For tests: tied, byte-level vocabulary. */
  TINY_BPE("tiny-bpe", 2, 256, 512, 4, 2, 1000, 512, 500000, true, Vocabulary.BYTE_LEVEL);

  /** Kinds of vocabulary. */
  enum Vocabulary {
    SENTENCE_PIECE,
    BYTE_LEVEL
  }

  final String title;
  final int layers;
  final int hidden;
  final int ffn;
  final int heads;
  final int kvHeads;
  final int vocab;
  final int context;
  final float ropeBase;
  final boolean tied;
  final Vocabulary vocabulary;

  SynthShape(
      String title,
      int layers,
      int hidden,
      int ffn,
      int heads,
      int kvHeads,
      int vocab,
      int context,
      float ropeBase,
      boolean tied,
      Vocabulary vocabulary) {
    this.title = title;
    this.layers = layers;
    this.hidden = hidden;
    this.ffn = ffn;
    this.heads = heads;
    this.kvHeads = kvHeads;
    this.vocab = vocab;
    this.context = context;
    this.ropeBase = ropeBase;
    this.tied = tied;
    this.vocabulary = vocabulary;
  }

  int headDim() {
    return hidden / heads;
  }

  static Optional<SynthShape> byTitle(String title) {
    return Arrays.stream(values()).filter(s -> s.title.equals(title)).findFirst();
  }

  static String titles() {
    return Arrays.stream(values()).map(s -> s.title).collect(Collectors.joining(", "));
  }
}
