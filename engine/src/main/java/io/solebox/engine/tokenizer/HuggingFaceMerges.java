package io.solebox.engine.tokenizer;

import io.solebox.engine.source.MetadataValue;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The merges of a BPE in tokenizer.json: lines of two texts, or pairs of them. */
final class HuggingFaceMerges {
  /** Gets a merge. */
  interface Merges {
    void accept(String left, String right);
  }

  private HuggingFaceMerges() {}

  /**
   * @param model the field of that name
   */
  static void forEach(JsonFields model, Merges merges) {
    if (!model.has("merges")) {
      throw model.bad("merges", "is missing");
    }
    for (Object merge : model.list("merges")) {
      String[] pair = pair(model, merge);
      merges.accept(pair[0], pair[1]);
    }
  }

  private static String[] pair(JsonFields model, Object merge) {
    if (merge instanceof String line) {
      int space = line.indexOf(' ');
      if (space > 0 && space < line.length() - 1 && line.indexOf(' ', space + 1) < 0) {
        return new String[] {line.substring(0, space), line.substring(space + 1)};
      }
    }
    if (merge instanceof List<?> two
        && two.size() == 2
        && two.get(0) instanceof String left
        && two.get(1) instanceof String right) {
      return new String[] {left, right};
    }
    throw model.bad("merges", "a merge must be two texts, is " + merge);
  }

  /** As GGUF has them: a space between the two, and one inside of them as U+0120. */
  static MetadataValue.Strings strings(JsonFields model) {
    List<byte[]> lines = new ArrayList<>();
    forEach(
        model,
        (left, right) ->
            lines.add(
                (left.replace(' ', '\u0120') + " " + right.replace(' ', '\u0120'))
                    .getBytes(StandardCharsets.UTF_8)));
    return Vocabulary.strings(lines);
  }
}
