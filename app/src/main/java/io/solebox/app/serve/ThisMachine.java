package io.solebox.app.serve;

import io.solebox.hardware.answer.Said;
import io.solebox.hardware.plug.LastLine;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The machine that this process runs on, which answers as long as it asks.
 *
 * @param command that tells it to shut down
 */
record ThisMachine(List<String> command) implements LastLine.Machine {
  /** It is told, not waited for. */
  private static final int PATIENCE_SECONDS = 20;

  @Override
  public Said<String> shutDown() {
    String words = String.join(" ", command);
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        return new Said.No<>("'%s' does not come to an end".formatted(words));
      }
      return process.exitValue() == 0
          ? new Said.Yes<>("the machine was told to shut down")
          : new Said.No<>("'%s' ended with %d".formatted(words, process.exitValue()));
    } catch (IOException e) {
      return new Said.No<>("'%s' does not start: %s".formatted(words, e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Said.No<>("it was interrupted");
    }
  }

  @Override
  public boolean answers() {
    return true;
  }
}
