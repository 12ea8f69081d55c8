package io.solebox.engine.tokenizer.normalize;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;

/**
 * The compiled normalization rules of SentencePiece: a double array of the texts that are replaced
 * (google/sentencepiece: src/normalizer.h; the array is that of s-yata/darts-clone) and the
 * replacements. Immutable.
 */
public final class Charsmap {
  private static final int HEADER = 4;

  private final int[] units;

  /** Each ends with a zero. */
  private final byte[] replacements;

  private Charsmap(int[] units, byte[] replacements) {
    this.units = units;
    this.replacements = replacements;
  }

  /**
   * @param text what it becomes
   * @param length bytes that it replaces
   */
  public record Replacement(byte[] text, int length) {}

  /**
   * @param blob the length of the array in bytes as 32 bits, little endian; the array; the
   *     replacements
   * @return empty if it is damaged
   */
  public static Optional<Charsmap> of(byte[] blob) {
    if (blob.length < HEADER) {
      return Optional.empty();
    }
    ByteBuffer in = ByteBuffer.wrap(blob).order(ByteOrder.LITTLE_ENDIAN);
    long size = in.getInt() & 0xffff_ffffL;
    boolean whole = size % 4 == 0 && size >= 4 && HEADER + size < blob.length;
    if (!whole || blob[blob.length - 1] != 0) {
      return Optional.empty();
    }
    int[] units = new int[(int) size / 4];
    in.asIntBuffer().get(units);
    return Optional.of(
        new Charsmap(units, Arrays.copyOfRange(blob, HEADER + (int) size, blob.length)));
  }

  /** The replacement of the longest text that begins at {@code from}. */
  public Optional<Replacement> longest(byte[] utf8, int from, int to) {
    return find(utf8, from, to, false);
  }

  /** The replacement of the shortest text that begins at {@code from}. */
  public Optional<Replacement> shortest(byte[] utf8, int from, int to) {
    return find(utf8, from, to, true);
  }

  private Optional<Replacement> find(byte[] utf8, int from, int to, boolean shortest) {
    Optional<Replacement> found = Optional.empty();
    int node = offset(0);
    for (int i = from; i < to; i++) {
      int label = utf8[i] & 0xff;
      node ^= label;
      int unit = unit(node);
      if (label == 0 || (unit & (1 << 31 | 0xff)) != label) {
        break;
      }
      node ^= offset(node);
      if ((unit >>> 8 & 1) == 1) {
        found = Optional.of(new Replacement(text(unit(node) & Integer.MAX_VALUE), i + 1 - from));
        if (shortest) {
          break;
        }
      }
    }
    return found;
  }

  /** A damaged array has no unit where one is looked for: nothing begins there. */
  private int unit(int index) {
    return index >= 0 && index < units.length ? units[index] : 0;
  }

  private int offset(int index) {
    int unit = unit(index);
    return unit >>> 10 << ((unit & 1 << 9) >>> 6);
  }

  private byte[] text(int start) {
    int from = Math.min(start, replacements.length - 1);
    int end = from;
    while (replacements[end] != 0) {
      end++;
    }
    return Arrays.copyOfRange(replacements, from, end);
  }
}
