package io.solebox.engine.tokenizer;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.tokenizer.normalize.Charsmap;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A model of SentencePiece (google/sentencepiece: src/sentencepiece_model.proto). */
final class SentencePieceFile {
  private static final int UNIGRAM = 1;
  private static final int BPE = 2;

  /** Twice what the largest known vocabulary has, as for other files. */
  private static final int MAX_TOKENS = 1 << 21;

  private final String place;
  private final List<byte[]> texts = new ArrayList<>();
  private final List<String> leftOut = new ArrayList<>(); // added tokens without a row
  private float[] scores = new float[1024];
  private TokenKind[] kinds = new TokenKind[1024];

  private int modelType = UNIGRAM;
  private boolean spaceIsSuffix;
  private int unknown;
  private int bos = 1;
  private int eos = 2;
  private int padding = -1;

  private byte[] charsmap = {};
  private boolean addsSpace = true;
  private boolean mergesSpaces = true;
  private boolean escapesSpaces = true;

  private SentencePieceFile(String place) {
    this.place = place;
  }

  /**
   * @throws SoleboxException {@code BAD_MODEL_FILE}, {@code UNSUPPORTED_MODEL} or {@code IO_ERROR}
   */
  static Tokenizer read(Path path, HuggingFaceConfig config, TableRows rows) {
    SentencePieceFile file = pieces(path);
    config.addedTokens().forEach((id, token) -> file.add(id, token, rows));
    file.pad(rows.least());
    return file.tokenizer(config, rows);
  }

  /**
   * The file alone, without what others add.
   *
   * @throws SoleboxException likewise
   */
  static SentencePieceFile pieces(Path path) {
    SentencePieceFile file = new SentencePieceFile(path.toString());
    try {
      file.read(new ProtoReader(path.toString(), Files.readAllBytes(path)));
    } catch (IOException e) {
      throw new SoleboxException(
          ErrorCode.IO_ERROR,
          path.toString(),
          "The file cannot be read: " + e.getMessage(),
          "Check that it is there and that its permissions allow it.",
          e);
    }
    return file;
  }

  int size() {
    return texts.size();
  }

  byte[] text(int id) {
    return texts.get(id);
  }

  TokenKind kind(int id) {
    return kinds[id];
  }

  float score(int id) {
    return scores[id];
  }

  /** Whether pieces are joined by merges, and not chosen by their probabilities. */
  boolean isBpe() {
    return modelType == BPE;
  }

  /** Whether a space is put in front of a text. */
  boolean addsSpace() {
    return addsSpace;
  }

  boolean mergesSpaces() {
    return mergesSpaces;
  }

  /** The rules of normalization; empty for none. */
  byte[] charsmap() {
    return charsmap.clone();
  }

  private void read(ProtoReader in) {
    while (in.next()) {
      switch (in.field()) {
        case 1 -> readPiece(in.message());
        case 2 -> readTrainer(in.message());
        case 3 -> readNormalizer(in.message());
        default -> {
          // self tests and the rules for turning pieces back into text
        }
      }
    }
    if (texts.isEmpty() || unknown < 0 || unknown >= texts.size()) {
      throw new SoleboxException(
          ErrorCode.BAD_MODEL_FILE,
          place,
          "This SentencePiece model has no pieces, or no unknown one.",
          "Download the file again.");
    }
  }

  private void readPiece(ProtoReader in) {
    int id = texts.size();
    if (id == scores.length) {
      scores = Arrays.copyOf(scores, 2 * id);
      kinds = Arrays.copyOf(kinds, 2 * id);
    }
    byte[] text = {};
    kinds[id] = TokenKind.NORMAL;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> text = in.bytes();
        case 2 -> scores[id] = in.real();
        case 3 -> kinds[id] = TokenKind.byId(in.number());
        default -> {
          // extensions of others
        }
      }
    }
    texts.add(text);
  }

  /** Puts a token that was added to the pieces to its place. */
  private void add(int id, HuggingFaceConfig.Added token, TableRows rows) {
    if (id >= rows.most() || id > MAX_TOKENS) {
      leftOut.add(token.text());
      return;
    }
    pad(id + 1);
    texts.set(id, token.text().getBytes(StandardCharsets.UTF_8));
    kinds[id] = token.special() ? TokenKind.CONTROL : TokenKind.USER_DEFINED;
  }

  /** Ids that no token has are unused. */
  private void pad(int count) {
    if (count > scores.length) {
      scores = Arrays.copyOf(scores, Math.max(count, 2 * scores.length));
      kinds = Arrays.copyOf(kinds, scores.length);
    }
    while (texts.size() < count) {
      kinds[texts.size()] = TokenKind.UNUSED;
      texts.add(new byte[0]);
    }
  }

  private void readTrainer(ProtoReader in) {
    while (in.next()) {
      switch (in.field()) {
        case 3 -> modelType = in.number();
        case 24 -> spaceIsSuffix = in.flag();
        case 40 -> unknown = in.number();
        case 41 -> bos = in.number();
        case 42 -> eos = in.number();
        case 43 -> padding = in.number();
        default -> {
          // how it was trained
        }
      }
    }
  }

  private void readNormalizer(ProtoReader in) {
    while (in.next()) {
      switch (in.field()) {
        case 2 -> charsmap = in.bytes();
        case 3 -> addsSpace = in.flag();
        case 4 -> mergesSpaces = in.flag();
        case 5 -> escapesSpaces = in.flag();
        default -> {
          // the name of the rules, and the text that they were compiled from
        }
      }
    }
  }

  private SoleboxException unsupported(String what) {
    return new SoleboxException(
        ErrorCode.UNSUPPORTED_MODEL,
        place,
        "This SentencePiece model " + what + ", which is not supported.",
        "Use tokenizer.json or a GGUF file of the model.");
  }

  private Tokenizer tokenizer(HuggingFaceConfig config, TableRows rows) {
    if (!escapesSpaces || spaceIsSuffix) {
      throw unsupported("writes spaces in another way than before words");
    }
    Vocabulary vocabulary =
        Vocabulary.of(
            Vocabulary.strings(texts),
            Arrays.copyOf(kinds, texts.size()),
            Arrays.copyOf(scores, texts.size()));
    SentencePieceText.Cutter cutter =
        switch (modelType) {
          case UNIGRAM -> SentencePieceText.unigram(vocabulary, unknown);
          case BPE -> SentencePieceText.bpe(vocabulary, unknown);
          default -> throw unsupported("is of type " + modelType);
        };
    var normalizer = new SentencePieceNormalizer(rules(), addsSpace, mergesSpaces, vocabulary);
    SpecialTokens special = config.resolve(vocabulary, ids());
    return new VocabularyTokenizer(
        vocabulary,
        new SentencePieceText(vocabulary, normalizer, cutter, unknown),
        special,
        Frame.of(special),
        // User-defined pieces are found in normalized text.
        markers -> new SpecialSplitter(vocabulary.hidingUserDefined(), markers, SpaceEaters.NONE),
        rows.notes(leftOut));
  }

  private Optional<Charsmap> rules() {
    if (charsmap.length == 0) {
      return Optional.empty();
    }
    Optional<Charsmap> rules = Charsmap.of(charsmap);
    if (rules.isEmpty()) {
      throw new SoleboxException(
          ErrorCode.BAD_MODEL_FILE,
          place + ", field precompiled_charsmap",
          "The normalization rules are cut short or no such rules.",
          "Download the file again.");
    }
    return rules;
  }

  private Map<String, Integer> ids() {
    Map<String, Integer> ids = new LinkedHashMap<>();
    ids.put("unknown_token_id", unknown);
    ids.put("bos_token_id", bos);
    ids.put("eos_token_id", eos);
    ids.put("padding_token_id", padding);
    ids.values().removeIf(id -> id < 0 || id >= texts.size());
    return ids;
  }
}
