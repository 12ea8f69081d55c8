package io.solebox.app.console;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.Printable;
import io.solebox.engine.error.SoleboxException;
import java.io.IOException;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/** A person at a terminal: line editor, history, pasted text of several lines, Ctrl-C. */
public final class TerminalLines implements LineSource {
  private final Terminal terminal;
  private final LineReader reader;
  private final Console console;
  private final String prompt;

  private TerminalLines(Terminal terminal, LineReader reader, Console console, String prompt) {
    this.terminal = terminal;
    this.reader = reader;
    this.console = console;
    this.prompt = prompt;
  }

  /** Typed lines can be called back while the program runs; none is written to disk. */
  public static TerminalLines open(Console console) {
    try {
      Terminal terminal =
          TerminalBuilder.builder().system(true).provider("ffm").nativeSignals(true).build();
      LineReader reader =
          LineReaderBuilder.builder()
              .terminal(terminal)
              .appName("solebox")
              .variable(LineReader.SECONDARY_PROMPT_PATTERN, "")
              // What a person writes is text: ! and \ mean nothing.
              .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
              .build();
      String prompt = console.colours() ? "\u001b[1;36m> \u001b[0m" : "> ";
      return new TerminalLines(terminal, reader, console, prompt);
    } catch (IOException e) {
      throw new SoleboxException(
          ErrorCode.IO_ERROR,
          "terminal",
          "The terminal cannot be used: " + e.getMessage(),
          "Give the messages through stdin, one a line.",
          e);
    }
  }

  @Override
  public Line read() {
    try {
      return new Line.Text(reader.readLine(prompt));
    } catch (UserInterruptException e) {
      return new Line.Interrupted(!e.getPartialLine().isBlank());
    } catch (EndOfFileException e) {
      return new Line.End();
    }
  }

  @Override
  public void print(String text) {
    terminal.writer().print(Printable.text(text));
    terminal.flush();
  }

  @Override
  public void printFaint(String text) {
    terminal.writer().print(console.faint(text));
    terminal.flush();
  }

  @Override
  public void onInterrupt(Runnable action) {
    terminal.handle(Terminal.Signal.INT, _ -> action.run());
  }

  @Override
  public void close() {
    Restored.close(terminal);
  }
}
