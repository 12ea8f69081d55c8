package io.solebox.store.pull.transfer;

import io.solebox.store.pull.http.Ask;
import java.io.IOException;

/** Where the bytes of one file can be had, which may change while they come. */
@FunctionalInterface
public interface Origin {
  /**
   * An address that is good now.
   *
   * @param ask without a range
   * @param bytes size of the file there
   * @param identity of the file there
   */
  record Located(Ask ask, long bytes, Identity identity) {}

  /**
   * Asks the source, every time.
   *
   * @throws io.solebox.engine.error.SoleboxException where it refuses
   */
  Located locate() throws IOException, InterruptedException;
}
