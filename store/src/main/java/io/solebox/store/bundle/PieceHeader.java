package io.solebox.store.bundle;

import io.solebox.store.blob.Digest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The block before each piece of a bundle that was split, in words and zeros behind them. It says
 * where the piece belongs, and is believed no further: what counts is that all pieces together are
 * what was signed.
 *
 * @param bundle the digest of what is signed
 * @param number from 1
 */
record PieceHeader(Digest bundle, int number, int count) {
  static final int BYTES = TarEntry.BLOCK;

  private static final String BEGINNING = "solebox bundle, ";
  private static final Pattern TEXT =
      Pattern.compile(BEGINNING + "piece ([1-9]\\d{0,5}) of ([1-9]\\d{0,5})\n([0-9a-f]{64})\n");

  byte[] bytes() {
    String text = BEGINNING + "piece " + number + " of " + count + "\n" + bundle.hex() + "\n";
    return Arrays.copyOf(text.getBytes(StandardCharsets.US_ASCII), BYTES);
  }

  /** Empty where a block is none. */
  static Optional<PieceHeader> read(byte[] block) {
    String text = new String(block, StandardCharsets.ISO_8859_1);
    int end = text.indexOf('\0');
    Matcher header = TEXT.matcher(end < 0 ? text : text.substring(0, end));
    if (!header.matches()) {
      return Optional.empty();
    }
    var read =
        new PieceHeader(
            new Digest(header.group(3)),
            Integer.parseInt(header.group(1)),
            Integer.parseInt(header.group(2)));
    return Optional.of(read)
        .filter(h -> h.number() <= h.count() && Arrays.equals(h.bytes(), block));
  }
}
