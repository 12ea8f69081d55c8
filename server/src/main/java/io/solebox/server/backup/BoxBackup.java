package io.solebox.server.backup;

import io.solebox.engine.backend.Progress;
import io.solebox.server.age.AgeKey;
import io.solebox.server.age.AgeLock;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import java.util.Optional;

/**
 * All of a box that somebody would miss as one sealed file, and back. Whoever starts a server
 * brings it; it knows where things lie. Safe for many threads.
 *
 * <p>All throw {@link io.solebox.engine.error.SoleboxException}, and have changed nothing then.
 */
public interface BoxBackup {
  /**
   * Writes a backup, of one moment, while everything goes on.
   *
   * @param out left open
   * @param withModels whether the models themselves are in it, and not only their list
   */
  void write(AgeLock lock, boolean withModels, OutputStream out, Progress progress);

  /**
   * Reads a backup to its end and lays it ready; the next start of the server puts it in the place
   * of what is there. What was laid ready before is gone.
   *
   * @param sealed left open
   * @return what it is, what was left out, and which models are missing, as an object of JSON
   */
  Map<String, Object> stage(InputStream sealed, AgeKey key, Progress progress);

  /**
   * Puts what {@link #stage} has laid ready in the place of what is there, which is moved aside;
   * called before anything of that is opened.
   *
   * @return what was done, for people; empty where nothing lay ready
   */
  Optional<String> finish();

  /** Whether the server is started again by itself where it ends for that. */
  boolean restarts();

  /** Ends the server as a signal does, for whoever starts it again. */
  void restart();

  /** Takes back what {@link #stage} has laid ready. */
  void discard();

  /** When the last one was written, and whether one lies ready, as an object of JSON. */
  Map<String, Object> state();
}
