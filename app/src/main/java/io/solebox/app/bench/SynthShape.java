package io.solebox.app.bench;

import java.util.Arrays;
import java.util.Iterator;
import java.util.Optional;

/** Shapes of known models, for files of random weights. */
enum SynthShape {
  /** Llama-3.2-1B (huggingface.co/meta-llama/Llama-3.2-1B, config.json). */
  LLAMA_1B("1b", SynthFamily.LLAMA, 16, 2048, 8192, 32, 8, 64, 128256, 131072, 500000, true),
  /** Llama-2-7B. */
  LLAMA_7B("7b", SynthFamily.LLAMA, 32, 4096, 11008, 32, 32, 128, 32000, 4096, 10000, false),
  /** Llama-2-13B. */
  LLAMA_13B("13b", SynthFamily.LLAMA, 40, 5120, 13824, 40, 40, 128, 32000, 4096, 10000, false),
  /** Qwen3-30B-A3B (its config.json) with 12 of 48 layers and 64 of 128 experts, 8 for a token. */
  MOE("moe", SynthFamily.EXPERTS, 12, 2048, 768, 32, 4, 128, 128256, 40960, 1000000, false),
  /** Qwen 3.5, with 16 layers. */
  HYBRID("hybrid", SynthFamily.HYBRID, 16, 2048, 6144, 8, 2, 256, 128256, 262144, 10000000, true),
  /** The attention of DeepSeek-V2, with 16 layers and 16 heads, and a dense network. */
  MLA("mla", SynthFamily.LATENT, 16, 2048, 8192, 16, 1, 192, 128256, 163840, 10000, true),
  /** Gemma-3-1B. */
  GEMMA3_1B(
      "gemma3-1b", SynthFamily.GEMMA, 26, 1152, 6912, 4, 1, 256, 262144, 32768, 1000000, true),
  /** For tests: rows are whole blocks in every format. */
  TINY("tiny", SynthFamily.LLAMA, 2, 256, 512, 4, 2, 64, 600, 512, 10000, false),
  /** For tests: tied, byte-level vocabulary. */
  TINY_BPE("tiny-bpe", SynthFamily.LLAMA, 2, 256, 512, 4, 2, 64, 1000, 512, 500000, true),
  /** For tests: makes vectors. */
  TINY_VECTORS("tiny-vectors", SynthFamily.VECTORS, 2, 256, 512, 4, 2, 64, 1000, 512, 500000, true),
  /** For tests: ranks texts. */
  TINY_SCORES("tiny-scores", SynthFamily.SCORES, 2, 256, 512, 4, 2, 64, 1000, 512, 500000, true);

  /** Kinds of vocabulary. */
  enum Vocabulary {
    SENTENCE_PIECE,
    BYTE_LEVEL
  }

  /** Vocabularies of SentencePiece that are larger are rare. */
  private static final int SENTENCE_PIECES = 32000;

  final String title;
  final SynthFamily family;
  final int layers;
  final int hidden;
  final int ffn;
  final int heads;
  final int kvHeads;
  final int headDim;
  final int vocab;
  final int context;
  final float ropeBase;
  final boolean tied;
  final Vocabulary vocabulary;

  SynthShape(
      String title,
      SynthFamily family,
      int layers,
      int hidden,
      int ffn,
      int heads,
      int kvHeads,
      int headDim,
      int vocab,
      int context,
      float ropeBase,
      boolean tied) {
    this.title = title;
    this.family = family;
    this.layers = layers;
    this.hidden = hidden;
    this.ffn = ffn;
    this.heads = heads;
    this.kvHeads = kvHeads;
    this.headDim = headDim;
    this.vocab = vocab;
    this.context = context;
    this.ropeBase = ropeBase;
    this.tied = tied;
    this.vocabulary =
        tied || vocab > SENTENCE_PIECES ? Vocabulary.BYTE_LEVEL : Vocabulary.SENTENCE_PIECE;
  }

  /** For the help of commands. */
  static final class Titles implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Arrays.stream(values()).map(s -> s.title).iterator();
    }
  }

  static Optional<SynthShape> byTitle(String title) {
    return Arrays.stream(values()).filter(s -> s.title.equals(title)).findFirst();
  }

  static String titles() {
    return String.join(", ", new Titles());
  }
}
