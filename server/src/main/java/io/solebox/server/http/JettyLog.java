package io.solebox.server.http;

import io.solebox.engine.error.Printable;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * What Jetty has to say, a line each and not more than one in ten seconds: when descriptors run out
 * it would say so every second, with a trace.
 */
final class JettyLog extends Handler {
  /** These speak of what clients send. */
  private static final List<String> OF_CLIENTS =
      List.of("org.eclipse.jetty.http.", "org.eclipse.jetty.util.HostPort");

  private static final Duration PAUSE = Duration.ofSeconds(10);

  private final PrintStream log;
  private long lastNanos = System.nanoTime() - PAUSE.toNanos();
  private int held;

  private JettyLog(PrintStream log) {
    this.log = log;
    setLevel(Level.WARNING);
  }

  /**
   * Directs Jetty's log to {@code log}.
   *
   * @return to be kept: a logger that nobody keeps forgets what it was told
   */
  static Logger redirect(PrintStream log) {
    Logger jetty = Logger.getLogger("org.eclipse.jetty");
    jetty.setLevel(Level.WARNING);
    jetty.setUseParentHandlers(false);
    for (Handler old : jetty.getHandlers()) {
      jetty.removeHandler(old);
    }
    jetty.addHandler(new JettyLog(log));
    return jetty;
  }

  @Override
  public synchronized void publish(LogRecord line) {
    if (!isLoggable(line) || OF_CLIENTS.stream().anyMatch(line.getLoggerName()::startsWith)) {
      return;
    }
    long now = System.nanoTime();
    if (now - lastNanos < PAUSE.toNanos()) {
      held++;
      return;
    }
    lastNanos = now;
    String why = line.getThrown() == null ? "" : ": " + line.getThrown();
    String more = held == 0 ? "" : " (and " + held + " lines before)";
    log.println(Printable.line("http: " + line.getMessage() + why + more));
    held = 0;
  }

  @Override
  public void flush() {
    log.flush();
  }

  @Override
  public void close() {}
}
