package io.solebox.engine.constrain.text;

import java.util.OptionalInt;

/** The tokens that a grammar can speak of. */
public interface TokenNames {
  /** Of a grammar that is read without a model, and so without tokens. */
  TokenNames NONE =
      new TokenNames() {
        @Override
        public int size() {
          return 0;
        }

        @Override
        public OptionalInt id(String text) {
          return OptionalInt.empty();
        }
      };

  /** How many there are; ids are below. */
  int size();

  /** Whether a token ends an answer. */
  default boolean ends(int id) {
    return false;
  }

  /** The token that a text is, special tokens included; empty where it is none, or several. */
  OptionalInt id(String text);
}
