package io.solebox.app.update.slot;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.function.LongConsumer;

/** Tells how many bytes were read. For one thread. */
final class CountedChannel implements ReadableByteChannel {
  private final ReadableByteChannel from;
  private final LongConsumer listener;
  private long done;

  /**
   * @param listener hears of all bytes so far
   */
  CountedChannel(ReadableByteChannel from, LongConsumer listener) {
    this.from = from;
    this.listener = listener;
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    int read = from.read(into);
    done += Math.max(read, 0);
    listener.accept(done);
    return read;
  }

  @Override
  public boolean isOpen() {
    return from.isOpen();
  }

  @Override
  public void close() throws IOException {
    from.close();
  }
}
