package io.solebox.engine.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/**
 * Entries of a vocabulary that are structure to one chat template although the file does not call
 * them control tokens: it calls them user-defined, or forgot that they are no words.
 */
final class Markers {
  /** Longer ones are not looked for. */
  private static final int MAX_BYTES = 128;

  private static final TextModel.Place BEHIND_TEXT = new TextModel.Place(false, false, false);

  private final Vocabulary vocabulary;
  private final TextModel model;
  private final Set<Integer> found = new HashSet<>();

  private Markers(Vocabulary vocabulary, TextModel model) {
    this.vocabulary = vocabulary;
    this.model = model;
  }

  /**
   * @param named ids that the template can print by name
   * @param template its source
   */
  static Set<Integer> find(
      Vocabulary vocabulary, TextModel model, Collection<Integer> named, String template) {
    Markers markers = new Markers(vocabulary, model);
    for (int id = 0; id < vocabulary.size(); id++) {
      if (vocabulary.kind(id) == TokenKind.USER_DEFINED && looksLikeControl(vocabulary.text(id))) {
        markers.found.add(id);
      }
    }
    for (int id : named) {
      byte[] text = vocabulary.textBytes(id);
      if (text.length > 0 && closing(text[0]) == text[text.length - 1]) {
        markers.add(id);
      }
    }
    markers.scan(template.getBytes(StandardCharsets.UTF_8));
    return Set.copyOf(markers.found);
  }

  /** No model has learned these as words (ggml-org/llama.cpp: convert_hf_to_gguf.py). */
  private static boolean looksLikeControl(String text) {
    return (text.startsWith("<|") && text.endsWith("|>"))
        || (text.startsWith("<\uff5c") && text.endsWith("\uff5c>"));
  }

  /** Everything in angle or square brackets that is an entry as a whole. */
  private void scan(byte[] template) {
    for (int start = 0; start < template.length; start++) {
      byte closing = closing(template[start]);
      int last = Math.min(template.length, start + MAX_BYTES);
      for (int end = start + 1; closing != 0 && end < last; end++) {
        if (template[end] == closing) {
          int id = vocabulary.find(template, start, end + 1);
          if (id != Vocabulary.ABSENT) {
            add(id);
          }
        }
      }
    }
  }

  private static byte closing(byte opening) {
    return switch (opening) {
      case '<' -> '>';
      case '[' -> ']';
      default -> 0;
    };
  }

  private void add(int id) {
    boolean structure =
        switch (vocabulary.kind(id)) {
          case USER_DEFINED -> true;
          case NORMAL, UNUSED -> !isWord(id);
          case CONTROL, UNKNOWN, BYTE -> false; // found anyway, or text
        };
    if (structure) {
      found.add(id);
    }
  }

  /** Whether plain text of these characters becomes this token. */
  private boolean isWord(int id) {
    byte[] text = vocabulary.textBytes(id);
    IntList ids = new IntList();
    model.encode(text, 0, text.length, BEHIND_TEXT, ids);
    int[] made = ids.toArray();
    return made.length == 1 && made[0] == id;
  }
}
