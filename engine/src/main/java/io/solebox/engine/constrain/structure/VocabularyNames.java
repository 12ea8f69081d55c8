package io.solebox.engine.constrain.structure;

import io.solebox.engine.constrain.text.TokenNames;
import io.solebox.engine.tokenizer.Tokenizer;
import io.solebox.engine.tokenizer.Tokenizer.Specials;
import java.util.OptionalInt;

/** The tokens of a model. */
record VocabularyNames(Tokenizer tokenizer) implements TokenNames {
  @Override
  public int size() {
    return tokenizer.vocabSize();
  }

  @Override
  public boolean ends(int id) {
    return tokenizer.endOfGeneration().contains(id);
  }

  @Override
  public OptionalInt id(String text) {
    int[] ids = tokenizer.encode(text, Specials.PARSE, false);
    return ids.length == 1 ? OptionalInt.of(ids[0]) : OptionalInt.empty();
  }
}
