package io.solebox.engine.regex;

import java.util.Arrays;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** A set of code points, as ranges. Immutable. */
public final class CodePointSet {
  public static final int LIMIT = Character.MAX_CODE_POINT + 1;
  public static final CodePointSet NONE = new CodePointSet(new int[0]);
  public static final CodePointSet ALL = range(0, LIMIT - 1);

  /** Where ranges begin (even index) and end (odd index, exclusive), in order, none touching. */
  private final int[] bounds;

  private CodePointSet(int[] bounds) {
    this.bounds = bounds;
  }

  public static CodePointSet of(int codePoint) {
    return range(codePoint, codePoint);
  }

  /** Both ends included. */
  public static CodePointSet range(int first, int last) {
    return new CodePointSet(new int[] {first, last + 1});
  }

  /**
   * @param bounds where ranges begin (even index) and end (odd index, exclusive), in order, none
   *     touching; not to be changed any more
   */
  public static CodePointSet ofBounds(int[] bounds) {
    return new CodePointSet(bounds);
  }

  static CodePointSet where(IntPredicate test) {
    return ofRuns(Assigned.STARTS, test);
  }

  /**
   * The union of some of the runs that cover everything.
   *
   * @param starts the first code point of each run, from 0 on
   * @param test whether the run that begins there belongs to the set
   */
  static CodePointSet ofRuns(int[] starts, IntPredicate test) {
    int[] bounds = new int[64];
    int count = 0;
    for (int start : starts) {
      if (test.test(start) != ((count & 1) == 1)) {
        if (count + 2 > bounds.length) {
          bounds = Arrays.copyOf(bounds, 2 * count);
        }
        bounds[count++] = start;
      }
    }
    if ((count & 1) == 1) {
      bounds[count++] = LIMIT;
    }
    return new CodePointSet(Arrays.copyOf(bounds, count));
  }

  public CodePointSet complement() {
    boolean fromZero = bounds.length > 0 && bounds[0] == 0;
    boolean toLimit = bounds.length > 0 && bounds[bounds.length - 1] == LIMIT;
    int from = fromZero ? 1 : 0;
    int to = bounds.length - (toLimit ? 1 : 0);
    int[] out = new int[to - from + (fromZero ? 0 : 1) + (toLimit ? 0 : 1)];
    System.arraycopy(bounds, from, out, fromZero ? 0 : 1, to - from);
    if (!toLimit) {
      out[out.length - 1] = LIMIT;
    }
    return new CodePointSet(out);
  }

  public CodePointSet union(CodePointSet other) {
    int[] all = new int[bounds.length + other.bounds.length];
    int count = 0;
    int depth = 0;
    int i = 0;
    int j = 0;
    while (i < bounds.length || j < other.bounds.length) {
      int mine = i < bounds.length ? bounds[i] : Integer.MAX_VALUE;
      int theirs = j < other.bounds.length ? other.bounds[j] : Integer.MAX_VALUE;
      int at = Math.min(mine, theirs);
      int before = depth;
      if (mine == at) {
        depth += (i++ & 1) == 0 ? 1 : -1;
      }
      if (theirs == at) {
        depth += (j++ & 1) == 0 ? 1 : -1;
      }
      if ((before == 0) != (depth == 0)) {
        all[count++] = at;
      }
    }
    return new CodePointSet(Arrays.copyOf(all, count));
  }

  public CodePointSet intersection(CodePointSet other) {
    return complement().union(other.complement()).complement();
  }

  public CodePointSet minus(CodePointSet other) {
    return intersection(other.complement());
  }

  /** With what Unicode's simple case folding calls equal. */
  public CodePointSet withOtherCases() {
    int[] bounds = new int[2 * Cases.CASED.length];
    int count = 0;
    for (int c : Cases.CASED) {
      if (containsOtherCase(c)) {
        if (count == 0 || bounds[count - 1] < c) {
          bounds[count++] = c;
          count++;
        }
        bounds[count - 1] = c + 1;
      }
    }
    return union(new CodePointSet(Arrays.copyOf(bounds, count)));
  }

  private boolean containsOtherCase(int codePoint) {
    int upper = Character.toUpperCase(codePoint);
    return contains(upper)
        || contains(Character.toLowerCase(codePoint))
        || contains(Character.toLowerCase(upper));
  }

  /**
   * Runs that no property of Unicode divides: single code points where characters are assigned, and
   * else planes up to their last two code points, which are never characters.
   */
  static int[] undivided() {
    return Assigned.STARTS;
  }

  /** Found when first asked for. */
  private static final class Assigned {
    private static final int PLANE = 0x1_0000;

    static final int[] STARTS =
        IntStream.range(0, LIMIT / PLANE).flatMap(Assigned::starts).toArray();

    private static IntStream starts(int plane) {
      int first = plane * PLANE;
      int assigned = plane < 4 ? PLANE : plane == 14 ? 0x1000 : 1;
      IntStream singles = IntStream.range(first, first + assigned);
      int next = first + assigned;
      return assigned == PLANE
          ? singles
          : IntStream.concat(singles, IntStream.of(next, first + PLANE - 2));
    }
  }

  /** Code points that have another case; found when first asked for. */
  private static final class Cases {
    static final int[] CASED =
        IntStream.of(Assigned.STARTS)
            .filter(c -> Character.toLowerCase(c) != c || Character.toUpperCase(c) != c)
            .toArray();
  }

  public boolean contains(int codePoint) {
    int found = Arrays.binarySearch(bounds, codePoint);
    return ((found >= 0 ? found : -found - 2) & 1) == 0;
  }

  public boolean isEmpty() {
    return bounds.length == 0;
  }

  /** Where ranges begin (even index) and end (odd index, exclusive); not to be changed. */
  public int[] bounds() {
    return bounds;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CodePointSet set && Arrays.equals(bounds, set.bounds);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bounds);
  }
}
