package io.solebox.engine.tokenizer;

import io.solebox.engine.regex.Regex;
import io.solebox.engine.tokenizer.BpeModel.WholeWords;
import io.solebox.engine.tokenizer.SpecialTokens.BosRule;
import io.solebox.engine.tokenizer.SymbolTable.Unit;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A family of BPE tokenizers, as {@code tokenizer.ggml.pre} names it (ggml-org/llama.cpp:
 * src/llama-vocab.cpp).
 *
 * @param patterns that split text, one after the other; see {@link WordPatterns}
 * @param bos whether a begin token is put in front
 */
record BpeFamily(
    List<String> patterns, WholeWords wholeWords, BosRule bos, Unit unit, boolean escapesSpaces) {
  private static final String SIGNS = "[\\p{P}\\$\\+<=>\\^~\\|%s]+";
  private static final String LINES = "[^\\n]+|[\\n]+";

  /** What llama.cpp takes where a file does not say how its text is split. */
  static final BpeFamily UNSTATED =
      splitBy(SIGNS.formatted(""), WordPatterns.GPT2, "\\p{N}+", "[0-9][0-9][0-9]");

  private static final Table TABLE = filled();

  private static BpeFamily splitBy(String... patterns) {
    return new BpeFamily(List.of(patterns), WholeWords.NONE, BosRule.NO, Unit.BYTE, false);
  }

  private BpeFamily wholeWordsFirst() {
    return new BpeFamily(patterns, WholeWords.ALL, bos, unit, escapesSpaces);
  }

  private BpeFamily adding(BosRule rule) {
    return new BpeFamily(patterns, wholeWords, rule, unit, escapesSpaces);
  }

  /** Merges over whole lines of characters, in the manner of SentencePiece. */
  private static BpeFamily lines(WholeWords wholeWords) {
    return new BpeFamily(List.of(LINES), wholeWords, BosRule.NO, Unit.CHARACTER, true);
  }

  BpeModel.Way way() {
    return new BpeModel.Way(splitter(), wholeWords, escapesSpaces);
  }

  PreTokenizer splitter() {
    return patterns.stream()
        .<PreTokenizer>map(
            pattern -> new Splits(Regex.of(pattern), Splits.Behavior.ISOLATED, false))
        .reduce(PreTokenizer::then)
        .orElseThrow();
  }

  static Optional<BpeFamily> find(String name) {
    return Optional.ofNullable(TABLE.families.get(name));
  }

  static Set<String> names() {
    return new TreeSet<>(TABLE.families.keySet());
  }

  /** The families that behave differently, each under the name to write. */
  static Map<String, BpeFamily> distinct() {
    return Collections.unmodifiableMap(TABLE.distinct);
  }

  /** Whether tokens are sequences of bytes, split by {@link #splitter}. */
  boolean isByteLevel() {
    return unit == Unit.BYTE;
  }

  private static Table filled() {
    Table table = new Table();
    table.addGpt2();
    table.addLlama3();
    table.addCased();
    table.addEastAsian();
    return table;
  }

  /** Fills the maps; names in one line behave the same. */
  private static final class Table {
    private final Map<String, BpeFamily> families = new LinkedHashMap<>();
    private final Map<String, BpeFamily> distinct = new LinkedHashMap<>();

    private void put(BpeFamily family, String... names) {
      if (!distinct.containsValue(family)) {
        distinct.put(names[0], family);
      }
      for (String name : names) {
        families.put(name, family);
      }
    }

    private void addGpt2() {
      BpeFamily gpt2 = splitBy(WordPatterns.GPT2);
      put(gpt2, "gpt-2", "mpt", "olmo", "jais", "phi-2", "exaone4", "trillion", "granite-docling");
      put(gpt2, "jina-es", "jina-de", "jina-v2-es", "jina-v2-de", "jina-v1-en", "jina-v2-code");
      put(gpt2, "gigachat", "a.x-4.0", "mellum", "modern-bert", "roberta-bpe");
      BpeFamily digits = splitBy("\\p{N}", WordPatterns.GPT2);
      put(digits, "starcoder", "refact", "command-r", "smollm", "codeshell", "exaone");
      put(digits, "minerva-7b", "mellum2");
      String signs = SIGNS.formatted("`");
      put(splitBy(signs, WordPatterns.GPT2, "[0-9][0-9][0-9]"), "falcon");
      put(splitBy(WordPatterns.BLOOM), "bloom", "gpt3-finnish", "poro-chat");
      put(splitBy(WordPatterns.BLOOM, "\\p{N}"), "viking");
      put(splitBy("\\p{N}+", "(?=([0-9]{3})+(?![0-9]))"), "superbpe");
      put(chameleon().adding(BosRule.YES), "chameleon");
      put(
          lines(WholeWords.LINE_FEEDS).adding(BosRule.ALWAYS),
          "gemma4",
          "granite-embed-multi-311m");
      put(lines(WholeWords.NONE), "sarvam-moe");
    }

    /** Images first, then digits and signs by themselves (facebook/chameleon: tokenizer.json). */
    private static BpeFamily chameleon() {
      return splitBy(
          "<sentinel:[0-9]+>",
          "(IMGIMG)((A|B|C|D|E|F|G|H|I){1,4})Z",
          "([\\t\\n]|    |  )",
          "\\p{N}",
          "[\\p{P}!-/:-@\\[-`{-~]",
          WordPatterns.GPT2);
    }

    private void addLlama3() {
      BpeFamily llama3 = splitBy(WordPatterns.LLAMA3);
      put(llama3, "smaug-bpe", "dbrx", "glm4", "chatglm-bpe");
      BpeFamily whole = llama3.wholeWordsFirst().adding(BosRule.YES);
      put(whole, "llama-bpe", "llama3", "llama-v3", "falcon3", "falcon-h1", "pixtral");
      put(whole, "midm-2.0", "lfm2", "jina-v5-nano");
      BpeFamily qwen2 = splitBy(WordPatterns.QWEN2);
      put(qwen2, "qwen2", "deepseek-r1-qwen", "kormo", "f2llmv2", "megrez", "stablelm2");
      put(qwen2, "hunyuan", "solar-open", "grok-2");
      put(splitBy(LINES, WordPatterns.QWEN2), "laguna");
      put(splitBy(WordPatterns.QWEN35), "qwen35");
      put(splitBy(WordPatterns.UFAKZEKA), "ufakzeka");
      put(splitBy(WordPatterns.SEED_CODER), "seed-coder");
      put(splitBy(WordPatterns.BAILINGMOE), "bailingmoe", "bailingmoe2", "llada-moe");
      put(splitBy(WordPatterns.EXAONE_MOE), "exaone-moe");
      put(splitBy(WordPatterns.JAIS2), "jais-2");
      put(splitBy("\\p{N}{1,3}", WordPatterns.MINICPM5).wholeWordsFirst(), "minicpm5");
    }

    private void addCased() {
      put(splitBy(WordPatterns.TEKKEN).wholeWordsFirst().adding(BosRule.YES), "tekken");
      put(splitBy(WordPatterns.GPT4O), "gpt-4o", "llama4", "kanana2", "talkie", "minimax-m2");
      put(splitBy(WordPatterns.GRANITE_EMBEDDING).wholeWordsFirst(), "granite-embed-multi-97m");
      put(splitBy(WordPatterns.THREES, WordPatterns.TINY_AYA), "tiny_aya", "cohere2moe");
      put(splitBy(WordPatterns.KIMI_K2), "kimi-k2");
    }

    private void addEastAsian() {
      String kana = WordPatterns.IDEOGRAPHS_AND_KANA;
      BpeFamily deepSeek3 = splitBy("\\p{N}{1,3}", kana, WordPatterns.DEEPSEEK3);
      put(deepSeek3, "deepseek-v3", "hunyuan-dense", "joyai-llm", "hy_v4");
      put(splitBy("\\p{N}{1,3}", kana, WordPatterns.SPARK, "\\p{N}"), "spark2_5");
      put(splitBy(WordPatterns.EAST_ASIAN, WordPatterns.YOUTU).wholeWordsFirst(), "youtu");
      put(
          splitBy(WordPatterns.THREES, WordPatterns.AFMOE_SCRIPTS, WordPatterns.DEEPSEEK3),
          "afmoe");
      String hangul = WordPatterns.IDEOGRAPHS_AND_HANGUL;
      put(splitBy("[\\r\\n]", "\\s?\\p{L}+", "\\s?\\p{P}+", hangul, "\\p{N}"), "deepseek-coder");
      put(
          splitBy(
              "[\\r\\n]",
              WordPatterns.DEEPSEEK_LETTERS,
              WordPatterns.DEEPSEEK_SIGNS,
              "\\s+$",
              hangul,
              "\\p{N}+"),
          "deepseek-llm");
    }
  }
}
