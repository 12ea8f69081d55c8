package io.solebox.engine.tokenizer;

import io.solebox.engine.source.MetadataValue;
import io.solebox.engine.source.ValueType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * Which tokens begin, end and fill things, under GGUF's keys: what tokenizer_config.json,
 * config.json and the template of tokenizer.json say, in the order in which llama.cpp's converter
 * heeds them (ggml-org/llama.cpp: gguf-py/gguf/vocab.py, SpecialVocab).
 */
final class SpecialKeys {
  /** The names of the fields and of the keys; the class token has no key. */
  private static final Map<String, String> KINDS = new LinkedHashMap<>();

  static {
    KINDS.put("bos", "bos_token_id");
    KINDS.put("eos", "eos_token_id");
    KINDS.put("unk", "unknown_token_id");
    KINDS.put("sep", "seperator_token_id"); // sic
    KINDS.put("pad", "padding_token_id");
    KINDS.put("mask", "mask_token_id");
    KINDS.put("eot", "eot_token_id");
  }

  private static final List<String> ADDED_AROUND = List.of("bos", "eos", "sep");

  private final HuggingFaceConfig config;
  private final Optional<JsonFields> file;
  private final Vocabulary vocabulary;
  private final Map<String, String> texts = new LinkedHashMap<>();
  private final Map<String, Boolean> adds = new LinkedHashMap<>();

  /**
   * @param file tokenizer.json, where there is one
   */
  SpecialKeys(HuggingFaceConfig config, Optional<JsonFields> file, Vocabulary vocabulary) {
    this.config = config;
    this.file = file;
    this.vocabulary = vocabulary;
    for (String kind : KINDS.keySet()) {
      config.tokenText(kind + "_token").ifPresent(text -> texts.put(kind, text));
    }
    if (file.isPresent()) {
      config.tokenText("cls_token").ifPresent(text -> texts.putIfAbsent("bos", text));
      Optional.ofNullable(texts.get("sep")).ifPresent(text -> texts.putIfAbsent("eos", text));
    }
    file.flatMap(f -> f.object("post_processor")).ifPresent(this::around);
    for (String kind : ADDED_AROUND) {
      config.flag("add_" + kind + "_token").ifPresent(flag -> adds.put(kind, flag));
    }
  }

  private void around(JsonFields processor) {
    switch (processor.type()) {
      case "Sequence" -> processor.objects("processors").forEach(this::around);
      case "RobertaProcessing" -> {
        ADDED_AROUND.forEach(kind -> adds.put(kind, true));
        first(processor.list("sep")).ifPresent(text -> texts.putIfAbsent("sep", text));
      }
      case "BertProcessing" -> {
        adds.put("bos", true);
        adds.put("eos", true);
      }
      case "TemplateProcessing" -> template(processor);
      default -> {
        // about places in the text
      }
    }
  }

  private static Optional<String> first(List<?> pair) {
    return pair.stream().findFirst().filter(String.class::isInstance).map(String.class::cast);
  }

  private void template(JsonFields processor) {
    List<JsonFields> single = processor.objects("single");
    if (single.size() < 2) {
      return;
    }
    Optional<String> first = special(single.getFirst());
    Optional<String> last = special(single.getLast());
    first.ifPresent(
        text ->
            adds.put(
                "bos",
                text.equals(texts.get("bos"))
                    || Optional.of(text).equals(config.tokenText("cls_token"))));
    last.ifPresent(this::endsWith);
    List<JsonFields> pair = processor.objects("pair");
    int from =
        !pair.isEmpty() && first.isPresent() && special(pair.getFirst()).equals(first) ? 1 : 0;
    int to =
        pair.size()
            - (!pair.isEmpty() && last.isPresent() && special(pair.getLast()).equals(last) ? 1 : 0);
    if (to - from > 2) {
      adds.put("sep", separates(pair.subList(from + 1, to - 1), last.isPresent()));
    }
  }

  /** A text may end otherwise than an answer does: then the end of an answer is that of a turn. */
  private void endsWith(String text) {
    if (texts.containsKey("eos") && !text.equals(texts.get("eos"))) {
      texts.putIfAbsent("eot", texts.get("eos"));
    }
    texts.put("eos", text);
    adds.put("eos", true);
  }

  private boolean separates(List<JsonFields> between, boolean ends) {
    boolean first = special(between.getFirst()).filter(this::isSeparator).isPresent() && !ends;
    boolean second =
        between.size() == 2 && special(between.get(1)).filter(this::isSeparator).isPresent();
    return first || second;
  }

  private boolean isSeparator(String text) {
    return text.equals(texts.get("sep")) || text.equals(texts.get("eos"));
  }

  private static Optional<String> special(JsonFields piece) {
    return piece.object("SpecialToken").flatMap(token -> token.text("id"));
  }

  void write(Map<String, MetadataValue> keys) {
    Map<String, Integer> ids = new LinkedHashMap<>();
    KINDS.forEach((kind, key) -> id(kind).ifPresent(id -> ids.put(key, id)));
    ids.forEach(
        (key, id) -> keys.put("tokenizer.ggml." + key, new MetadataValue.Whole(ValueType.U32, id)));
    adds.forEach(
        (kind, value) ->
            keys.put("tokenizer.ggml.add_" + kind + "_token", new MetadataValue.Bool(value)));
    int[] ends =
        IntStream.of(config.ends()).filter(id -> id < vocabulary.size()).distinct().toArray();
    boolean more = IntStream.of(ends).anyMatch(id -> !Objects.equals(ids.get("eos_token_id"), id));
    if (more) {
      keys.put("tokenizer.ggml.eos_token_ids", new MetadataValue.Ints(ValueType.I32, ends));
    }
  }

  /** By the text among added tokens, else by the number in config.json, else by the text at all. */
  private OptionalInt id(String kind) {
    Optional<String> text = Optional.ofNullable(texts.get(kind));
    List<JsonFields> added = new ArrayList<>();
    file.ifPresent(f -> added.addAll(f.objects("added_tokens")));
    OptionalInt named =
        text.flatMap(
                t ->
                    added.stream()
                        .filter(token -> token.text("content").equals(text))
                        .findFirst()
                        .map(token -> token.number("id")))
            .orElseGet(OptionalInt::empty);
    OptionalInt known = named.isPresent() ? named : config.tokenId(kind + "_token_id");
    OptionalInt found =
        known.isPresent() ? known : text.map(vocabulary::find).orElseGet(OptionalInt::empty);
    boolean has =
        found.isPresent() && found.getAsInt() >= 0 && found.getAsInt() < vocabulary.size();
    return has ? found : OptionalInt.empty();
  }
}
