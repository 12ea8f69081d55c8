package io.solebox.server.update;

import java.nio.file.Path;
import java.util.Map;

/**
 * Says what an update is worth. Whoever starts a server brings it; it has no rights, and changes
 * nothing of the machine. Safe for many threads.
 */
public interface Updating {
  /**
   * Reads all of an update: its signature first, then whether every byte is what was signed, and
   * whether it is for this machine.
   *
   * @return {@code version}, {@code architecture}, {@code made}, {@code bytes}, {@code signed_by},
   *     and {@code older} where the version that runs is a later one
   * @throws io.solebox.engine.error.SoleboxException {@code UNTRUSTED} where nobody whom the
   *     machine trusts has signed it, {@code BAD_UPDATE} where it is none, is damaged, or is not
   *     for this machine, {@code IO_ERROR}
   */
  Map<String, Object> check(Path file);

  /**
   * The same without reading what is behind the signed head.
   *
   * @throws io.solebox.engine.error.SoleboxException as {@link #check}
   */
  Map<String, Object> about(Path file);
}
