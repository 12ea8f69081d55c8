package io.solebox.server.share;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The models that a server gives to other machines; whoever starts it brings them. Safe for many
 * threads.
 */
public interface SharedModels {
  /**
   * A manifest of the OCI image specification.
   *
   * @param digest {@code sha256:} and 64 hexadecimal digits, of the content
   */
  record Manifest(byte[] content, String mediaType, String digest) {}

  /**
   * What a name stands for.
   *
   * @param repository a name without tag
   * @param reference a tag, or the digest of a manifest
   */
  Optional<Manifest> manifest(String repository, String reference);

  /**
   * A file that a manifest of the repository names.
   *
   * @param digest {@code sha256:} and 64 hexadecimal digits
   */
  Optional<Path> blob(String repository, String digest);
}
