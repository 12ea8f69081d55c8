package io.solebox.engine.constrain.match;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** Says which bytes may follow. */
final class Expected {
  private static final int MOST = 8;

  private Expected() {}

  /**
   * @param end whether nothing may follow too
   */
  static String oneOf(BitSet bytes, boolean end) {
    List<String> names = new ArrayList<>();
    int from = bytes.nextSetBit(0);
    while (from >= 0 && names.size() < MOST) {
      int to = bytes.nextClearBit(from) - 1;
      names.add(from == to ? name(from) : name(from) + " to " + name(to));
      from = bytes.nextSetBit(to + 1);
    }
    if (from >= 0) {
      names.add("others");
    }
    if (end) {
      names.add("the end");
    }
    return names.isEmpty() ? "nothing" : String.join(", ", names);
  }

  private static String name(int b) {
    return b > ' ' && b < 0x7f ? "'" + (char) b + "'" : "byte 0x%02x".formatted(b);
  }
}
