package io.solebox.engine.tensor;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The vectors of four or eight neighbouring weights that blocks of an IQ format refer to by number.
 * {@code grids.txt} beside this class says where they are from.
 */
public final class Grid {
  private static final int HEX_BITS = 4;
  private static final Map<String, Grid> ALL = read();

  static final Grid IQ1 = ALL.get("IQ1");
  static final Grid IQ2_XXS = ALL.get("IQ2_XXS");
  static final Grid IQ2_XS = ALL.get("IQ2_XS");
  static final Grid IQ2_S = ALL.get("IQ2_S");
  static final Grid IQ3_XXS = ALL.get("IQ3_XXS");
  static final Grid IQ3_S = ALL.get("IQ3_S");

  private final int ints;
  private final int[] levels;

  /**
   * @param levels of all vectors, bytes in the order of the weights, four in an int
   */
  private Grid(int width, int[] levels) {
    this.ints = width / 4;
    this.levels = levels;
  }

  /**
   * Those that blocks of a format refer to.
   *
   * @throws IllegalArgumentException for a format that has none
   */
  public static Grid of(TensorType type) {
    return switch (type) {
      case IQ1_S, IQ1_M -> IQ1;
      case IQ2_XXS -> IQ2_XXS;
      case IQ2_XS -> IQ2_XS;
      case IQ2_S -> IQ2_S;
      case IQ3_XXS -> IQ3_XXS;
      case IQ3_S -> IQ3_S;
      case F32, F16, BF16, Q1_0, Q2_0, Q4_0, Q4_1, Q5_0, Q5_1, Q8_0 -> throw hasNone(type);
      case Q2_K, Q3_K, Q4_K, Q5_K, Q6_K -> throw hasNone(type);
      case IQ4_NL, IQ4_XS, TQ1_0, TQ2_0, MXFP4, NVFP4 -> throw hasNone(type);
    };
  }

  private static IllegalArgumentException hasNone(TensorType type) {
    return new IllegalArgumentException(type + " has no grid");
  }

  /** How many vectors. */
  public int size() {
    return levels.length / ints;
  }

  /** Weights of a vector: 4 or 8. */
  public int width() {
    return 4 * ints;
  }

  /** The levels of weights 4i to 4i + 3 of a vector, as bytes, the first lowest. */
  public int levels(int vector, int i) {
    return levels[vector * ints + i];
  }

  /**
   * Writes the codes of a vector: levels, and above them signs.
   *
   * @param signs bit j that of weight j
   * @param place of a sign in a code
   */
  void put(int vector, int signs, int place, int[] codes, int to) {
    for (int i = 0; i < ints; i++) {
      codes[to + i] = levels(vector, i) | Fields.spread(signs >>> 4 * i) << place;
    }
  }

  private static Map<String, Grid> read() {
    try (InputStream in = Grid.class.getResourceAsStream("grids.txt")) {
      List<String> lines =
          new String(in.readAllBytes(), US_ASCII)
              .lines()
              .filter(line -> !line.startsWith("#"))
              .toList();
      return parse(lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, Grid> parse(List<String> lines) {
    var grids = new HashMap<String, Grid>();
    for (int at = 0; at < lines.size(); ) {
      String[] head = lines.get(at++).split(" ");
      int vectors = Integer.parseInt(head[1]);
      int width = Integer.parseInt(head[2]);
      int bits = Integer.parseInt(head[3]);
      int digits = width * bits / HEX_BITS;
      var hex = new StringBuilder();
      while (hex.length() < vectors * digits) {
        hex.append(lines.get(at++));
      }
      int[] levels = new int[vectors * width / 4];
      for (int v = 0; v < vectors; v++) {
        int packed = Integer.parseInt(hex, v * digits, (v + 1) * digits, 1 << HEX_BITS);
        for (int j = 0; j < width; j++) {
          int level = packed >>> bits * j & (1 << bits) - 1;
          levels[(v * width + j) / 4] |= level << 8 * (j % 4);
        }
      }
      grids.put(head[0], new Grid(width, levels));
    }
    return grids;
  }
}
