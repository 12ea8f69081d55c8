package io.solebox.engine.answer;

import io.solebox.engine.constrain.grammar.Expression;
import io.solebox.engine.tokenizer.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/** The special tokens of a model, which stand for no text. */
final class SpecialTexts {
  private final Map<String, Integer> ids = new LinkedHashMap<>();
  private final Set<Integer> ends;

  SpecialTexts(Tokenizer tokenizer) {
    ends = tokenizer.endOfGeneration();
    IntStream.range(0, tokenizer.vocabSize())
        .filter(id -> tokenizer.isSpecial(id) && !tokenizer.isUnused(id))
        .forEach(id -> ids.put(new String(tokenizer.tokenBytes(id), StandardCharsets.UTF_8), id));
    ids.remove("");
  }

  /** A text as a template writes it, with special tokens where it has their names. */
  Expression expression(String text) {
    return new Expression.Sequence(split(text));
  }

  /** Text and special tokens in turn; the longest token that fits counts. */
  List<Expression> split(String text) {
    List<Expression> parts = new ArrayList<>();
    StringBuilder plain = new StringBuilder();
    int at = 0;
    while (at < text.length()) {
      int here = at;
      String found =
          ids.keySet().stream()
              .filter(special -> text.startsWith(special, here))
              .reduce("", (a, b) -> a.length() >= b.length() ? a : b);
      if (found.isEmpty()) {
        plain.append(text.charAt(at));
        at++;
      } else {
        flush(plain, parts);
        parts.add(new Expression.Tokens(Set.of(ids.get(found)), false));
        at += found.length();
      }
    }
    flush(plain, parts);
    return parts;
  }

  private static void flush(StringBuilder plain, List<Expression> parts) {
    if (!plain.isEmpty()) {
      parts.add(Expression.text(plain.toString()));
      plain.setLength(0);
    }
  }

  /** Those that are in none of the marks, and end no answer. */
  Set<Integer> without(List<String> marks) {
    Set<Integer> others = new HashSet<>();
    ids.forEach(
        (text, id) -> {
          if (!ends.contains(id) && marks.stream().noneMatch(mark -> mark.contains(text))) {
            others.add(id);
          }
        });
    return others;
  }
}
