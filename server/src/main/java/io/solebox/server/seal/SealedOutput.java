package io.solebox.server.seal;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Writes a sealed file. Owned by one thread. */
final class SealedOutput extends OutputStream {
  private final FileChannel file;
  private final Pieces pieces;
  private final byte[] piece = new byte[Pieces.BYTES];
  private int length;
  private boolean closed;

  SealedOutput(Path path, SecretKey key, String id) throws IOException {
    byte[] salt = SecretKey.randomBytes(Pieces.SALT_BYTES);
    this.pieces = new Pieces(key, salt, id);
    this.file = FileChannel.open(path, StandardOpenOption.WRITE);
    put(new byte[] {Pieces.VERSION}, salt);
  }

  private void put(byte[]... parts) throws IOException {
    for (byte[] part : parts) {
      ByteBuffer rest = ByteBuffer.wrap(part);
      while (rest.hasRemaining()) {
        file.write(rest);
      }
    }
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int count) throws IOException {
    int at = from;
    int left = count;
    while (left > 0) {
      if (length == piece.length) { // only what something follows is not the last
        put(pieces.seal(piece, length, false));
        length = 0;
      }
      int part = Math.min(left, piece.length - length);
      System.arraycopy(bytes, at, piece, length, part);
      length += part;
      at += part;
      left -= part;
    }
  }

  @Override
  public void close() throws IOException {
    if (!closed) {
      closed = true;
      try (file) {
        put(pieces.seal(piece, length, true));
        file.force(true);
      }
    }
  }
}
