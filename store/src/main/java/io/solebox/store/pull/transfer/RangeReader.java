package io.solebox.store.pull.transfer;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.store.pull.http.Ask;
import io.solebox.store.pull.http.Outbound;
import java.io.IOException;
import java.nio.channels.FileChannel;

/** Reads parts of a file that nobody wants to have whole, as patiently as a {@link Transfer}. */
public final class RangeReader {
  private final Outbound outbound;
  private final Origin origin;
  private final Origin.Located located;

  public RangeReader(Outbound outbound, Origin origin, Origin.Located located) {
    this.outbound = outbound;
    this.origin = origin;
    this.located = located;
  }

  /**
   * Writes some bytes to the place in {@code file} where they are in the source's.
   *
   * @return false where the source gives no parts
   * @throws SoleboxException as the source is
   */
  public boolean read(FileChannel file, ByteRange range) throws IOException, InterruptedException {
    var work = new Work(origin, located);
    try {
      return new ChunkFetch(outbound, work, file, TransferOptions.USUAL, range).run().isPresent();
    } catch (SourceChangedException e) {
      throw new SoleboxException(
          ErrorCode.MODEL_FILE_CHANGED,
          Ask.shown(located.ask().uri()),
          e.getMessage(),
          "Pull it again, to get what is there now.");
    }
  }
}
