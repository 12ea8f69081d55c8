package io.solebox.reader;

/** Whoever takes what was read, in reading order. */
interface Sink {
  /** Said first. */
  void type(DocumentType type);

  void section(Section section);

  /** What people are to know of how it was read, as a sentence. */
  void note(String note);
}
