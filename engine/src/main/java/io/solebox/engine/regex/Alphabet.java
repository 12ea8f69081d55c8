package io.solebox.engine.regex;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Code points by what a pattern's sets tell apart: two of one class are in the same sets.
 * Immutable.
 */
final class Alphabet {
  private static final int MAX_CLASSES = 250;
  private static final int PAGE = 256;

  private final List<CodePointSet> sets;

  /** Classes in each set, by index of the set. */
  private final BitSet[] members;

  private final int size;

  /** Where the page of 256 code points begins in {@link #cells}. Equal pages are one. */
  private final int[] pages = new int[CodePointSet.LIMIT / PAGE];

  private final byte[] cells;

  Alphabet(Collection<CodePointSet> distinct) {
    this.sets = List.copyOf(distinct);
    this.members = new BitSet[sets.size()];
    Arrays.setAll(members, _ -> new BitSet());
    int[] starts =
        IntStream.concat(
                IntStream.of(0), sets.stream().flatMapToInt(set -> IntStream.of(set.bounds())))
            .filter(bound -> bound < CodePointSet.LIMIT)
            .distinct()
            .sorted()
            .toArray();
    Map<BitSet, Integer> classes = new HashMap<>();
    int[] ids = new int[starts.length];
    for (int i = 0; i < starts.length; i++) {
      BitSet inside = new BitSet();
      for (int set = 0; set < members.length; set++) {
        inside.set(set, sets.get(set).contains(starts[i]));
      }
      int id = classes.computeIfAbsent(inside, _ -> classes.size());
      ids[i] = id;
      inside.stream().forEach(set -> members[set].set(id));
    }
    this.size = classes.size();
    if (size > MAX_CLASSES) {
      throw new RegexException("more than " + MAX_CLASSES + " kinds of characters");
    }
    this.cells = paint(starts, ids);
  }

  private byte[] paint(int[] starts, int[] ids) {
    Map<String, Integer> known = new HashMap<>();
    byte[] out = new byte[16 * PAGE];
    byte[] page = new byte[PAGE];
    int run = 0;
    int used = 0;
    for (int first = 0; first < CodePointSet.LIMIT; first += PAGE) {
      for (int i = 0; i < PAGE; i++) {
        while (run + 1 < starts.length && starts[run + 1] <= first + i) {
          run++;
        }
        page[i] = (byte) ids[run];
      }
      String key = new String(page, java.nio.charset.StandardCharsets.ISO_8859_1);
      Integer at = known.get(key);
      if (at == null) {
        at = used;
        known.put(key, at);
        out = used + PAGE > out.length ? Arrays.copyOf(out, 2 * out.length) : out;
        System.arraycopy(page, 0, out, used, PAGE);
        used += PAGE;
      }
      pages[first / PAGE] = at;
    }
    return Arrays.copyOf(out, used);
  }

  /** The number of classes; the one that stands for no character at all is one more. */
  int size() {
    return size;
  }

  /** The class of a code point, from 0 to {@link #size} - 1. */
  int classOf(int codePoint) {
    return cells[pages[codePoint >>> 8] + (codePoint & 0xff)] & 0xff;
  }

  /** The class of the character whose UTF-8 begins at {@code at}. */
  int classAt(byte[] utf8, int at) {
    byte first = utf8[at];
    return first >= 0 ? cells[first] & 0xff : classOf(codePoint(utf8, at));
  }

  /** A character of two to four well-formed bytes. */
  private static int codePoint(byte[] utf8, int at) {
    int first = utf8[at];
    int second = utf8[at + 1] & 0x3f;
    if ((first & 0x20) == 0) {
      return (first & 0x1f) << 6 | second;
    }
    int third = utf8[at + 2] & 0x3f;
    if ((first & 0x10) == 0) {
      return (first & 0xf) << 12 | second << 6 | third;
    }
    int wide = (first & 0x7) << 18 | second << 12 | third << 6 | (utf8[at + 3] & 0x3f);
    return Math.min(wide, Character.MAX_CODE_POINT);
  }

  /** How many bytes the character has that begins with {@code first}. */
  static int length(byte first) {
    return first >= 0 ? 1 : (first & 0x20) == 0 ? 2 : (first & 0x10) == 0 ? 3 : 4;
  }

  /** Whether a class belongs to a set; the class of no character belongs to none. */
  boolean isIn(int symbolClass, CodePointSet set) {
    return members[sets.indexOf(set)].get(symbolClass);
  }
}
