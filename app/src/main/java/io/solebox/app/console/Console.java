package io.solebox.app.console;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.Printable;
import io.solebox.engine.error.SoleboxException;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The standard streams of one run and what is known of them. Stdout carries answers and nothing
 * else; everything that is said about them goes to stderr. Text is UTF-8 whatever the locale says.
 * What files and models say passes through here, and reaches a terminal in a visible form only.
 */
public final class Console implements AnswerSink {
  /** Stdout takes no more: who read it is gone, or there is no room for it. */
  public static final class OutputClosedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    OutputClosedException(IOException cause) {
      super(cause.getMessage(), cause);
    }

    /** Whether its reader has heard enough, as {@code head} does; nobody is to be told of that. */
    public boolean isReaderGone() {
      String message = String.valueOf(getMessage()).toLowerCase(Locale.ROOT);
      return message.contains("broken pipe"); // in translations of the C library, too
    }
  }

  /** Which of stdin, stdout, stderr are terminals, as digits; set by the launcher. */
  private static final String TERMINALS = "solebox.terminals";

  /** A path to the real stderr, where the launcher had to hide it from the JVM's start. */
  private static final String STDERR = "solebox.stderr";

  /** What a word on a terminal may be coloured as. */
  public enum Tint {
    RED("\u001b[1;31m"),
    YELLOW("\u001b[33m"),
    GREEN("\u001b[32m");

    private final String escape;

    Tint(String escape) {
      this.escape = escape;
    }
  }

  private static final String FAINT = "\u001b[2m";
  private static final String PLAIN = "\u001b[0m";
  private static final String CLEAR_LINE = "\r\u001b[K";

  private final InputStream in;
  private final OutputStream out;
  private final PrintStream err;
  private final String terminals;
  private final boolean colours;
  private final AtomicBoolean inTaken = new AtomicBoolean();

  /**
   * @param terminals the digits 0, 1, 2 of those streams that are terminals
   * @param colours whether they may be coloured
   */
  public Console(
      InputStream in, OutputStream out, OutputStream err, String terminals, boolean colours) {
    this.in = in;
    this.out = new BufferedOutputStream(out, 8192);
    this.err = new PrintStream(err, true, StandardCharsets.UTF_8);
    this.terminals = terminals;
    this.colours = colours;
  }

  /**
   * In place of a launcher that says which streams are terminals. Java knows only whether stdin and
   * stdout both are; stderr is then taken for one as well.
   */
  public static void findTerminals() {
    java.io.Console both = System.console();
    System.setProperty(TERMINALS, both != null && both.isTerminal() ? "012" : "");
  }

  /** The streams of this process. Also directs {@link System#err}, which libraries write to. */
  public static Console system() {
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

  /**
   * Stdin, for whoever asks first.
   *
   * @throws SoleboxException {@code INVALID_PARAMETER} for the second one, who would find nothing
   */
  public InputStream in() {
    if (inTaken.getAndSet(true)) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          "stdin",
          "It is asked for twice, and can be read only once.",
          "Give one of the two as a file.");
    }
    return in;
  }

  public boolean inIsTerminal() {
    return terminals.contains("0");
  }

  public boolean outIsTerminal() {
    return terminals.contains("1");
  }

  boolean errIsTerminal() {
    return terminals.contains("2");
  }

  /** Whether stdout takes colours. */
  public boolean colours() {
    return colours && outIsTerminal();
  }

  /** To stdout, at once: as it is, save on a terminal, which only what is visible reaches. */
  @Override
  public void print(String text) {
    write(outIsTerminal() ? Printable.text(text) : text);
  }

  public void println(String text) {
    print(text + "\n");
  }

  /** As {@link #print}, faint where stdout takes colours. */
  @Override
  public void printFaint(String text) {
    write(outIsTerminal() ? faint(text) : text);
  }

  /** As {@link #print}, coloured where stdout takes colours. */
  public void print(Tint tint, String text) {
    if (colours()) {
      write(tint.escape + Printable.text(text) + PLAIN);
    } else {
      print(text);
    }
  }

  /** What a terminal at stdout shows faint, if it takes colours. */
  String faint(String text) {
    return colours() ? FAINT + Printable.text(text) + PLAIN : Printable.text(text);
  }

  private void write(String text) {
    try {
      out.write(text.getBytes(StandardCharsets.UTF_8));
      out.flush();
    } catch (IOException e) {
      throw new OutputClosedException(e);
    }
  }

  /** A message to stderr: the visible form, wherever it goes. */
  public void error(String message) {
    err.println(Printable.text(message));
  }

  /** As {@link #error}, faint where stderr takes colours. */
  public void errorFaint(String message) {
    boolean faint = colours && errIsTerminal();
    err.println(faint ? FAINT + Printable.text(message) + PLAIN : Printable.text(message));
  }

  /** Replaces the line that the cursor is in on stderr's terminal, without ending it. */
  public void status(String text) {
    err.print(CLEAR_LINE + Printable.text(text));
    err.flush();
  }

  /** For picocli's help. */
  public PrintWriter outWriter() {
    return new PrintWriter(out, true, StandardCharsets.UTF_8);
  }

  public PrintWriter errWriter() {
    return new PrintWriter(err, true, StandardCharsets.UTF_8);
  }

  /** Whether everything reached its reader. */
  public boolean flush() {
    try {
      out.flush();
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
