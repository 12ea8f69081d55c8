package io.solebox.server.receipts;

import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/** Bytes as receipts write them: in lower case, so that there is one way. */
final class Hex {
  private static final Pattern DIGITS = Pattern.compile("[0-9a-f]*");

  private Hex() {}

  /** So many bytes; empty where the text is not exactly that. */
  static Optional<byte[]> bytes(String text, int count) {
    return text.length() == 2 * count && DIGITS.matcher(text).matches()
        ? Optional.of(HexFormat.of().parseHex(text))
        : Optional.empty();
  }
}
