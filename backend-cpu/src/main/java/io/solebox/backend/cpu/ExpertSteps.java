package io.solebox.backend.cpu;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** What experts need beside their products, whatever computes those. */
final class ExpertSteps {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;

  private ExpertSteps() {}

  /** Sorts the choices of all tokens by expert; one unit, since it takes microseconds. */
  record Sort(Runs.OfExperts runs, Buffer routing, Buffer order) implements Step {
    @Override
    public int units(Frame frame) {
      return 1;
    }

    @Override
    public void run(int unit, Frame frame, int worker) {
      runs.fill(routing, order, frame.tokens());
    }
  }

  /**
   * Brings rows of bytes into another order; a unit is some rows.
   *
   * @param source which row of x comes to a row of the result
   */
  record Gather(Buffer x, Buffer out, long rowBytes, Order source) implements Step {
    private static final int ROWS = 16;

    /** A row for each row, of {@link #rows} together. */
    interface Order {
      int rows(Frame frame);

      int source(int row, Frame frame);
    }

    @Override
    public int units(Frame frame) {
      return Math.ceilDiv(source.rows(frame), ROWS);
    }

    @Override
    public void run(int unit, Frame frame, int worker) {
      int end = Math.min(source.rows(frame), (unit + 1) * ROWS);
      for (int row = unit * ROWS; row < end; row++) {
        long from = source.source(row, frame) * rowBytes;
        MemorySegment.copy(x.data(), from, out.data(), row * rowBytes, rowBytes);
      }
    }
  }

  /** The token's row for each of its choices. */
  record OfTokens(Runs.OfExperts runs, Buffer order) implements Gather.Order {
    @Override
    public int rows(Frame frame) {
      return runs.rows(frame);
    }

    @Override
    public int source(int row, Frame frame) {
      return Runs.OfExperts.choice(order, row) / runs.used();
    }
  }

  /** From heads side by side to heads one after the other. */
  record ToHeads(Runs.OfHeads runs) implements Gather.Order {
    @Override
    public int rows(Frame frame) {
      return runs.rows(frame);
    }

    @Override
    public int source(int row, Frame frame) {
      return runs.source(row, frame);
    }
  }

  /** And back. */
  record FromHeads(Runs.OfHeads runs) implements Gather.Order {
    @Override
    public int rows(Frame frame) {
      return runs.rows(frame);
    }

    @Override
    public int source(int row, Frame frame) {
      return runs.place(row, frame);
    }
  }

  /** Multiplies each choice's row with its share; a unit is a row. */
  record Weigh(Buffer x, Buffer routing, Buffer order, Buffer out, Runs.OfExperts runs)
      implements Step {
    @Override
    public int units(Frame frame) {
      return runs.rows(frame);
    }

    @Override
    public void run(int place, Frame frame, int worker) {
      int choice = Runs.OfExperts.choice(order, place);
      float share = Runs.OfExperts.share(routing, choice);
      long from = x.at(choice / runs.used());
      long to = Encoding.F32.bytes(x.width()) * place;
      for (long i = 0; i < Encoding.F32.bytes(x.width()); i += Float.BYTES) {
        out.data().set(FLOAT, to + i, x.data().get(FLOAT, from + i) * share);
      }
    }
  }

  /**
   * Adds up what a token's experts made, in the order of its choices; a unit is a range of a
   * token's columns.
   *
   * @param y rows in the order of the runs
   * @param weighted whether shares are in them already
   */
  record Mix(
      Buffer y, Buffer routing, Buffer order, Buffer out, Runs.OfExperts runs, boolean weighted)
      implements Step {
    private static final int COLUMNS = 1024;

    private int cuts() {
      return Math.ceilDiv(out.width(), COLUMNS);
    }

    @Override
    public int units(Frame frame) {
      return frame.tokens() * cuts();
    }

    @Override
    public void run(int unit, Frame frame, int worker) {
      int t = unit / cuts();
      int from = unit % cuts() * COLUMNS;
      int to = Math.min(out.width(), from + COLUMNS);
      long at = out.at(t);
      for (int j = 0; j < runs.used(); j++) {
        int choice = t * runs.used() + j;
        float share = weighted ? 1 : Runs.OfExperts.share(routing, choice);
        int place = Runs.OfExperts.place(order, runs.rows(frame), choice);
        add(Encoding.F32.bytes(out.width()) * place, share, at, from, to, j == 0);
      }
    }

    private void add(long row, float share, long at, int from, int to, boolean first) {
      for (long i = 4L * from; i < 4L * to; i += Float.BYTES) {
        float value = y.data().get(FLOAT, row + i) * share;
        out.data().set(FLOAT, at + i, first ? value : out.data().get(FLOAT, at + i) + value);
      }
    }
  }

  /** Treats each part of a row as a row of its own. */
  record Parts(RowStep each, int parts) implements RowStep {
    @Override
    public void run(int row, Frame frame, int worker) {
      for (int i = row * parts; i < (row + 1) * parts; i++) {
        each.run(i, frame, worker);
      }
    }
  }
}
