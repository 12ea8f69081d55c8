package io.solebox.server.age;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/**
 * Seals what is written to it, in the memory of one piece. Only {@link #finish} makes a file that
 * opens: what was broken off is known as cut short.
 */
public final class AgeOutput extends OutputStream {
  private final OutputStream out;
  private final Chunks chunks;
  private final byte[] text = new byte[Chunks.BYTES];
  private int length;

  private AgeOutput(OutputStream out, Chunks chunks) {
    this.out = out;
    this.chunks = chunks;
  }

  /**
   * Begins with a file.
   *
   * @param out left open; written to in large pieces
   */
  public static AgeOutput to(OutputStream out, AgeLock lock) throws IOException {
    byte[] fileKey = AgeCrypto.random(AgeCrypto.FILE_KEY_BYTES);
    Stanza stanza =
        switch (lock) {
          case AgeLock.ForPassphrase(var passphrase) -> ScryptStanza.wrap(passphrase, fileKey);
          case AgeLock.ForKey key -> KeyStanza.wrap(key, fileKey);
        };
    out.write(AgeHeader.write(List.of(stanza), fileKey));
    byte[] salt = AgeCrypto.random(Chunks.SALT_BYTES);
    out.write(salt);
    return new AgeOutput(out, new Chunks(fileKey, salt));
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int count) throws IOException {
    int at = offset;
    int left = count;
    while (left > 0) {
      if (length == Chunks.BYTES) { // more follows, so it is not the last
        out.write(chunks.seal(text, length, false));
        length = 0;
      }
      int part = Math.min(left, Chunks.BYTES - length);
      System.arraycopy(bytes, at, text, length, part);
      length += part;
      at += part;
      left -= part;
    }
  }

  /** Seals the end. */
  public void finish() throws IOException {
    out.write(chunks.seal(text, length, true));
    out.flush();
  }
}
