package io.solebox.store.pull;

import io.solebox.store.blob.Digest;
import java.time.Duration;
import java.util.Optional;

/** Hears how a pull goes, from one thread. */
public interface PullListener {
  /**
   * A file of the model.
   *
   * @param digest of its content; empty where the source does not say it
   * @param bytes that are here; never fewer than before
   */
  record Part(String name, Optional<Digest> digest, long bytes, long total) {}

  /**
   * Where it stands.
   *
   * @param part that comes now
   * @param bytes of all files that are here; never fewer than before
   * @param total of all files
   * @param bytesPerSecond over the last ten seconds; 0 where nothing is known
   * @param rest how long it takes at this speed
   */
  record Standing(
      Part part, long bytes, long total, long bytesPerSecond, Optional<Duration> rest) {}

  void progress(Standing standing);

  /** Something that a person should know. */
  void note(String text);

  /** Hears nothing. */
  PullListener NONE =
      new PullListener() {
        @Override
        public void progress(Standing standing) {}

        @Override
        public void note(String text) {}
      };
}
