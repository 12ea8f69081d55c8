package io.solebox.engine.tokenizer;

import io.solebox.engine.source.Keys;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Which tokens begin and end things. Files name some by id and leave others to be known by their
 * text; the texts and rules are those of llama.cpp (ggml-org/llama.cpp: src/llama-vocab.cpp).
 *
 * @param end the token behind a text
 * @param endOfGeneration ids that end an answer
 * @param named by the names that chat templates know, as {@code bos_token}
 */
record SpecialTokens(
    OptionalInt bos,
    OptionalInt eos,
    boolean addsBos,
    OptionalInt end,
    Set<Integer> endOfGeneration,
    Map<String, Integer> named,
    Optional<MiddleTokens> middle) {

  /**
   * What holds where the file is silent.
   *
   * @param ids by key, if the vocabulary has as many tokens
   */
  record Defaults(Map<String, Integer> ids, BosRule bosRule, End end) {
    OptionalInt id(String key) {
      Integer id = ids.get(key);
      return id == null ? OptionalInt.empty() : OptionalInt.of(id);
    }
  }

  /** What is put behind a text. */
  enum End {
    /** The end token, only where the file says so. */
    NOTHING,
    /** The end token, unless the file says no. */
    EOS,
    /** The separator, whatever the file says. */
    SEPARATOR
  }

  /** Whether a begin token is put in front of a text. */
  enum BosRule {
    /** Only where the file says so. */
    NO,
    /** Unless the file says no. */
    YES,
    /** Whatever the file says: known files are wrong about it. */
    ALWAYS
  }

  /** End of turn, where the file names none: the first that the vocabulary has. */
  private static final List<String> END_OF_TURN =
      List.of(
          "<|eot_id|>",
          "<|im_end|>",
          "<|end|>",
          "<end_of_turn>",
          "<|endoftext|>",
          "<|end_of_text|>",
          "<EOT>",
          "_<EOT>",
          "[EOT]",
          "<｜end▁of▁sentence｜>",
          "<end_of_utterance>");

  /** Always the end of an answer. */
  private static final List<String> ENDS =
      List.of(
          "<|eot_id|>",
          "<|im_end|>",
          "<|end|>",
          "<|return|>",
          "<|call|>",
          "<|flush|>",
          "<|calls|>",
          "<end_of_turn>",
          "<|endoftext|>",
          "</s>",
          "<|eom_id|>",
          "<EOT>",
          "_<EOT>",
          "[EOT]",
          "[EOS]",
          "<|end_of_text|>",
          "<end_of_utterance>",
          "<eos>",
          "<turn|>",
          "<|tool_response>",
          "<｜end▁of▁sentence｜>",
          "[e~[");

  /** Parts of fill-in-the-middle prompts that end an answer: padding, next file, next project. */
  private static final Map<String, List<String>> MIDDLE_ENDS =
      Map.of(
          "fim_pad_token_id", List.of("<|fim_pad|>", "<fim-pad>", "<fim_pad>", "<PAD>", "[PAD]"),
          "fim_rep_token_id",
              List.of("<|fim_repo|>", "<|repo_name|>", "<fim-repo>", "<REPO>", "<reponame>"),
          "fim_sep_token_id", List.of("<|file_sep|>"));

  /** Parts of fill-in-the-middle prompts that are only structure. */
  private static final Map<String, List<String>> MIDDLE_PARTS =
      Map.of(
          "fim_pre_token_id",
              List.of(
                  "<|fim_prefix|>",
                  "<fim-prefix>",
                  "<fim_prefix>",
                  "<｜fim▁begin｜>",
                  "<PRE>",
                  "▁<PRE>",
                  "<|code_prefix|>",
                  "<|prefix|>"),
          "fim_suf_token_id",
              List.of(
                  "<|fim_suffix|>",
                  "<fim-suffix>",
                  "<fim_suffix>",
                  "<｜fim▁hole｜>",
                  "<SUF>",
                  "▁<SUF>",
                  "<|code_suffix|>",
                  "<|suffix|>"),
          "fim_mid_token_id",
              List.of(
                  "<|fim_middle|>",
                  "<fim-middle>",
                  "<fim_middle>",
                  "<｜fim▁end｜>",
                  "<MID>",
                  "▁<MID>",
                  "<|code_middle|>",
                  "<|middle|>"));

  /** What keys were called before they were about fill-in-the-middle. */
  private static final Map<String, String> OLD_NAMES =
      Map.of(
          "fim_pre_token_id", "prefix_token_id",
          "fim_suf_token_id", "suffix_token_id",
          "fim_mid_token_id", "middle_token_id");

  /** Files list some end tokens beside the one; more than these are no list of ends. */
  private static final int MAX_ENDS = 1024;

  /** Control tokens of the harmony format that a reader is meant to see. */
  private static final List<String> VISIBLE =
      List.of("<|channel|>", "<|message|>", "<|start|>", "<|constrain|>");

  /**
   * Reads the ids that the file names and finds the others by text; tokens that are known to be
   * structure become control tokens in {@code vocabulary}.
   */
  static SpecialTokens resolve(Keys keys, Vocabulary vocabulary, Defaults defaults) {
    return new Resolver(keys, vocabulary).resolve(defaults);
  }

  /** One reading of one file. */
  private record Resolver(Keys keys, Vocabulary vocabulary) {
    SpecialTokens resolve(Defaults defaults) {
      OptionalInt bos = named("bos_token_id", defaults);
      OptionalInt eos = named("eos_token_id", defaults);
      Set<Integer> ends = endOfGeneration();
      Optional<MiddleTokens> middle = middle();
      eos.ifPresent(ends::add);
      ends.addAll(furtherEnds());
      boolean said = keys.flagOr("add_bos_token", defaults.bosRule() == BosRule.YES);
      boolean addsBos = said || defaults.bosRule() == BosRule.ALWAYS;
      boolean addsEos = keys.flagOr("add_eos_token", defaults.end() == End.EOS);
      OptionalInt separator = named("seperator_token_id", defaults); // sic
      OptionalInt end =
          defaults.end() == End.SEPARATOR ? separator : addsEos ? eos : OptionalInt.empty();
      return new SpecialTokens(
          bos, eos, addsBos && bos.isPresent(), end, Set.copyOf(ends), names(defaults), middle);
    }

    private Optional<MiddleTokens> middle() {
      Map<String, OptionalInt> parts = new LinkedHashMap<>();
      MIDDLE_PARTS.forEach((key, texts) -> parts.put(key, namedOrFound(key, texts)));
      return parts.values().stream().allMatch(OptionalInt::isPresent)
          ? Optional.of(
              new MiddleTokens(
                  parts.get("fim_pre_token_id").getAsInt(),
                  parts.get("fim_suf_token_id").getAsInt(),
                  parts.get("fim_mid_token_id").getAsInt()))
          : Optional.empty();
    }

    /** As transformers calls them; the keys of the files have a spelling of their own. */
    private Map<String, Integer> names(Defaults defaults) {
      Map<String, OptionalInt> ids = new LinkedHashMap<>();
      ids.put("bos_token", named("bos_token_id", defaults));
      ids.put("eos_token", named("eos_token_id", defaults));
      ids.put("unk_token", named("unknown_token_id", defaults));
      ids.put("sep_token", named("seperator_token_id", defaults));
      ids.put("pad_token", named("padding_token_id", defaults));
      ids.put("cls_token", named("cls_token_id", defaults));
      ids.put("mask_token", named("mask_token_id", defaults));
      Map<String, Integer> known = new LinkedHashMap<>();
      ids.forEach((name, id) -> id.ifPresent(present -> known.put(name, present)));
      return Map.copyOf(known);
    }

    /** Ollama's converters write all of a model's end tokens. */
    private List<Integer> furtherEnds() {
      String key = "eos_token_ids";
      if (!keys.has(key)) {
        return List.of();
      }
      int[] ids = keys.ints(key);
      if (ids.length > MAX_ENDS) {
        throw keys.bad(key, ids.length + " end tokens make no sense");
      }
      return Arrays.stream(ids).filter(id -> isKnown(OptionalInt.of(id))).boxed().toList();
    }

    private Set<Integer> endOfGeneration() {
      Set<Integer> ends = new LinkedHashSet<>();
      namedOrFound("eot_token_id", END_OF_TURN).ifPresent(ends::add);
      namedOrFound("eom_token_id", List.of("<|eom_id|>")).ifPresent(ends::add);
      MIDDLE_ENDS.forEach((key, texts) -> namedOrFound(key, texts).ifPresent(ends::add));
      for (String text : ENDS) {
        vocabulary.find(text).ifPresent(id -> ends.add(control(id)));
      }
      for (String text : VISIBLE) {
        vocabulary.find(text).ifPresent(id -> vocabulary.setKind(id, TokenKind.USER_DEFINED));
      }
      // Where these formats have tokens of their own for the end, the usual ones mean less.
      boolean calls = has("<|call|>") || has("<|calls|>");
      if (calls && (has("<|return|>") || has("<|flush|>"))) {
        drop(ends, "<|end|>", TokenKind.USER_DEFINED);
      }
      if (has("<|tool_response>")) {
        drop(ends, "</s>", TokenKind.NORMAL);
      }
      return ends;
    }

    private boolean has(String text) {
      return vocabulary.find(text).isPresent();
    }

    private void drop(Set<Integer> ends, String text, TokenKind kind) {
      vocabulary
          .find(text)
          .ifPresent(
              id -> {
                ends.remove(id);
                vocabulary.setKind(id, kind);
              });
    }

    private OptionalInt named(String key, Defaults defaults) {
      return named(key, defaults.id(key));
    }

    /** The id that the file names, if the vocabulary has it; else the fallback, if it has that. */
    private OptionalInt named(String key, OptionalInt fallback) {
      OptionalInt id = keys.id(key);
      if (isKnown(id)) {
        return id;
      }
      return isKnown(fallback) ? fallback : OptionalInt.empty();
    }

    private boolean isKnown(OptionalInt id) {
      return id.isPresent() && id.getAsInt() >= 0 && id.getAsInt() < vocabulary.size();
    }

    private OptionalInt namedOrFound(String key, List<String> texts) {
      OptionalInt old =
          OLD_NAMES.containsKey(key) ? keys.id(OLD_NAMES.get(key)) : OptionalInt.empty();
      OptionalInt named = named(key, old);
      if (named.isPresent()) {
        return named;
      }
      for (String text : texts) {
        OptionalInt found = vocabulary.find(text);
        if (found.isPresent()) {
          return OptionalInt.of(control(found.getAsInt()));
        }
      }
      return OptionalInt.empty();
    }

    /** Some files call structure normal text. */
    private int control(int id) {
      vocabulary.setKind(id, TokenKind.CONTROL);
      return id;
    }
  }
}
