package io.solebox.store.pull.http;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Takes a body as it comes: one call after the other, in order. It may block, and so brakes. */
@FunctionalInterface
public interface ByteSink {
  /**
   * @param bytes all of which are to be consumed
   * @return whether more is wanted
   */
  boolean take(ByteBuffer bytes) throws IOException, InterruptedException;
}
