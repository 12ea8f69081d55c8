package io.solebox.engine.tokenizer;

import io.solebox.engine.tokenizer.SymbolTable.Unit;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalInt;

/** Reads the model of tokenizer.json (huggingface/tokenizers: models). */
final class HuggingFaceModels {
  private final JsonFields fields;
  private final Vocabulary vocabulary;
  private final boolean byteLevel;

  /**
   * @param byteLevel as in {@link HuggingFacePreTokenizers.Read}
   */
  HuggingFaceModels(JsonFields fields, Vocabulary vocabulary, boolean byteLevel) {
    this.fields = fields;
    this.vocabulary = vocabulary;
    this.byteLevel = byteLevel;
  }

  /** Old files do not name their kind. */
  static String kind(JsonFields fields) {
    return fields
        .text("type")
        .orElseGet(
            () ->
                fields.has("merges")
                    ? "BPE"
                    : fields.value("vocab").orElse(null) instanceof List<?>
                        ? "Unigram"
                        : fields.has("continuing_subword_prefix") ? "WordPiece" : "WordLevel");
  }

  WordModel read() {
    String kind = kind(fields);
    if (byteLevel && !kind.equals("BPE")) {
      throw fields.unsupported("type", kind + " over bytes is not supported");
    }
    return switch (kind) {
      case "BPE" -> bpe();
      case "WordPiece" -> wordPiece();
      case "WordLevel" -> wordLevel();
      case "Unigram" -> unigram();
      default -> throw fields.unsupported("type", "the model " + kind + " is not supported");
    };
  }

  private OptionalInt unknown() {
    return fields
        .text("unk_token")
        .map(
            text -> {
              OptionalInt id = vocabulary.find(text);
              if (id.isEmpty()) {
                throw fields.bad("unk_token", "is no token of the vocabulary: " + text);
              }
              return id;
            })
        .orElseGet(OptionalInt::empty);
  }

  private WordModel bpe() {
    Object dropout = fields.value("dropout").orElse(0.0);
    if (!(dropout instanceof Number number && number.doubleValue() == 0)) {
      throw fields.unsupported("dropout", "merges are left out by chance, which is for training");
    }
    var rules =
        new SymbolTable.Rules(
            byteLevel ? Unit.BYTE : Unit.CHARACTER,
            fields.flag("byte_fallback", false),
            unknown(),
            fields.flag("fuse_unk", false),
            fields.text("continuing_subword_prefix").orElse(""),
            fields.text("end_of_word_suffix").orElse(""));
    SymbolTable symbols = new SymbolTable(rules, vocabulary, merges(rules.prefix()));
    boolean whole = fields.flag("ignore_merges", false);
    boolean wordwise = !byteLevel && !whole && !symbols.skipsUnknown() && !symbols.joinsWords();
    return out -> {
      WordMerger merger = new WordMerger(symbols, out);
      return wordwise
          ? (word, from, to, _) -> encodeByWords(merger, word, from, to)
          : (word, from, to, _) -> merger.encode(word, from, to, whole);
    };
  }

  /** Merges never cross the spaces that begin words: shorter words, and many known ones. */
  private static void encodeByWords(WordMerger merger, byte[] word, int from, int to) {
    for (int start = from; start < to; ) {
      int end = Spaces.wordEnd(word, start, to);
      merger.encodeFurther(word, start, end, start == from);
      start = end;
    }
  }

  private MergeTable merges(String prefix) {
    List<?> merges = fields.list("merges");
    MergeTable table = new MergeTable(vocabulary.index(), vocabulary.size(), merges.size());
    int skipped = prefix.getBytes(StandardCharsets.UTF_8).length;
    HuggingFaceMerges.forEach(
        fields,
        (first, second) -> {
          byte[] left = first.getBytes(StandardCharsets.UTF_8);
          byte[] right = second.getBytes(StandardCharsets.UTF_8);
          byte[] joined = java.util.Arrays.copyOf(left, left.length + right.length - skipped);
          System.arraycopy(right, skipped, joined, left.length, right.length - skipped);
          table.add(left, right, joined);
          if (table.extras() > 0) {
            throw fields.bad(
                "merges",
                "the merge %s %s has or makes what is no token of the vocabulary"
                    .formatted(first, second));
          }
        });
    return table;
  }

  private WordModel wordPiece() {
    String prefix = fields.text("continuing_subword_prefix").orElse("##");
    byte[] further = prefix.getBytes(StandardCharsets.UTF_8);
    int unknown = required(unknown(), "unk_token");
    var pieces =
        new WordPieces(
            new Trie(vocabulary.texts(), 0, _ -> true),
            new Trie(
                vocabulary.texts(), further.length, id -> vocabulary.text(id).startsWith(prefix)),
            unknown);
    int most = fields.number("max_input_chars_per_word").orElse(100);
    return out ->
        (word, from, to, _) -> {
          if (Utf8.count(word, from, to) > most) {
            out.add(unknown);
          } else {
            pieces.encode(word, from, to, out);
          }
        };
  }

  private int required(OptionalInt id, String field) {
    return id.orElseThrow(() -> fields.bad(field, "is missing"));
  }

  private WordModel wordLevel() {
    int unknown = required(unknown(), "unk_token");
    return out ->
        (word, from, to, _) -> {
          int id = vocabulary.find(word, from, to);
          out.add(id == Vocabulary.ABSENT ? unknown : id);
        };
  }

  private WordModel unigram() {
    int unknown = required(fields.number("unk_id"), "unk_id");
    if (unknown >= vocabulary.size()) {
      throw fields.bad("unk_id", "is no token of the vocabulary: " + unknown);
    }
    List<?> entries = fields.list("vocab"); // checked when the vocabulary was read
    int size = entries.size();
    double[] scores = new double[vocabulary.size()];
    double least = Double.POSITIVE_INFINITY;
    for (int id = 0; id < size; id++) {
      scores[id] = ((Number) ((List<?>) entries.get(id)).get(1)).doubleValue();
      least = Math.min(least, scores[id]);
    }
    Unigram unigram =
        new Unigram(
            new Trie(vocabulary.texts(), 0, id -> id < size),
            scores,
            least,
            Unigram.Precision.DOUBLE);
    ByteTokens bytes = ByteTokens.of(vocabulary.index());
    boolean byteFallback = fields.flag("byte_fallback", false) && bytes.isComplete();
    return out ->
        (word, from, to, _) -> {
          Unigram.Cut cut = unigram.cut(word, from, to);
          int start = from;
          for (int i = 0; i < cut.ids().length; i++) {
            int end = cut.ends()[i];
            if (cut.ids()[i] != Unigram.UNKNOWN) {
              out.add(cut.ids()[i]);
            } else if (byteFallback) {
              bytes.addAll(word, start, end, out);
            } else {
              out.add(unknown);
            }
            start = end;
          }
        };
  }
}
