package io.solebox.engine.tokenizer;

import io.solebox.engine.source.MetadataValue;
import java.util.function.Predicate;

/** Text as SentencePiece encodes it (google/sentencepiece: src/sentencepiece_processor.cc). */
record SentencePieceText(
    Vocabulary vocabulary, SentencePieceNormalizer normalizer, Cutter cutter, int unknown)
    implements TextModel {
  /** Cuts a stretch of normalized text that has no user-defined pieces to be kept whole. */
  @FunctionalInterface
  interface Cutter {
    void cut(byte[] text, int from, int to, IntList out);
  }

  /** Pieces are joined by score. */
  static Cutter bpe(Vocabulary vocabulary, int unknown) {
    SpmModel model = new SpmModel(vocabulary, index(vocabulary), false, unknown);
    return model::encodeEscaped;
  }

  /** The most likely pieces; with a token for each byte, no character is unknown. */
  static Cutter unigram(Vocabulary vocabulary, int unknown) {
    Predicate<TokenKind> used = kind -> kind == TokenKind.NORMAL || kind == TokenKind.USER_DEFINED;
    double[] scores = new double[vocabulary.size()];
    double least = Double.POSITIVE_INFINITY;
    for (int id = 0; id < scores.length; id++) {
      scores[id] = vocabulary.score(id);
      least = vocabulary.kind(id) == TokenKind.NORMAL ? Math.min(least, scores[id]) : least;
    }
    Trie trie = new Trie(vocabulary.texts(), 0, id -> used.test(vocabulary.kind(id)));
    Unigram unigram = new Unigram(trie, scores, least, Unigram.Precision.SINGLE);
    ByteTokens bytes = ByteTokens.of(vocabulary.index());
    boolean complete = bytes.isComplete();
    return (text, from, to, out) -> {
      Unigram.Cut cut = unigram.cut(text, from, to);
      int start = from;
      for (int i = 0; i < cut.ids().length; i++) {
        if (cut.ids()[i] == Unigram.UNKNOWN && complete) {
          bytes.addAll(text, start, cut.ends()[i], out);
        } else {
          out.add(cut.ids()[i] == Unigram.UNKNOWN ? unknown : cut.ids()[i]);
        }
        start = cut.ends()[i];
      }
    };
  }

  /** Ids by text, of what text can become. */
  private static TokenIndex index(Vocabulary vocabulary) {
    MetadataValue.Strings texts = vocabulary.texts();
    byte[][] found = new byte[texts.size()][];
    for (int id = 0; id < found.length; id++) {
      boolean used =
          switch (vocabulary.kind(id)) {
            case NORMAL, USER_DEFINED -> true;
            case UNKNOWN, CONTROL, BYTE, UNUSED -> false;
          };
      found[id] = used ? vocabulary.textBytes(id) : new byte[0];
    }
    return new TokenIndex(Vocabulary.strings(java.util.List.of(found)));
  }

  @Override
  public void encode(byte[] utf8, int from, int to, Place place, IntList out) {
    byte[] text = normalizer.normalize(utf8, from, to, place.afterSpecial());
    IntList found = new IntList();
    int rest = 0;
    for (int at = 0; at < text.length; ) {
      int end = SentencePieceNormalizer.longest(normalizer.userDefined(), text, at, text.length);
      if (end == at) {
        at++;
        continue;
      }
      cut(text, rest, at, found);
      found.add(vocabulary.find(text, at, end));
      rest = end;
      at = end;
    }
    cut(text, rest, text.length, found);
    addFused(found, out);
  }

  private void cut(byte[] text, int from, int to, IntList out) {
    if (from < to) {
      cutter.cut(text, from, to, out);
    }
  }

  /** One unknown piece stands for several in a row. */
  private void addFused(IntList found, IntList out) {
    int last = Vocabulary.ABSENT;
    for (int id : found.toArray()) {
      if (id != unknown || last != unknown) {
        out.add(id);
      }
      last = id;
    }
  }

  @Override
  public byte[] bytes(int id) {
    return vocabulary.spaced(id);
  }

  @Override
  public boolean addsSpacePrefix() {
    return normalizer.addsSpace();
  }
}
