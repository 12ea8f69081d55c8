package io.solebox.app;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/**
 * The standard streams of one run and what is known of them. Stdout carries answers and nothing
 * else; everything that is said about them goes to stderr. Text is UTF-8 whatever the locale says.
 */
final class Console {
  /** Who read stdout is gone. */
  static final class OutputClosedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    OutputClosedException(IOException cause) {
      super(cause);
    }
  }

  /** Which of stdin, stdout, stderr are terminals, as digits; set by the launcher. */
  private static final String TERMINALS = "solebox.terminals";

  /** A path to the real stderr, where the launcher had to hide it from the JVM's start. */
  private static final String STDERR = "solebox.stderr";

  private final InputStream in;
  private final OutputStream out;
  private final PrintStream err;
  private final String terminals;
  private final boolean colours;

  /**
   * @param terminals the digits 0, 1, 2 of those streams that are terminals
   * @param colours whether they may be coloured
   */
  Console(InputStream in, OutputStream out, OutputStream err, String terminals, boolean colours) {
    this.in = in;
    this.out = new BufferedOutputStream(out, 8192);
    this.err = new PrintStream(err, true, StandardCharsets.UTF_8);
    this.terminals = terminals;
    this.colours = colours;
  }

  /** The streams of this process. Also directs {@link System#err}, which libraries write to. */
  static Console system() {
    OutputStream error = new FileOutputStream(FileDescriptor.err);
    String realStderr = System.getProperty(STDERR, "");
    if (!realStderr.isEmpty()) {
      try {
        // Appending: a regular file that is opened a second time has a position of its own.
        error = new FileOutputStream(realStderr, true);
      } catch (IOException e) {
        // The launcher has just tried this; if it fails all the same, messages are lost, answers
        // are not.
        error = OutputStream.nullOutputStream();
      }
    }
    String terminals = System.getProperty(TERMINALS, "");
    boolean plain =
        !System.getenv().getOrDefault("NO_COLOR", "").isEmpty()
            || System.getenv().getOrDefault("TERM", "dumb").equals("dumb");
    var console =
        new Console(System.in, new FileOutputStream(FileDescriptor.out), error, terminals, !plain);
    System.setErr(console.err);
    return console;
  }

  InputStream in() {
    return in;
  }

  boolean inIsTerminal() {
    return terminals.contains("0");
  }

  boolean outIsTerminal() {
    return terminals.contains("1");
  }

  boolean errIsTerminal() {
    return terminals.contains("2");
  }

  /** Whether stdout takes colours. */
  boolean colours() {
    return colours && outIsTerminal();
  }

  /** Faint, where stderr takes colours. */
  String faint(String text) {
    return colours && errIsTerminal() ? "\u001b[2m" + text + "\u001b[0m" : text;
  }

  /** To stdout, at once. */
  void print(String text) {
    print(text.getBytes(StandardCharsets.UTF_8));
  }

  /** To stdout, at once. */
  void print(byte[] bytes) {
    try {
      out.write(bytes);
      out.flush();
    } catch (IOException e) {
      throw new OutputClosedException(e);
    }
  }

  /** A part of an answer: on a terminal without control characters, which could command it. */
  void printAnswer(String text) {
    print(outIsTerminal() ? visible(text) : text);
  }

  /** {@code text} with every control character but newline and tab as U+FFFD. */
  static String visible(String text) {
    var visible = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean plain = c == '\n' || c == '\t' || !Character.isISOControl(c);
      visible.append(plain ? c : '\ufffd');
    }
    return visible.toString();
  }

  void println(String text) {
    print(text + "\n");
  }

  /** A line to stderr. */
  void error(String line) {
    err.println(line);
  }

  /** To stderr, without an end of line. */
  void errorPart(String text) {
    err.print(text);
    err.flush();
  }

  /** For picocli's help. */
  PrintWriter outWriter() {
    return new PrintWriter(out, true, StandardCharsets.UTF_8);
  }

  PrintWriter errWriter() {
    return new PrintWriter(err, true, StandardCharsets.UTF_8);
  }

  /** Whether everything reached its reader. */
  boolean flush() {
    try {
      out.flush();
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
