package io.solebox.server.http;

import java.io.IOException;

/** Takes lines: a file, or a stream that somebody reads. Safe for many threads. */
public interface LineSink extends AutoCloseable {
  /**
   * @param line with its newline
   */
  void write(byte[] line) throws IOException;

  @Override
  default void close() throws IOException {}
}
