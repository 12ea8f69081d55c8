package io.solebox.engine.source.huggingface;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Models that judge texts ({@code ForSequenceClassification}): their head, and what it gives. */
final class Classifiers {
  private Classifiers() {}

  static boolean isOne(Config c) {
    return c.texts("architectures").stream().anyMatch(a -> a.endsWith("ForSequenceClassification"));
  }

  /**
   * Writes the names of the labels and, of decoders, the matrix that gives them from the last
   * token.
   *
   * @param c of the whole model
   */
  static void translate(Config c, Translation t) {
    if (!isOne(c)) {
      return;
    }
    t.tensor("score.weight", "cls.output.weight", Translation.AS_IT_IS);
    List<String> labels = labels(c);
    if (!labels.isEmpty()) {
      t.put("classifier.output_labels", labels);
    }
  }

  /** By number. */
  private static List<String> labels(Config c) {
    Map<Integer, String> labels = new TreeMap<>();
    Object names = c.find("id2label").orElse(Map.of());
    if (!(names instanceof Map<?, ?> map)) {
      throw c.bad("id2label", "must be an object");
    }
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      String number = String.valueOf(entry.getKey());
      if (!number.matches("\\d{1,6}") || !(entry.getValue() instanceof String name)) {
        throw c.bad("id2label", "must have a name for each number");
      }
      labels.put(Integer.valueOf(number), name);
    }
    return new ArrayList<>(labels.values());
  }
}
