package io.solebox.engine.constrain.match;

import io.solebox.engine.regex.CodePointSet;
import java.util.function.Consumer;

/**
 * Sets of characters as sequences of ranges of bytes: a text of bytes, each in its range, is a
 * character of the set in UTF-8, and every such character is in one of the sequences. After Ken
 * Thompson's construction, as Russ Cox describes it (Regular Expression Matching in the Wild).
 */
final class Utf8Ranges {
  private static final int[] LAST_OF_LENGTH = {0x7f, 0x7ff, 0xffff};
  private static final int FIRST_SURROGATE = 0xd800;
  private static final int BEHIND_SURROGATES = 0xe000;

  /**
   * @param low of each byte
   * @param high of each byte, included
   */
  record Sequence(int[] low, int[] high) {}

  private final Consumer<Sequence> out;

  private Utf8Ranges(Consumer<Sequence> out) {
    this.out = out;
  }

  /** Surrogates are no characters and are left out. */
  static void of(CodePointSet set, Consumer<Sequence> out) {
    Utf8Ranges ranges = new Utf8Ranges(out);
    int[] bounds = set.bounds();
    for (int i = 0; i < bounds.length; i += 2) {
      ranges.add(bounds[i], Math.min(bounds[i + 1], FIRST_SURROGATE) - 1);
      ranges.add(Math.max(bounds[i], BEHIND_SURROGATES), bounds[i + 1] - 1);
    }
  }

  /** Splits where the length changes, and where one byte's range would depend on another's. */
  private void add(int first, int last) {
    if (first > last) {
      return;
    }
    for (int limit : LAST_OF_LENGTH) {
      if (first <= limit && last > limit) {
        add(first, limit);
        add(limit + 1, last);
        return;
      }
    }
    for (int i = 1; i < length(last); i++) {
      int low = (1 << 6 * i) - 1;
      if ((first & ~low) != (last & ~low)) {
        if ((first & low) != 0) {
          add(first, first | low);
          add((first | low) + 1, last);
          return;
        }
        if ((last & low) != low) {
          add(first, (last & ~low) - 1);
          add(last & ~low, last);
          return;
        }
      }
    }
    out.accept(new Sequence(bytes(first), bytes(last)));
  }

  private static int length(int codePoint) {
    int length = 1;
    for (int limit : LAST_OF_LENGTH) {
      length += codePoint > limit ? 1 : 0;
    }
    return length;
  }

  private static int[] bytes(int codePoint) {
    int length = length(codePoint);
    if (length == 1) {
      return new int[] {codePoint};
    }
    int[] bytes = new int[length];
    for (int i = length - 1; i > 0; i--) {
      bytes[i] = 0x80 | codePoint >>> 6 * (length - 1 - i) & 0x3f;
    }
    bytes[0] = 0xff << 8 - length & 0xff | codePoint >>> 6 * (length - 1);
    return bytes;
  }
}
