package io.solebox.app.console;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Where a chat's messages come from, and where its answers go. */
public interface LineSource extends AnswerSink, AutoCloseable {
  /** What a person did at the prompt. */
  sealed interface Line {
    record Text(String text) implements Line {}

    /** Ctrl-C; {@code typed} is whether there was text, which is gone now. */
    record Interrupted(boolean typed) implements Line {}

    /** Ctrl-D, or the end of a file. */
    record End() implements Line {}
  }

  Line read();

  /** Calls {@code action} at each Ctrl-C outside {@link #read}. */
  void onInterrupt(Runnable action);

  @Override
  void close();

  /** Lines of a file or a pipe; Ctrl-C ends the process as usual. */
  static LineSource piped(Console console) {
    var reader = new BufferedReader(new InputStreamReader(console.in(), StandardCharsets.UTF_8));
    return new LineSource() {
      @Override
      public Line read() {
        try {
          String line = reader.readLine();
          return line == null ? new Line.End() : new Line.Text(line);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }

      @Override
      public void print(String text) {
        console.print(text);
      }

      @Override
      public void printFaint(String text) {
        console.printFaint(text);
      }

      @Override
      public void onInterrupt(Runnable action) {}

      @Override
      public void close() {}
    };
  }
}
