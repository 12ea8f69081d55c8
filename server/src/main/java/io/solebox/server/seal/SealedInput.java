package io.solebox.server.seal;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads a sealed file. Owned by one thread. */
final class SealedInput extends InputStream {
  private final PushbackInputStream file;
  private final Path path;
  private final Pieces pieces;
  private final byte[] sealed = new byte[Pieces.BYTES + SecretKey.TAG_BYTES];
  private byte[] piece = {};
  private int at;
  private boolean over;

  SealedInput(Path path, SecretKey key, String id) throws IOException {
    this.path = path;
    this.file =
        new PushbackInputStream(
            new BufferedInputStream(Files.newInputStream(path), Pieces.BYTES), 1);
    try {
      byte[] head = file.readNBytes(1 + Pieces.SALT_BYTES);
      if (head.length < 1 + Pieces.SALT_BYTES || head[0] != Pieces.VERSION) {
        throw changed();
      }
      byte[] salt = new byte[Pieces.SALT_BYTES];
      System.arraycopy(head, 1, salt, 0, salt.length);
      this.pieces = new Pieces(key, salt, id);
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }

  private IOException changed() {
    return new EOFException(
        "'%s' was changed or cut short since it was written".formatted(path.getFileName()));
  }

  /** Returns whether there is one. */
  private boolean nextPiece() throws IOException {
    if (over) {
      return false;
    }
    int length = file.readNBytes(sealed, 0, sealed.length);
    int behind = file.read();
    over = behind < 0;
    if (!over) {
      file.unread(behind);
    }
    piece = pieces.open(sealed, length, over).orElseThrow(this::changed);
    at = 0;
    return piece.length > 0;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int from, int count) throws IOException {
    if (count == 0) {
      return 0;
    }
    if (at == piece.length && !nextPiece()) {
      return -1;
    }
    int part = Math.min(count, piece.length - at);
    System.arraycopy(piece, at, into, from, part);
    at += part;
    return part;
  }

  @Override
  public int available() {
    return piece.length - at;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
