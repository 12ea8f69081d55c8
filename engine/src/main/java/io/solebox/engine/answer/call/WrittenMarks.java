package io.solebox.engine.answer.call;

import io.solebox.engine.constrain.grammar.Expression;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Texts of {@link Form}s in a grammar.
 *
 * @param texts what a text is written with: special tokens have names of their own
 * @param space what stands for a space of a form between tags; one in a tag is a space
 */
public record WrittenMarks(Function<String, Expression> texts, Expression space) {
  private static final String KEY = "{key}";

  /** A text of a form, with a name where it has its hole. */
  Expression of(String form, Expression key) {
    List<Expression> parts = new ArrayList<>();
    for (String part : form.split("(?<=\\{key})|(?=\\{key})")) {
      if (part.equals(KEY)) {
        parts.add(key);
      } else {
        spaced(part, parts);
      }
    }
    return new Expression.Sequence(parts);
  }

  private void spaced(String part, List<Expression> parts) {
    String written = "";
    for (String text : part.split("(?<=>) ")) {
      if (!written.isEmpty()) {
        parts.add(space);
      }
      if (!text.isEmpty()) {
        parts.add(texts.apply(text));
      }
      written = text;
    }
  }

  /** A text literally, as a pattern. */
  static String pattern(String text) {
    return text.codePoints().mapToObj("\\u{%x}"::formatted).collect(Collectors.joining());
  }
}
