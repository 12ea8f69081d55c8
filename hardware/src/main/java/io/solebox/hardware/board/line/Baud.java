package io.solebox.hardware.board.line;

import java.util.Map;
import java.util.OptionalInt;

/** Rates of serial ports, and how Linux writes them ({@code asm-generic/termbits.h}). */
final class Baud {
  private static final Map<Integer, Integer> CODES =
      Map.ofEntries(
          Map.entry(9_600, 0x000d),
          Map.entry(19_200, 0x000e),
          Map.entry(38_400, 0x000f),
          Map.entry(57_600, 0x1001),
          Map.entry(115_200, 0x1002),
          Map.entry(230_400, 0x1003),
          Map.entry(460_800, 0x1004),
          Map.entry(500_000, 0x1005),
          Map.entry(921_600, 0x1007),
          Map.entry(1_000_000, 0x1008),
          Map.entry(1_500_000, 0x100a),
          Map.entry(2_000_000, 0x100b));

  private Baud() {}

  /** Empty for one that ports do not have. */
  static OptionalInt code(int baud) {
    Integer code = CODES.get(baud);
    return code == null ? OptionalInt.empty() : OptionalInt.of(code);
  }
}
