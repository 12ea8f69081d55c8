package io.solebox.server.knowledge;

import io.solebox.engine.tokenizer.Tokenizer.Specials;
import io.solebox.server.models.Models;
import java.util.List;

/** Texts as models of vectors take them. */
final class Texts {
  private Texts() {}

  static List<int[]> ids(Models.Named named, List<String> texts) {
    return texts.stream()
        .map(text -> named.model().tokenizer().encode(text, Specials.AS_TEXT, true))
        .toList();
  }
}
