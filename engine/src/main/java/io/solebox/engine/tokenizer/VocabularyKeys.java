package io.solebox.engine.tokenizer;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.source.MetadataValue;
import io.solebox.engine.source.ValueType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The vocabulary of a folder of Hugging Face under GGUF's keys, as llama.cpp's converter writes it
 * (ggml-org/llama.cpp: conversion/base.py, get_vocab_base and _create_vocab_sentencepiece).
 */
public final class VocabularyKeys {
  private static final String PREFIX = "tokenizer.ggml.";
  private static final Pattern BYTE = Pattern.compile("<0x[0-9A-Fa-f]{2}>");

  private final Path folder;
  private final String architecture;
  private final HuggingFaceConfig config;
  private final TokenTable table;
  private final Map<String, MetadataValue> keys = new LinkedHashMap<>();
  private final List<String> notes = new ArrayList<>();

  /**
   * Keys in the order in which they are written, and what there is to say of them.
   *
   * @param keys with their whole names
   */
  public record Written(Map<String, MetadataValue> keys, List<String> notes) {}

  private VocabularyKeys(Path folder, String architecture, int rows) {
    this.folder = folder;
    this.architecture = architecture;
    this.config = HuggingFaceConfig.read(folder);
    this.table = new TokenTable(rows);
  }

  /**
   * @param folder with tokenizer.json or tokenizer.model
   * @param architecture as in {@code general.architecture}
   * @param rows of the table of embeddings
   * @throws SoleboxException {@code MODEL_NOT_FOUND} where there is no vocabulary; {@code
   *     UNSUPPORTED_MODEL} for one that GGUF cannot express; {@code BAD_MODEL_FILE} or {@code
   *     IO_ERROR}
   */
  public static Written of(Path folder, String architecture, int rows) {
    var keys = new VocabularyKeys(folder, architecture, rows);
    keys.write();
    keys.notes.addAll(keys.table.notes());
    return new Written(keys.keys, keys.notes);
  }

  private void write() {
    Path json = folder.resolve("tokenizer.json");
    Path pieces = folder.resolve("tokenizer.model");
    Optional<JsonFields> file =
        Files.isRegularFile(json) ? Optional.of(JsonFields.read(json)) : Optional.empty();
    if (file.isEmpty() && !Files.isRegularFile(pieces)) {
      throw new SoleboxException(
          ErrorCode.MODEL_NOT_FOUND,
          folder.toString(),
          "There is no tokenizer.json and no tokenizer.model here.",
          "Download all files of the model into one folder.");
    }
    boolean byteLevel = file.map(VocabularyKeys::isByteLevel).orElse(false);
    boolean plain = file.map(f -> kind(f).equals("BPE") && !byteLevel).orElse(true);
    if (plain && architecture.equals("gemma4")) {
      gemma4(file.orElseThrow(() -> unsupported("a SentencePiece model alone")));
    } else if (plain && Files.isRegularFile(pieces)) {
      sentencePiece(SentencePieceFile.pieces(pieces), file);
    } else {
      fromJson(file.orElseThrow(), byteLevel);
    }
  }

  private void fromJson(JsonFields file, boolean byteLevel) {
    switch (kind(file)) {
      case "BPE" -> {
        if (byteLevel) {
          bytePair(file);
        } else {
          mergedPieces(file);
        }
      }
      case "WordPiece" -> wordPiece(file);
      default -> throw unsupported("a vocabulary of kind " + kind(file));
    }
  }

  private static String kind(JsonFields file) {
    return HuggingFaceModels.kind(file.requiredObject("model"));
  }

  private static boolean isByteLevel(JsonFields file) {
    return HuggingFacePreTokenizers.read(file.object("pre_tokenizer")).byteLevel();
  }

  private SoleboxException unsupported(String what) {
    return new SoleboxException(
        ErrorCode.UNSUPPORTED_MODEL,
        folder.toString(),
        "GGUF has no words for the tokenizer: it has " + what,
        "Run the folder as it is, or use a GGUF file of the model.");
  }

  private void put(String name, MetadataValue value) {
    keys.put(PREFIX + name, value);
  }

  private void begin(String model, String pre) {
    put("model", new MetadataValue.Text(model));
    put("pre", new MetadataValue.Text(pre));
  }

  private void specials(Optional<JsonFields> file) {
    Map<String, MetadataValue> all = new LinkedHashMap<>();
    table.write(all, false);
    MetadataValue.Strings texts = (MetadataValue.Strings) all.get(PREFIX + "tokens");
    TokenKind[] kinds = new TokenKind[texts.size()];
    java.util.Arrays.fill(kinds, TokenKind.NORMAL);
    var vocabulary = Vocabulary.of(texts, kinds, new float[kinds.length]);
    new SpecialKeys(config, file, vocabulary).write(keys);
  }

  private void bytePair(JsonFields file) {
    JsonFields model = file.requiredObject("model");
    var pre = HuggingFacePreTokenizers.read(file.object("pre_tokenizer")).preTokenizer();
    SplitNames.Found name =
        SplitNames.of(pre, model.flag("ignore_merges", false))
            .orElseThrow(() -> unsupported("a way to split text that no family of GGUF has"));
    if (!name.isExact()) {
      notes.add(
          "GGUF's way to split text that is nearest to the tokenizer's, %s, joins some letters, marks and signs beyond ASCII otherwise: such text may become other tokens."
              .formatted(name.name()));
    }
    normalizer(file);
    vocabulary(file, (text, _) -> new Entry(text, TokenKind.NORMAL));
    begin("gpt2", name.name());
    table.write(keys, false);
    put("merges", HuggingFaceMerges.strings(model));
    specials(Optional.of(file));
  }

  /** What GGUF does not say of byte-level BPE: text is taken as it is. */
  private void normalizer(JsonFields file) {
    file.object("normalizer")
        .map(JsonFields::type)
        .ifPresent(
            type -> {
              if (!type.equals("NFC")) {
                throw unsupported("the normalizer " + type + " before byte-level merges");
              }
              notes.add(
                  "The tokenizer composes letters and marks (NFC) first; GGUF does not say so, and"
                      + " text that is not composed becomes other tokens.");
            });
  }

  /** Gemma 4: merges of characters over whole lines. */
  private void gemma4(JsonFields file) {
    vocabulary(file, VocabularyKeys::byteOrNormal);
    put("model", new MetadataValue.Text("gemma4"));
    table.write(keys, true);
    put("merges", HuggingFaceMerges.strings(file.requiredObject("model")));
    specials(Optional.of(file));
    keys.putIfAbsent(PREFIX + "add_space_prefix", new MetadataValue.Bool(false));
  }

  private static Entry byteOrNormal(String text, int id) {
    return new Entry(text, BYTE.matcher(text).matches() ? TokenKind.BYTE : TokenKind.NORMAL);
  }

  /**
   * A SentencePiece BPE that is there as merges alone: the earlier a merge, the higher the score of
   * what it makes, as SentencePiece has it.
   */
  private void mergedPieces(JsonFields file) {
    JsonFields model = file.requiredObject("model");
    if (!model.flag("byte_fallback", false) && model.text("unk_token").isEmpty()) {
      throw unsupported("merges over characters, and nothing for those that no token has");
    }
    Map<String, Integer> ranks = new HashMap<>();
    HuggingFaceMerges.forEach(
        model, (left, right) -> ranks.putIfAbsent(left + right, ranks.size()));
    vocabulary(file, VocabularyKeys::byteOrNormal, text -> score(ranks, text));
    begin("llama", "default");
    table.write(keys, true);
    specials(Optional.of(file));
    spacePrefix(prepends(file));
  }

  private static float score(Map<String, Integer> ranks, String text) {
    return ranks.containsKey(text) ? -ranks.get(text) : BYTE.matcher(text).matches() ? 0 : ADDED;
  }

  private static final float ADDED = TokenTable.ADDED;

  /** Whether text gets a space in front. */
  private static boolean prepends(JsonFields file) {
    byte[] letter = {'x'};
    byte[] normalized = HuggingFaceNormalizers.read(file.object("normalizer")).normalize(letter);
    boolean[] found = {normalized.length > 1};
    HuggingFacePreTokenizers.read(file.object("pre_tokenizer"))
        .preTokenizer()
        .split(letter, 0, 1, true, (_, from, to, _) -> found[0] |= to - from > 1);
    return found[0];
  }

  private void spacePrefix(boolean prepends) {
    Optional<Boolean> said = config.flag("add_prefix_space");
    if (said.isPresent() || !prepends) {
      put("add_space_prefix", new MetadataValue.Bool(said.orElse(false)));
    }
  }

  private void sentencePiece(SentencePieceFile file, Optional<JsonFields> json) {
    if (!file.isBpe()) {
      throw unsupported("a SentencePiece model of probabilities (Unigram)");
    }
    for (int id = 0; id < file.size(); id++) {
      TokenKind kind = file.kind(id);
      boolean user = kind == TokenKind.USER_DEFINED;
      table.put(id, file.text(id), user ? TokenKind.NORMAL : kind, file.score(id));
    }
    config.addedTokens().forEach((id, token) -> table.putAdded(id, token.text(), token.special()));
    begin("llama", "default");
    table.write(keys, true);
    specials(json);
    spacePrefix(file.addsSpace());
  }

  private void wordPiece(JsonFields file) {
    vocabulary(file, VocabularyKeys::phantomSpace);
    int types = config.modelNumber("type_vocab_size").orElse(1);
    put("token_type_count", new MetadataValue.Whole(ValueType.U32, types));
    begin("bert", "default");
    table.write(keys, false);
    specials(Optional.of(file));
    Optional<JsonFields> normalizer = file.object("normalizer");
    boolean lowercase = normalizer.map(VocabularyKeys::lowercases).orElse(false);
    put("normalizer.lowercase", new MetadataValue.Bool(lowercase));
    normalizer
        .filter(n -> n.has("strip_accents") && n.flag("strip_accents", lowercase) != lowercase)
        .ifPresent(n -> put("normalizer.strip_accents", new MetadataValue.Bool(!lowercase)));
  }

  /** Words begin with a space, and what goes on loses its mark. */
  private static Entry phantomSpace(String text, int id) {
    return new Entry(text.startsWith("##") ? text.substring(2) : "\u2581" + text, TokenKind.NORMAL);
  }

  private static boolean lowercases(JsonFields normalizer) {
    return switch (normalizer.type()) {
      case "Lowercase" -> true;
      case "BertNormalizer" -> normalizer.flag("lowercase", true);
      case "Sequence" ->
          normalizer.objects("normalizers").stream().anyMatch(VocabularyKeys::lowercases);
      default -> false;
    };
  }

  /** A token as GGUF writes it. */
  private record Entry(String text, TokenKind kind) {}

  /** How GGUF writes a token of the vocabulary. */
  private interface Writing {
    Entry of(String text, int id);
  }

  private interface Scoring {
    float of(String text);
  }

  private void vocabulary(JsonFields file, Writing writing) {
    vocabulary(file, writing, _ -> 0);
  }

  private void vocabulary(JsonFields file, Writing writing, Scoring scoring) {
    JsonFields model = file.requiredObject("model");
    Map<String, Object> words = model.requiredObject("vocab").values();
    words.forEach(
        (text, value) -> {
          if (!(value instanceof Long id) || id < 0 || id > Integer.MAX_VALUE) {
            throw model.bad("vocab", "must have a number for each token");
          }
          Entry entry = writing.of(text, id.intValue());
          byte[] utf8 = entry.text().getBytes(StandardCharsets.UTF_8);
          table.put(id.intValue(), utf8, entry.kind(), scoring.of(text));
        });
    for (JsonFields fields : file.objects("added_tokens")) {
      AddedToken token = AddedToken.of(fields);
      int id = words.get(token.content()) instanceof Long known ? known.intValue() : token.id();
      table.putAdded(id, token.content(), token.special());
    }
  }
}
