package io.solebox.server.library;

import java.time.Duration;
import java.util.Optional;

/** Hears how a pull goes, from one thread that is not the caller's. */
public interface PullWatcher {
  /** The name is one, and nothing forbids to ask for it: now others are asked. */
  void begun();

  /**
   * How far it is.
   *
   * @param file that comes now
   * @param digest of its content, 64 hexadecimal digits; empty where the source does not say it
   * @param fileBytes of it that are here; never fewer than before
   * @param fileTotal how many it has
   * @param bytes of all files that are here
   * @param total of all files
   * @param bytesPerSecond lately; 0 where nothing is known
   * @param rest how long it takes at this speed
   */
  record Standing(
      String file,
      Optional<String> digest,
      long fileBytes,
      long fileTotal,
      long bytes,
      long total,
      long bytesPerSecond,
      Optional<Duration> rest) {}

  void progress(Standing standing);

  /** Something that a person should know. */
  void note(String text);
}
