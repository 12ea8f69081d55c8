package io.solebox.app.console;

/** Where an answer goes as it comes. */
public interface AnswerSink {
  /** Shows a part of an answer at once. */
  void print(String text);

  /** As {@link #print}, less prominent where that can be. */
  void printFaint(String text);
}
