package io.solebox.clients;

import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Processes that tests start, and what they say into a file: a failure begins with the reason. */
final class Logged {
  private static final int LAST_LINES = 5;

  private Logged() {}

  /**
   * Runs a process to its end, which must be a good one.
   *
   * @param log holds what it said, on both streams
   * @param most it may take; then it is ended, with all that it has started
   */
  static void run(ProcessBuilder builder, Path log, Duration most)
      throws IOException, InterruptedException {
    Files.createDirectories(log.toAbsolutePath().getParent());
    builder.redirectErrorStream(true).redirectOutput(log.toFile());
    Process process = builder.start();
    boolean ended;
    try {
      ended = process.waitFor(most.toSeconds(), TimeUnit.SECONDS);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    if (!ended) {
      fail("it did not end in " + most.toSeconds() + " s; " + reason(log));
    } else if (process.exitValue() != 0) {
      fail(reason(log));
    }
  }

  /** The tests that failed, where it is a log of tests, and then all of it. */
  static String reason(Path log) {
    try {
      String said = Files.readString(log);
      return Tap.failures(said).map(failures -> failures + "\n" + said).orElse(said);
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** The last lines of a log in one, for what is said of a process that did not start. */
  static String lastWords(Path log) {
    List<String> lines = reason(log).lines().toList();
    return String.join(" | ", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
  }
}
