package io.solebox.engine.tokenizer;

import java.util.stream.IntStream;

/** Ids that are put around a text. */
record Frame(int[] before, int[] behind) {
  static final Frame NONE = new Frame(new int[0], new int[0]);

  static Frame of(SpecialTokens special) {
    IntStream before = special.addsBos() ? special.bos().stream() : IntStream.empty();
    return new Frame(before.toArray(), special.end().stream().toArray());
  }

  boolean isEmpty() {
    return before.length + behind.length == 0;
  }

  /** This one, and the other around it. */
  Frame within(Frame outer) {
    return new Frame(
        IntStream.concat(IntStream.of(outer.before), IntStream.of(before)).toArray(),
        IntStream.concat(IntStream.of(behind), IntStream.of(outer.behind)).toArray());
  }
}
