package io.solebox.engine.tokenizer;

import java.util.List;
import java.util.Set;

/** Finds tokens that are not left to the model of the text between them. Immutable. */
@FunctionalInterface
interface Splitter {
  /** A piece of the input. */
  sealed interface Fragment {
    /** Bytes {@code from} to {@code to} of the input. */
    record Text(int from, int to) implements Fragment {}

    record Special(int id) implements Fragment {}
  }

  /** Makes splitters of one vocabulary. */
  @FunctionalInterface
  interface Factory {
    /**
     * @param markers further entries that are special, and user-defined ones that are found only
     *     where special tokens are parsed
     */
    Splitter of(Set<Integer> markers);
  }

  /** The whole input as fragments in order; none for an empty input. */
  List<Fragment> split(ParsedText input);
}
