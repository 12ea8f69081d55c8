package io.solebox.store.pull.source;

import io.solebox.store.pull.transfer.Origin;
import java.io.IOException;

/** Where models come from. */
public interface Source {
  /**
   * Asks what there is.
   *
   * @throws io.solebox.engine.error.SoleboxException where there is nothing, or not for whoever
   *     asks
   */
  Offer look() throws IOException, InterruptedException;

  /** Where a file of the offer that was looked at last can be had. */
  Origin origin(RemoteFile file);
}
