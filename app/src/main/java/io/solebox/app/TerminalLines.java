package io.solebox.app;

import io.solebox.engine.ErrorCode;
import io.solebox.engine.SoleboxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/** A person at a terminal: line editor, history, pasted text of several lines, Ctrl-C. */
final class TerminalLines implements LineSource {
  private static final String HISTORY = "chat-history";

  private final Terminal terminal;
  private final LineReader reader;
  private final String prompt;

  private TerminalLines(Terminal terminal, LineReader reader, String prompt) {
    this.terminal = terminal;
    this.reader = reader;
    this.prompt = prompt;
  }

  /**
   * @param dataFolder where the history of typed lines is kept, readable by its owner alone
   */
  static TerminalLines open(Console console, Path dataFolder) {
    try {
      Terminal terminal =
          TerminalBuilder.builder().system(true).provider("ffm").nativeSignals(true).build();
      LineReader reader =
          LineReaderBuilder.builder()
              .terminal(terminal)
              .appName("solebox")
              .variable(LineReader.HISTORY_FILE, historyFile(dataFolder))
              .variable(LineReader.SECONDARY_PROMPT_PATTERN, "")
              // What a person writes is text: ! and \ mean nothing.
              .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
              .build();
      String prompt = console.colours() ? "\u001b[1;36m> \u001b[0m" : "> ";
      return new TerminalLines(terminal, reader, prompt);
    } catch (IOException e) {
      throw new SoleboxException(
          ErrorCode.IO_ERROR, "terminal", "The terminal cannot be used: " + e.getMessage(), "", e);
    }
  }

  private static Path historyFile(Path dataFolder) throws IOException {
    Files.createDirectories(dataFolder);
    Path file = dataFolder.resolve(HISTORY);
    if (!Files.exists(file)) {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
    return file;
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
    terminal.writer().print(Console.visible(text));
    terminal.flush();
  }

  @Override
  public void onInterrupt(Runnable action) {
    terminal.handle(Terminal.Signal.INT, _ -> action.run());
  }

  @Override
  public void close() {
    try {
      terminal.close();
    } catch (IOException e) {
      throw new SoleboxException(
          ErrorCode.IO_ERROR, "terminal", "It cannot be restored: " + e.getMessage(), "", e);
    }
  }
}
