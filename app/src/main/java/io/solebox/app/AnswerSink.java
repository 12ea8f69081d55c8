package io.solebox.app;

/** Where an answer goes as it comes. */
interface AnswerSink {
  /** Shows a part of an answer at once. */
  void print(String text);

  /** As {@link #print}, less prominent where that can be. */
  void printFaint(String text);
}
