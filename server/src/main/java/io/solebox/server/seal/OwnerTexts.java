package io.solebox.server.seal;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Seals and opens the texts of one owner. */
public final class OwnerTexts {
  private final Optional<SecretKey> key;

  /**
   * @param key empty where the owner has none: then there is nothing to open
   */
  OwnerTexts(Optional<SecretKey> key) {
    this.key = key;
  }

  public byte[] seal(Cell cell, String text) {
    return sealBytes(cell, text.getBytes(StandardCharsets.UTF_8));
  }

  /** The same for what is no text. */
  public byte[] sealBytes(Cell cell, byte[] bytes) {
    return key.orElseThrow().seal(bytes, cell.bytes());
  }

  /**
   * @throws SoleboxException {@code IO_ERROR} if it is not what was sealed there
   */
  public byte[] openBytes(Cell cell, byte[] sealed) {
    return key.flatMap(k -> k.open(sealed, cell.bytes()))
        .orElseThrow(
            () ->
                new SoleboxException(
                    ErrorCode.IO_ERROR,
                    cell.toString(),
                    key.isEmpty()
                        ? "Its owner's key is gone, so nobody can read it."
                        : "It was changed or moved since it was written, or another key sealed it.",
                    "Restore a backup with 'solebox state restore', or delete it."));
  }

  /** The same as a text. */
  public String open(Cell cell, byte[] sealed) {
    return new String(openBytes(cell, sealed), StandardCharsets.UTF_8);
  }
}
