package io.solebox.store.bundle;

import java.nio.file.Path;

/** Where the bytes of a blob are that a bundle is to bring. */
public sealed interface BlobSource {
  /** In a file, which is held to the digest as it is read. */
  record InFile(Path file) implements BlobSource {}

  /** At hand. */
  record AtHand(byte[] content) implements BlobSource {}
}
