package io.solebox.app.console;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.io.IOException;
import org.jline.terminal.Terminal;

/** A terminal that is as it was before. */
final class Restored {
  private Restored() {}

  static void close(Terminal terminal) {
    try {
      terminal.close();
    } catch (IOException e) {
      throw new SoleboxException(
          ErrorCode.IO_ERROR,
          "terminal",
          "It cannot be restored: " + e.getMessage(),
          "Run `reset` if it behaves oddly.",
          e);
    }
  }
}
