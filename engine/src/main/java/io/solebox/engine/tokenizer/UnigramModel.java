package io.solebox.engine.tokenizer;

import io.solebox.engine.tokenizer.normalize.Charsmap;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Unigram tokens of normalized text. Results are those of llama.cpp's UGM tokenizer
 * (ggml-org/llama.cpp: src/llama-vocab.cpp).
 */
final class UnigramModel implements TextModel {
  private static final byte[] MARK = "\u2581".getBytes(StandardCharsets.UTF_8);

  /**
   * What happens to text before it is cut.
   *
   * @param charsmap replaces characters; empty for none
   * @param addsSpace whether a space is put in front
   * @param mergesSpaces whether several spaces become one, and those at the end none
   */
  record Normalization(Optional<Charsmap> charsmap, boolean addsSpace, boolean mergesSpaces) {}

  private final Vocabulary vocabulary;
  private final Normalization normalization;
  private final int unknown;
  private final Unigram unigram;

  /** Their text is not normalized. */
  private final Trie userDefined;

  UnigramModel(Vocabulary vocabulary, Normalization normalization, int unknown) {
    this.vocabulary = vocabulary;
    this.normalization = normalization;
    this.unknown = unknown;
    this.unigram = unigram(vocabulary);
    this.userDefined = new Trie(vocabulary.texts(), 0, this::isUserDefined);
  }

  private boolean isUserDefined(int id) {
    return vocabulary.kind(id) == TokenKind.USER_DEFINED;
  }

  private static Unigram unigram(Vocabulary vocabulary) {
    double[] scores = new double[vocabulary.size()];
    double least = Float.MAX_VALUE;
    for (int id = 0; id < scores.length; id++) {
      // User-defined tokens win against all others, whose logarithms are negative.
      scores[id] = vocabulary.kind(id) == TokenKind.USER_DEFINED ? 0 : vocabulary.score(id);
      if (vocabulary.kind(id) == TokenKind.NORMAL) {
        least = Math.min(least, vocabulary.score(id));
      }
    }
    Trie trie = new Trie(vocabulary.texts(), 0, id -> isText(vocabulary.kind(id)));
    return new Unigram(trie, scores, least, Unigram.Precision.DOUBLE);
  }

  private static boolean isText(TokenKind kind) {
    return switch (kind) {
      case NORMAL, USER_DEFINED, UNUSED -> true;
      case UNKNOWN, CONTROL, BYTE -> false;
    };
  }

  @Override
  public boolean addsSpacePrefix() {
    return normalization.addsSpace();
  }

  @Override
  public void encode(byte[] utf8, int from, int to, Place place, IntList out) {
    byte[] text = new Normalizing(utf8, from, to).run();
    Unigram.Cut cut = unigram.cut(text, 0, text.length);
    for (int id : cut.ids()) {
      out.add(id == Unigram.UNKNOWN ? unknown : id);
    }
  }

  @Override
  public byte[] bytes(int id) {
    return vocabulary.spaced(id);
  }

  /** One text. */
  private final class Normalizing {
    private final byte[] in;
    private final int to;
    private final ByteArrayOutputStream out;
    private int at;
    private boolean spaceAdded;
    private boolean inWord;

    Normalizing(byte[] utf8, int from, int to) {
      this.in = utf8;
      this.at = from;
      this.to = to;
      this.out = new ByteArrayOutputStream(2 * (to - from));
    }

    byte[] run() {
      while (at < to) {
        step();
      }
      return out.toByteArray();
    }

    private void step() {
      int known = userDefinedBytes();
      Optional<Charsmap.Replacement> replacement =
          known > 0
              ? Optional.empty()
              : normalization.charsmap().flatMap(map -> map.longest(in, at, to));
      if (replacement.isPresent()) {
        byte[] text = replacement.get().text();
        accept(text, 0, text.length);
        at += replacement.get().length();
        return;
      }
      int length = known > 0 ? known : Utf8.length(in, at, to);
      if (length == 0) {
        accept(Utf8.REPLACEMENT, 0, Utf8.REPLACEMENT.length);
      } else {
        accept(in, at, at + length);
      }
      at += Math.max(length, 1);
    }

    /** Bytes from here on with which a user-defined token begins. */
    private int userDefinedBytes() {
      int node = Trie.ROOT;
      int end = at;
      while (end < to && node != Trie.NONE) {
        node = userDefined.next(node, in[end]);
        end += node == Trie.NONE ? 0 : 1;
      }
      return end - at;
    }

    private void accept(byte[] text, int from, int end) {
      for (int i = from; i < end; i++) {
        if (text[i] == ' ') {
          inWord = false;
          if (!normalization.mergesSpaces()) {
            out.writeBytes(MARK);
          }
          continue;
        }
        boolean first = normalization.addsSpace() && !spaceAdded;
        if (!inWord && (first || normalization.mergesSpaces())) {
          out.writeBytes(MARK);
          spaceAdded = true;
        }
        inWord = true;
        out.write(text[i]);
      }
    }
  }
}
