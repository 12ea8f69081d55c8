package io.solebox.server.library;

import java.io.IOException;
import java.nio.channels.WritableByteChannel;

/** A file that somebody sends, to be read once. */
@FunctionalInterface
public interface Incoming {
  /**
   * Writes all of it.
   *
   * @throws IOException of {@code file}
   * @throws RuntimeException if it breaks off
   */
  void to(WritableByteChannel file) throws InterruptedException, IOException;
}
