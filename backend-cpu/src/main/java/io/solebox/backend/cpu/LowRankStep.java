package io.solebox.backend.cpu;

import io.solebox.engine.graph.LowRank;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.function.Function;

/**
 * A part of what adapters add to a product: first the rows that use an adapter times its A, then
 * that times its B, and the sum. Runs of rows of one variant are treated by themselves; a unit is a
 * part of one. Each row is computed alone, so its bits do not depend on the variants of others.
 */
final class LowRankStep implements Step {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;

  /** Most rows of a unit. */
  private static final int ROWS = 32;

  /** So few take as long as one: what they cost is reading the matrix. */
  private static final int FEW_ROWS = 8;

  /** Elements of a matrix that a unit takes for few rows: tens of microseconds. */
  private static final int ELEMENTS = 64 << 10;

  /** Columns of the result are cut in multiples of this. */
  private static final int COLUMNS = 8;

  /** What becomes of the rows of one variant. */
  private interface Variant {
    /** Of a row of the result. */
    int columns();

    /** Elements that are read for each of them. */
    int depth();

    /**
     * Computes columns {@code from} to {@code to}, exclusive, of some rows.
     *
     * @param start of the run
     * @param first of the rows, counted from there
     */
    void run(int from, int to, int start, int first, int rows, int worker);
  }

  /** A matrix times rows of x that follow one another, at byte offsets of the buffers. */
  interface Product {
    /** Computes {@code from} to {@code to}, exclusive, of the matrix's rows. */
    void run(int from, int to, Buffer x, long xAt, int rows, Buffer out, long outAt, int worker);
  }

  private final Domain domain;
  private final long bytes;
  private final Variant[] variants;

  private LowRankStep(Domain domain, long bytes, Variant[] variants) {
    this.domain = domain;
    this.bytes = bytes;
    this.variants = variants;
  }

  /**
   * The products with A.
   *
   * @param inner for each run rows of its rank, from where rows of the highest rank would begin
   */
  static Step down(LowRank op, Function<LowRank.Change, Product> products, Buffer x, Buffer inner) {
    Variant none = new Nothing();
    long bytes = op.changes().stream().mapToLong(c -> c.a().bytes()).max().orElse(0);
    return new LowRankStep(
        x.domain(), bytes, variants(op, none, c -> new Down(c, products.apply(c), x, inner)));
  }

  /** The products with B, added to y. */
  static Step up(
      LowRank op, Function<LowRank.Change, Product> products, Buffer y, Buffer inner, Buffer out) {
    Variant copy = new Copy(y, out);
    long bytes = op.changes().stream().mapToLong(c -> c.b().bytes()).max().orElse(0);
    return new LowRankStep(
        y.domain(), bytes, variants(op, copy, c -> new Up(c, products.apply(c), y, inner, out)));
  }

  /** By number; those behind the last are like the first, the model alone. */
  private static Variant[] variants(
      LowRank op, Variant alone, Function<LowRank.Change, Variant> changed) {
    int last = op.changes().stream().mapToInt(LowRank.Change::variant).max().orElse(0);
    var variants = new Variant[last + 1];
    Arrays.fill(variants, alone);
    op.changes().forEach(c -> variants[c.variant()] = changed.apply(c));
    return variants;
  }

  private Variant variant(VariantRuns runs, int run) {
    int number = runs.variant(run);
    return variants[number < variants.length ? number : 0];
  }

  private static int columnStep(Variant v, int rows) {
    int elements = ELEMENTS * FEW_ROWS / Math.clamp(rows, FEW_ROWS, ROWS);
    return Math.max(COLUMNS, elements / v.depth() / COLUMNS * COLUMNS);
  }

  private static int units(Variant v, int rows) {
    return Math.ceilDiv(v.columns(), columnStep(v, rows)) * Math.ceilDiv(rows, ROWS);
  }

  @Override
  public int units(Frame frame) {
    VariantRuns runs = frame.variants(domain);
    int units = 0;
    for (int i = 0; i < runs.count(); i++) {
      units += units(variant(runs, i), runs.rows(i));
    }
    return units;
  }

  @Override
  public void run(int unit, Frame frame, int worker) {
    VariantRuns runs = frame.variants(domain);
    int left = unit;
    for (int i = 0; i < runs.count(); i++) {
      Variant v = variant(runs, i);
      int units = units(v, runs.rows(i));
      if (left < units) {
        run(v, left, runs.from(i), runs.rows(i), worker);
        return;
      }
      left -= units;
    }
  }

  private static void run(Variant v, int unit, int start, int rows, int worker) {
    int parts = Math.ceilDiv(v.columns(), columnStep(v, rows));
    int from = unit % parts * columnStep(v, rows);
    int to = Math.min(v.columns(), from + columnStep(v, rows));
    int first = unit / parts * ROWS;
    v.run(from, to, start, first, Math.min(ROWS, rows - first), worker);
  }

  @Override
  public String kind() {
    return "adapters";
  }

  @Override
  public long bytes() {
    return bytes;
  }

  private static long innerAt(Buffer inner, int rank, int start, int first) {
    return inner.at(start) + Encoding.F32.bytes(rank) * first;
  }

  /** No adapter that changes this product. */
  private record Nothing() implements Variant {
    @Override
    public int columns() {
      return 0;
    }

    @Override
    public int depth() {
      return 1;
    }

    @Override
    public void run(int from, int to, int start, int first, int rows, int worker) {}
  }

  private record Down(LowRank.Change change, Product product, Buffer x, Buffer inner)
      implements Variant {
    @Override
    public int columns() {
      return change.rank();
    }

    @Override
    public int depth() {
      return x.width();
    }

    @Override
    public void run(int from, int to, int start, int first, int rows, int worker) {
      long at = innerAt(inner, change.rank(), start, first);
      product.run(from, to, x, x.at(start + first), rows, inner, at, worker);
    }
  }

  private record Copy(Buffer y, Buffer out) implements Variant {
    @Override
    public int columns() {
      return out.width();
    }

    @Override
    public int depth() {
      return 1;
    }

    @Override
    public void run(int from, int to, int start, int first, int rows, int worker) {
      for (int row = start + first; row < start + first + rows; row++) {
        long at = out.at(row) + Encoding.F32.bytes(from);
        MemorySegment.copy(y.data(), at, out.data(), at, Encoding.F32.bytes(to - from));
      }
    }
  }

  private record Up(LowRank.Change change, Product product, Buffer y, Buffer inner, Buffer out)
      implements Variant {
    @Override
    public int columns() {
      return out.width();
    }

    @Override
    public int depth() {
      return change.rank();
    }

    @Override
    public void run(int from, int to, int start, int first, int rows, int worker) {
      long at = innerAt(inner, change.rank(), start, first);
      product.run(from, to, inner, at, rows, out, out.at(start + first), worker);
      for (int row = start + first; row < start + first + rows; row++) {
        add(out.at(row), from, to);
      }
    }

    private void add(long row, int from, int to) {
      float scale = change.scale();
      for (long at = row + 4L * from; at < row + 4L * to; at += Float.BYTES) {
        float sum = y.data().get(FLOAT, at) + scale * out.data().get(FLOAT, at);
        out.data().set(FLOAT, at, sum);
      }
    }
  }
}
