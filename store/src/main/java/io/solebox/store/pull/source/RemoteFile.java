package io.solebox.store.pull.source;

import io.solebox.store.pull.transfer.Identity;

/**
 * A file that a source has.
 *
 * @param path inside its repository
 */
public record RemoteFile(String path, long bytes, Identity identity) {
  /** Without folders. */
  public String name() {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
