package io.solebox.engine.tokenizer;

import io.solebox.engine.source.Keys;
import io.solebox.engine.source.Metadata;
import io.solebox.engine.source.MetadataValue;
import io.solebox.engine.source.ValueType;
import io.solebox.engine.tokenizer.SpecialTokens.BosRule;
import io.solebox.engine.tokenizer.SpecialTokens.End;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * What the files beside a tokenizer say of its special tokens: tokenizer_config.json,
 * special_tokens_map.json, generation_config.json, config.json and added_tokens.json, as far as
 * they are there.
 */
final class HuggingFaceConfig {
  /** The fields by the keys of GGUF. */
  private static final Map<String, String> FIELDS =
      Map.of(
          "bos_token", "bos_token_id",
          "eos_token", "eos_token_id",
          "unk_token", "unknown_token_id",
          "sep_token", "seperator_token_id",
          "pad_token", "padding_token_id",
          "cls_token", "cls_token_id",
          "mask_token", "mask_token_id");

  /** Whether a text gets a begin and an end token; read where the tokenizer itself is silent. */
  private static final List<String> FLAGS = List.of("add_bos_token", "add_eos_token");

  private static final JsonFields ABSENT = new JsonFields("", Map.of());

  private final JsonFields config;
  private final JsonFields tokens;
  private final JsonFields generation;
  private final JsonFields model;
  private final JsonFields added;

  private HuggingFaceConfig(
      JsonFields config,
      JsonFields tokens,
      JsonFields generation,
      JsonFields model,
      JsonFields added) {
    this.config = config;
    this.tokens = tokens;
    this.generation = generation;
    this.model = model;
    this.added = added;
  }

  /** A token that was added to a vocabulary. */
  record Added(String text, boolean special) {}

  /** The files of a folder. */
  static HuggingFaceConfig read(Path folder) {
    return new HuggingFaceConfig(
        optional(folder.resolve("tokenizer_config.json")),
        optional(folder.resolve("special_tokens_map.json")),
        optional(folder.resolve("generation_config.json")),
        optional(folder.resolve("config.json")),
        optional(folder.resolve("added_tokens.json")));
  }

  /** Tokens that were added to those of a SentencePiece model, by id. */
  Map<Integer, Added> addedTokens() {
    Map<Integer, Added> found = new TreeMap<>();
    for (String text : added.values().keySet()) {
      added.number(text).ifPresent(id -> found.put(id, new Added(text, false)));
    }
    config
        .object("added_tokens_decoder")
        .ifPresent(
            decoder -> {
              for (String id : decoder.values().keySet()) {
                JsonFields token = decoder.requiredObject(id);
                boolean special = token.flag("special", false);
                found.put(number(decoder, id), new Added(token.requiredText("content"), special));
              }
            });
    found.keySet().removeIf(id -> id < 0);
    return found;
  }

  private static int number(JsonFields fields, String id) {
    try {
      return Integer.parseInt(id);
    } catch (NumberFormatException e) {
      throw fields.bad(id, "must be a number");
    }
  }

  private static JsonFields optional(Path file) {
    return Files.isRegularFile(file) ? JsonFields.read(file) : ABSENT;
  }

  /**
   * Finds special tokens as it is done for GGUF files, under their keys.
   *
   * @param known ids that the tokenizer itself names, by key; the files go before
   */
  SpecialTokens resolve(Vocabulary vocabulary, Map<String, Integer> known) {
    Map<String, Metadata.Entry> entries = new LinkedHashMap<>();
    known.forEach((key, id) -> put(entries, key, id));
    FIELDS.forEach(
        (field, key) ->
            text(field)
                .map(vocabulary::find)
                .orElseGet(OptionalInt::empty)
                .ifPresent(id -> put(entries, key, id)));
    for (String flag : FLAGS) {
      var value = new MetadataValue.Bool(config.flag(flag, false));
      entries.put(key(flag), new Metadata.Entry(config.place(), value));
    }
    int[] ends = ends();
    entries.put(
        key("eos_token_ids"),
        new Metadata.Entry(config.place(), new MetadataValue.Ints(ValueType.I32, ends)));
    Keys keys = new Keys(new Metadata(config.place(), entries), "tokenizer.ggml");
    return SpecialTokens.resolve(
        keys, vocabulary, new SpecialTokens.Defaults(Map.of(), BosRule.NO, End.NOTHING));
  }

  private static String key(String name) {
    return "tokenizer.ggml." + name;
  }

  private void put(Map<String, Metadata.Entry> entries, String name, int id) {
    var value = new MetadataValue.Whole(ValueType.U32, id);
    entries.put(key(name), new Metadata.Entry(config.place(), value));
  }

  /** The text of a special token, by its field; empty for none. */
  Optional<String> tokenText(String field) {
    return text(field).filter(text -> !text.isEmpty());
  }

  /** A flag of tokenizer_config.json, where it has it. */
  Optional<Boolean> flag(String field) {
    return config.has(field) ? Optional.of(config.flag(field, false)) : Optional.empty();
  }

  /** The id that config.json gives a special token, by its field; of several the first. */
  OptionalInt tokenId(String field) {
    Object id =
        model
            .value(field)
            .or(() -> model.object("text_config").flatMap(text -> text.value(field)))
            .orElse(List.of());
    Object first = id instanceof List<?> several && !several.isEmpty() ? several.getFirst() : id;
    return first instanceof Long number && number >= 0 && number == number.intValue()
        ? OptionalInt.of(number.intValue())
        : OptionalInt.empty();
  }

  /** A number of config.json. */
  OptionalInt modelNumber(String field) {
    return model.number(field);
  }

  /** A token is written as its text, or as an object that has it. */
  private Optional<String> text(String field) {
    return text(config, field).or(() -> text(tokens, field));
  }

  private static Optional<String> text(JsonFields fields, String field) {
    return fields.value(field).orElse("") instanceof Map<?, ?>
        ? fields.object(field).flatMap(token -> token.text("content"))
        : fields.text(field);
  }

  /** Of an answer: generation_config.json has them, and before it config.json had. */
  int[] ends() {
    Object fallback = model.value("eos_token_id").orElse(List.of());
    Object ids = generation.value("eos_token_id").orElse(fallback);
    List<?> list = ids instanceof List<?> several ? several : List.of(ids);
    return list.stream()
        .filter(id -> id instanceof Long value && value >= 0 && value == value.intValue())
        .mapToInt(id -> ((Long) id).intValue())
        .toArray();
  }
}
