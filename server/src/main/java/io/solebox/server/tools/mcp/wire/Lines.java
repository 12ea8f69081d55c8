package io.solebox.server.tools.mcp.wire;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** The lines of what somebody writes, none of them longer than they may be. Owned by one thread. */
public final class Lines implements AutoCloseable {
  private static final int MAX_BYTES = 4 << 20;

  private final InputStream in;

  public Lines(InputStream in) {
    this.in = new BufferedInputStream(in);
  }

  /**
   * The next one, without its end.
   *
   * @return empty at the end
   * @throws IOException also if it is too long
   */
  public Optional<byte[]> next() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    int next = in.read();
    if (next < 0) {
      return Optional.empty();
    }
    while (next >= 0 && next != '\n') {
      if (line.size() >= MAX_BYTES) {
        throw new IOException("A line is longer than %d bytes.".formatted(MAX_BYTES));
      }
      if (next != '\r') {
        line.write(next);
      }
      next = in.read();
    }
    return Optional.of(line.toByteArray());
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
