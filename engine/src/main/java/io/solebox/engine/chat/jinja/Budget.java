package io.solebox.engine.chat.jinja;

/** Counts what one rendering has used of its {@link Limits}. Owned by that rendering's thread. */
final class Budget {
  /** Scanning this many characters costs about as much time as evaluating one node. */
  private static final int CHARS_PER_STEP = 32;

  private static final int ELEMENT_BYTES = 32;

  /** An offset, and room for the next one. */
  private static final int PART_BYTES = 8;

  private final Limits limits;
  private long steps;
  private long bytes;
  private int depth;

  Budget(Limits limits) {
    this.limits = limits;
  }

  /** One nested evaluation begins; {@link #leave} must follow. */
  void enter() {
    if (++depth > limits.depth()) {
      throw new TemplateFailure("the template nests or recurses too deeply");
    }
    steps(1);
  }

  void leave() {
    depth--;
  }

  void steps(long count) {
    steps += count;
    if (steps > limits.steps()) {
      throw new TemplateFailure("the template runs too long");
    }
  }

  /** Work over a text that is there already. */
  void scan(long chars) {
    steps(1 + chars / CHARS_PER_STEP);
  }

  /** A text of that many UTF-16 units is about to exist. Call before building it. */
  void text(long chars) {
    requireText(chars);
    scan(chars);
    allocate(chars);
  }

  /** The same, with what it takes to know which of its parts the template wrote. */
  void text(Text made) {
    text(made.length());
    parts(made.parts() - 1);
  }

  /** A text has that many parts more. */
  void parts(int count) {
    allocate((long) count * PART_BYTES);
  }

  /** Refuses a text of that many UTF-16 units if it would be too long. */
  void requireText(long chars) {
    if (chars > limits.textChars()) {
      throw new TemplateFailure(
          "the template makes a text of more than " + limits.textChars() + " characters");
    }
  }

  /** A list or dict grows by that many elements. Call before building it. */
  void elements(long count) {
    steps(count);
    allocate(count * ELEMENT_BYTES);
  }

  /** A list of that many new texts is about to exist, besides what is in them. */
  void texts(long count) {
    elements(2 * count);
  }

  private void allocate(long more) {
    bytes += more;
    if (bytes > limits.allocatedBytes()) {
      throw new TemplateFailure("the template uses too much memory");
    }
  }
}
