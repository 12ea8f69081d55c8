package io.solebox.server.age;

import io.solebox.engine.error.SoleboxException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/**
 * Opens a sealed file as it is read, in the memory of one piece. What it gives is as it was
 * written, but only whoever has read to the end knows that nothing is missing.
 */
public final class AgeInput extends InputStream {
  private final InputStream in;
  private final String place;
  private final Chunks chunks;
  private final byte[] sealed = new byte[Chunks.SEALED_BYTES + 1];
  private int held;
  private byte[] text = {};
  private int at;
  private boolean over;
  private boolean any;

  private AgeInput(InputStream in, String place, Chunks chunks) {
    this.in = in;
    this.place = place;
    this.chunks = chunks;
  }

  /**
   * Reads the header.
   *
   * @param in read in small pieces at first
   * @param place for errors
   * @throws SoleboxException {@code BAD_BUNDLE} where it is no such file, or damaged; {@code
   *     ACCESS_DENIED} where the key is not this one's; the same from what is read
   */
  public static AgeInput of(InputStream in, AgeKey key, String place) throws IOException {
    byte[] fileKey = AgeHeader.open(in, key, place);
    byte[] salt = in.readNBytes(Chunks.SALT_BYTES);
    if (salt.length < Chunks.SALT_BYTES) {
      throw AgeFault.cutShort(place);
    }
    return new AgeInput(in, place, new Chunks(fileKey, salt));
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int count) throws IOException {
    Objects.checkFromIndexSize(offset, count, bytes.length);
    while (at == text.length && !over) {
      next();
    }
    if (at == text.length) {
      return -1;
    }
    int part = Math.min(count, text.length - at);
    System.arraycopy(text, at, bytes, offset, part);
    at += part;
    return part;
  }

  /** The last piece is the one behind which there is nothing. */
  private void next() throws IOException {
    held += in.readNBytes(sealed, held, sealed.length - held);
    boolean last = held < sealed.length;
    int length = last ? held : Chunks.SEALED_BYTES;
    if (length < AgeCrypto.TAG_BYTES || last && any && length == AgeCrypto.TAG_BYTES) {
      throw AgeFault.cutShort(place); // only an empty file ends with an empty piece
    }
    text =
        chunks
            .open(sealed, length, last)
            .orElseThrow(() -> last ? endless(length) : AgeFault.damaged(place, "it was changed"));
    at = 0;
    any = true;
    over = last;
    held -= length;
    sealed[0] = sealed[length];
  }

  /** A whole piece that opens as one in the middle was followed by more. */
  private SoleboxException endless(int length) {
    return length == Chunks.SEALED_BYTES && chunks.isInTheMiddle(sealed, length)
        ? AgeFault.cutShort(place)
        : AgeFault.damaged(place, "its end is missing, or was changed");
  }
}
