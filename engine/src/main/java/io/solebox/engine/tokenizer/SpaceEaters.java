package io.solebox.engine.tokenizer;

import io.solebox.engine.source.Metadata;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Special tokens that take the spaces beside them. Files do not tell which do; it goes by the names
 * of models (ggml-org/llama.cpp: src/llama-vocab.cpp).
 *
 * @param before ids that take the spaces before them
 * @param behind ids that take the spaces behind them
 */
record SpaceEaters(Set<Integer> before, Set<Integer> behind) {
  static final SpaceEaters NONE = new SpaceEaters(Set.of(), Set.of());

  private static final List<String> MASKED_PRE =
      List.of("jina-v2-de", "jina-v2-es", "jina-v2-code");
  private static final List<String> MASKED_ARCHITECTURES =
      List.of("nomic-bert-moe", "jina-bert-v3");
  private static final List<String> PHI_3_OTHERS = List.of("<unk>", "<s>", "<|endoftext|>");

  static SpaceEaters of(Metadata metadata, Vocabulary vocabulary) {
    String name = metadata.stringOr("general.name", "").toLowerCase(Locale.ROOT);
    String pre = metadata.stringOr("tokenizer.ggml.pre", "");
    String architecture = metadata.stringOr("general.architecture", "");
    if (has(pre, MASKED_PRE) || has(architecture, MASKED_ARCHITECTURES)) {
      return new SpaceEaters(find(vocabulary, "<mask>"), Set.of());
    }
    if (has(name, List.of("phi-3", "phi3"))) {
      return new SpaceEaters(Set.of(), phi3(vocabulary));
    }
    if (has(name, List.of("modern-bert"))) {
      return new SpaceEaters(find(vocabulary, "[MASK]"), Set.of());
    }
    return NONE;
  }

  private static boolean has(String text, List<String> parts) {
    return parts.stream().anyMatch(text::contains);
  }

  private static Set<Integer> find(Vocabulary vocabulary, String text) {
    return Set.copyOf(vocabulary.find(text).stream().boxed().toList());
  }

  private static Set<Integer> phi3(Vocabulary vocabulary) {
    Set<Integer> ids = new HashSet<>(find(vocabulary, "</s>"));
    for (int id = 0; id < vocabulary.size(); id++) {
      TokenKind kind = vocabulary.kind(id);
      if (kind.isHidden() || kind == TokenKind.USER_DEFINED) {
        ids.add(id);
      }
    }
    PHI_3_OTHERS.forEach(text -> ids.removeAll(find(vocabulary, text)));
    return Set.copyOf(ids);
  }

  /** Where the text before a token ends once the token has taken its spaces. */
  int endBefore(int id, byte[] utf8, int from, int to) {
    int end = to;
    while (before.contains(id) && end > from && isSpace(utf8[end - 1])) {
      end--;
    }
    return end;
  }

  /** Where the text behind a token begins once the token has taken its spaces. */
  int startBehind(int id, byte[] utf8, int from, int to) {
    int start = from;
    while (behind.contains(id) && start < to && isSpace(utf8[start])) {
      start++;
    }
    return start;
  }

  private static boolean isSpace(byte value) {
    return value == ' ' || (value >= '\t' && value <= '\r');
  }
}
