package io.solebox.app.console;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.io.IOException;
import java.util.List;
import org.jline.terminal.Attributes;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.NonBlockingReader;

/**
 * A terminal's whole screen, beside what was on it before, which comes back when this is closed.
 * Keys are read one by one.
 */
public final class Screen implements AutoCloseable {
  private static final String BESIDE = "\u001b[?1049h\u001b[?25l";
  private static final String BACK = "\u001b[?25h\u001b[?1049l";
  private static final String HOME = "\u001b[H";
  private static final String CLEAR_REST_OF_LINE = "\u001b[K";
  private static final String CLEAR_BELOW = "\u001b[J";

  private final Terminal terminal;
  private final Attributes before;

  private Screen(Terminal terminal) {
    this.terminal = terminal;
    this.before = terminal.enterRawMode();
    terminal.writer().print(BESIDE);
    terminal.flush();
  }

  /**
   * @throws SoleboxException {@code IO_ERROR} if the terminal cannot be used
   */
  public static Screen open() {
    try {
      return new Screen(
          TerminalBuilder.builder().system(true).provider("ffm").nativeSignals(true).build());
    } catch (IOException e) {
      throw new SoleboxException(
          ErrorCode.IO_ERROR,
          "terminal",
          "The terminal cannot be used: " + e.getMessage(),
          "Send the output to a file or through a pipe.",
          e);
    }
  }

  /** What is to happen at Ctrl-C. */
  public void onInterrupt(Runnable action) {
    terminal.handle(Terminal.Signal.INT, _ -> action.run());
  }

  /**
   * Replaces what is shown.
   *
   * @param lines may be shown on a terminal; what does not fit is cut, and it is said how much
   */
  public void show(List<String> lines) {
    int width = Math.max(1, terminal.getSize().getColumns());
    int height = Math.max(2, terminal.getSize().getRows());
    StringBuilder screen = new StringBuilder(HOME);
    int shown = lines.size() <= height ? lines.size() : height - 1;
    for (int i = 0; i < shown; i++) {
      screen.append(i == 0 ? "" : "\r\n").append(cut(lines.get(i), width));
      screen.append(CLEAR_REST_OF_LINE);
    }
    if (shown < lines.size()) {
      String more = "... and %d lines for a higher terminal".formatted(lines.size() - shown);
      screen.append("\r\n").append(cut(more, width)).append(CLEAR_REST_OF_LINE);
    }
    terminal.writer().print(screen.append(CLEAR_BELOW));
    terminal.flush();
  }

  private static String cut(String line, int width) {
    return line.length() <= width ? line : line.substring(0, width);
  }

  /**
   * Waits for a key.
   *
   * @return whether one of these was pressed, or there will be no more keys
   */
  public boolean pressed(String keys, long patienceMillis) {
    return switch (key(patienceMillis)) {
      case Key.None _ -> false;
      case Key.Pressed(char character) -> keys.indexOf(character) >= 0;
      case Key.Over _ -> true;
    };
  }

  /** What a person did at the keyboard. */
  public sealed interface Key {
    /** Nothing in time. */
    record None() implements Key {}

    record Pressed(char character) implements Key {}

    /** There will be no more keys. */
    record Over() implements Key {}
  }

  /** Waits for a key. */
  public Key key(long patienceMillis) {
    try {
      int key = terminal.reader().read(Math.max(1, patienceMillis));
      if (key == NonBlockingReader.EOF) {
        return new Key.Over();
      }
      return key < 0 ? new Key.None() : new Key.Pressed((char) key);
    } catch (IOException e) {
      return new Key.Over(); // the terminal has gone
    }
  }

  @Override
  public void close() {
    terminal.writer().print(BACK);
    terminal.flush();
    terminal.setAttributes(before);
    Restored.close(terminal);
  }
}
