package io.solebox.engine.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the name by which GGUF knows how a byte-level BPE splits text ({@code tokenizer.ggml.pre}).
 * The name is not in the files of a model. Whoever splits a text of all kinds of neighbours in the
 * same way as a known family is taken for one of it, however its patterns are written.
 */
final class SplitNames {
  /** What families tell apart, by pairs. */
  private static final List<String> PIECES =
      List.of(
          "a",
          "Word",
          "WORD",
          "camelCase",
          "é",
          "e\u0301",
          "日本",
          "語",
          "かな",
          "カナ",
          "한국",
          "ру",
          "ไท",
          "\u0939\u093f",
          "1",
          "23",
          "456",
          "78901",
          "٣",
          "½",
          " ",
          "  ",
          "   ",
          "\n",
          "\n\n",
          "\r\n",
          "\t",
          " \n",
          "'s",
          "'S",
          "'re",
          "'LL",
          "’s",
          ",",
          ".",
          "!?",
          "/",
          "//",
          "(",
          "_",
          "$",
          "+",
          "😀",
          "—",
          "\u3000",
          "\u00a0",
          "<",
          "#",
          "`");

  private static final List<byte[]> PROBES = probes(PIECES);

  private static final List<byte[]> ASCII =
      probes(PIECES.stream().filter(piece -> piece.chars().allMatch(c -> c < 128)).toList());

  /** The families by their names, with what splits text, which takes long to make. */
  private static final Map<String, PreTokenizer> FAMILIES = families();

  private SplitNames() {}

  private static Map<String, PreTokenizer> families() {
    var families = new LinkedHashMap<String, PreTokenizer>();
    BpeFamily.distinct()
        .forEach(
            (name, family) -> {
              if (family.isByteLevel()) {
                families.put(name, family.splitter());
              }
            });
    return families;
  }

  private static boolean takesWholeWords(String name) {
    return BpeFamily.find(name).orElseThrow().wholeWords() != BpeModel.WholeWords.NONE;
  }

  /**
   * What was found.
   *
   * @param isExact whether the family splits all that the tokenizer splits in the same way, and not
   *     only what is ASCII: llama.cpp's patterns are wider here and there
   */
  record Found(String name, boolean isExact) {}

  /** Each piece before each other. */
  private static List<byte[]> probes(List<String> pieces) {
    return pieces.stream()
        .map(first -> first + String.join(first, pieces))
        .map(text -> text.getBytes(StandardCharsets.UTF_8))
        .toList();
  }

  /**
   * @param wholeWords whether a word that is a token becomes it without merges
   * @return empty where no known family splits so
   */
  static Optional<Found> of(PreTokenizer preTokenizer, boolean wholeWords) {
    Map<String, PreTokenizer> alike = alike(preTokenizer, ASCII, FAMILIES);
    List<String> exact = List.copyOf(alike(preTokenizer, PROBES, alike).keySet());
    return exact.stream()
        .filter(name -> takesWholeWords(name) == wholeWords)
        .findFirst()
        .or(() -> exact.stream().findFirst())
        .map(name -> new Found(name, true))
        .or(() -> alike.keySet().stream().findFirst().map(name -> new Found(name, false)));
  }

  private static Map<String, PreTokenizer> alike(
      PreTokenizer preTokenizer, List<byte[]> probes, Map<String, PreTokenizer> families) {
    List<List<String>> expected = probes.stream().map(p -> words(preTokenizer, p)).toList();
    var alike = new LinkedHashMap<String, PreTokenizer>();
    families.forEach(
        (name, family) -> {
          if (splits(family, probes, expected)) {
            alike.put(name, family);
          }
        });
    return alike;
  }

  /** Most families are others at the first probe. */
  private static boolean splits(
      PreTokenizer family, List<byte[]> probes, List<List<String>> expected) {
    for (int i = 0; i < probes.size(); i++) {
      if (!words(family, probes.get(i)).equals(expected.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static List<String> words(PreTokenizer preTokenizer, byte[] probe) {
    List<String> words = new ArrayList<>();
    preTokenizer.split(
        probe,
        0,
        probe.length,
        true,
        (utf8, from, to, _) ->
            words.add(new String(Arrays.copyOfRange(utf8, from, to), StandardCharsets.UTF_8)));
    return words;
  }
}
