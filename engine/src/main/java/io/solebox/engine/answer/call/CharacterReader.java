package io.solebox.engine.answer.call;

/** Reads a call that ends by itself, a character at a time. */
abstract class CharacterReader implements CallReader {
  @Override
  public final Progress read(Input input) {
    while (!input.isEmpty()) {
      Progress progress = accept(input.peek());
      if (progress == Progress.MALFORMED) {
        return progress;
      }
      input.skip(1);
      if (progress == Progress.COMPLETE) {
        return progress;
      }
    }
    return Progress.GOING;
  }

  /** Nothing follows {@link CallReader.Progress#COMPLETE} or {@code MALFORMED}. */
  abstract Progress accept(char c);
}
