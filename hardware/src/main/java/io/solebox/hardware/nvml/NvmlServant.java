package io.solebox.hardware.nvml;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What speaks with NVML on somebody's behalf, and may hang. */
interface NvmlServant {
  /** Starts one for a library, by its name or path. */
  @FunctionalInterface
  interface Starter {
    NvmlServant start(String library) throws IOException;

    /**
     * A process; or, where none may be started, as in the air gap, a thread, which nobody can end
     * when it hangs.
     */
    static Starter usual() {
      return library -> {
        try {
          return NvmlChild.start(library);
        } catch (IOException e) {
          return NvmlThread.start(library);
        }
      };
    }
  }

  /** Asks; the answer is heard with {@link #hear}. */
  void ask(String question) throws IOException;

  /**
   * The lines of an answer, without its end.
   *
   * @return empty if it is not whole in time, or the servant has ended
   */
  Optional<List<String>> hear(Duration patience) throws InterruptedException;

  boolean lives();

  /** Ends it, as far as it can be ended. */
  void end();
}
