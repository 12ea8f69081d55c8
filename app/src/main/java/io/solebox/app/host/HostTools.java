package io.solebox.app.host;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The programs of a machine that its root runs. */
@FunctionalInterface
interface HostTools {
  /**
   * What one has said.
   *
   * @param worked whether it ended with 0
   * @param words its last ones, for people
   */
  record Outcome(boolean worked, String words) {}

  /**
   * Runs a program to its end; never by a shell.
   *
   * @param command the program, by its whole path or as in {@code systemctl}, and its arguments
   */
  Outcome run(List<String> command) throws InterruptedException;

  /** Those of this machine. */
  static HostTools here() {
    return HostTools::runHere;
  }

  private static Outcome runHere(List<String> command) throws InterruptedException {
    try {
      ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
      Map<String, String> variables = builder.environment();
      variables.clear();
      variables.put("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
      variables.put("LC_ALL", "C.UTF-8");
      Process process = builder.start();
      process.getOutputStream().close();
      try {
        // What is asked of these says little, and less than what a pipe holds.
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
          return new Outcome(false, "it did not end within a minute");
        }
        return new Outcome(process.exitValue() == 0, words(process.getInputStream()));
      } finally {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      return new Outcome(false, e.getMessage());
    }
  }

  private static String words(InputStream in) throws IOException {
    String all = new String(in.readNBytes(4000), StandardCharsets.UTF_8).strip();
    return all.replaceAll("[\\p{Cntrl}]+", " ");
  }
}
