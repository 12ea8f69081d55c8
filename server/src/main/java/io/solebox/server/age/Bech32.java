package io.solebox.server.age;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Keys as words of letters and digits that notice typing errors (BIP 173, of any length). */
final class Bech32 {
  private static final String DIGITS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
  private static final int[] GENERATOR = {
    0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3
  };
  private static final int CHECK_DIGITS = 6;

  private Bech32() {}

  /** In lower case. */
  static String write(String prefix, byte[] bytes) {
    byte[] digits = regroup(bytes, 8, 5, true).orElseThrow();
    byte[] padded = Arrays.copyOf(digits, digits.length + CHECK_DIGITS);
    int sum = checksum(prefix, padded) ^ 1;
    for (int i = 0; i < CHECK_DIGITS; i++) {
      padded[digits.length + i] = (byte) (sum >>> 5 * (CHECK_DIGITS - 1 - i) & 31);
    }
    StringBuilder text = new StringBuilder(prefix).append('1');
    for (byte digit : padded) {
      text.append(DIGITS.charAt(digit));
    }
    return text.toString();
  }

  /**
   * @param prefix in lower case, as the text must have it in lower or in upper case
   * @return empty where it is no such word, or was mistyped
   */
  static Optional<byte[]> read(String prefix, String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    int digits = lower.length() - prefix.length() - 1;
    boolean mixed = !text.equals(lower) && !text.equals(text.toUpperCase(Locale.ROOT));
    if (mixed || digits < CHECK_DIGITS || !lower.startsWith(prefix + "1")) {
      return Optional.empty();
    }
    byte[] values = new byte[digits];
    for (int i = 0; i < digits; i++) {
      int value = DIGITS.indexOf(lower.charAt(prefix.length() + 1 + i));
      if (value < 0) {
        return Optional.empty();
      }
      values[i] = (byte) value;
    }
    return checksum(prefix, values) == 1
        ? regroup(Arrays.copyOf(values, digits - CHECK_DIGITS), 5, 8, false)
        : Optional.empty();
  }

  private static int checksum(String prefix, byte[] values) {
    int sum = 1;
    for (char letter : prefix.toCharArray()) {
      sum = next(sum, letter >>> 5);
    }
    sum = next(sum, 0);
    for (char letter : prefix.toCharArray()) {
      sum = next(sum, letter & 31);
    }
    for (byte value : values) {
      sum = next(sum, value);
    }
    return sum;
  }

  private static int next(int sum, int value) {
    int next = (sum & 0x1ffffff) << 5 ^ value;
    for (int i = 0; i < GENERATOR.length; i++) {
      next ^= (sum >>> 25 + i & 1) != 0 ? GENERATOR[i] : 0;
    }
    return next;
  }

  /** Bits in other groups; empty where what is left over is not as it is written. */
  private static Optional<byte[]> regroup(byte[] values, int from, int to, boolean pad) {
    byte[] groups = new byte[(values.length * from + to - 1) / to];
    int count = 0;
    int rest = 0;
    int bits = 0;
    for (byte value : values) {
      rest = (rest << from | value & (1 << from) - 1) & 0xfff;
      bits += from;
      while (bits >= to) {
        bits -= to;
        groups[count++] = (byte) (rest >>> bits & (1 << to) - 1);
      }
    }
    if (pad && bits > 0) {
      groups[count++] = (byte) (rest << to - bits & (1 << to) - 1);
    } else if (!pad && (bits >= from || (rest & (1 << bits) - 1) != 0)) {
      return Optional.empty();
    }
    return Optional.of(Arrays.copyOf(groups, count));
  }
}
