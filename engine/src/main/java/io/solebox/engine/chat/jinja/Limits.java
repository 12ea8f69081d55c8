package io.solebox.engine.chat.jinja;

/**
 * What one rendering may use. A template comes from a model file, so nobody vouches for it: these
 * limits turn an endless loop, a runaway recursion or an exploding string into an error.
 *
 * @param steps units of work: an evaluated node, a list element, 32 scanned characters
 * @param depth nested evaluations: deep expressions, blocks in blocks, macros that call themselves
 * @param textChars the longest text, in UTF-16 units; the output too
 * @param allocatedBytes everything that values take together, alive or not; an estimate
 */
record Limits(long steps, int depth, int textChars, long allocatedBytes) {
  /** Far above any real conversation (a prompt of a million tokens has about 5 million chars). */
  static final Limits DEFAULT = new Limits(25_000_000, 400, 8 << 20, 160L << 20);
}
