package io.solebox.backend.cpu;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.IntUnaryOperator;

/**
 * Adds the squares of rows of f32 to sums, in f64. A unit is some columns, so that nobody else
 * writes to them.
 */
sealed interface WatchStep extends Step {
  /** Columns of a unit: whole cache lines of what is read. */
  int COLUMNS = 64;

  ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;
  ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE;
  ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;

  Buffer x();

  /** As {@link Program.Watched} says. */
  Buffer sums();

  @Override
  default int units(Frame frame) {
    return Math.ceilDiv(x().width(), COLUMNS);
  }

  @Override
  default String kind() {
    return "sums of inputs";
  }

  /** Adds columns of a row to the sums of a matrix. */
  default void add(int row, int matrix, int from, int to) {
    MemorySegment values = x().data();
    MemorySegment out = sums().data();
    long at = x().at(row);
    long first = (long) matrix * x().width();
    for (int c = from; c < to; c++) {
      double value = values.get(FLOAT, at + 4L * c);
      out.setAtIndex(DOUBLE, first + c, out.getAtIndex(DOUBLE, first + c) + value * value);
    }
  }

  /** Counts rows that met a matrix of so many. */
  default void count(int matrix, int matrices, int rows) {
    long at = (long) matrices * x().width() + matrix;
    sums().data().setAtIndex(LONG, at, sums().data().getAtIndex(LONG, at) + rows);
  }

  /** Rows that all meet one matrix. */
  record OfRows(Buffer x, Buffer sums) implements WatchStep {
    @Override
    public void run(int unit, Frame frame, int worker) {
      int from = unit * COLUMNS;
      int to = Math.min(x.width(), from + COLUMNS);
      int rows = x.rows(frame);
      for (int row = 0; row < rows; row++) {
        add(row, 0, from, to);
      }
      if (unit == 0) {
        count(0, 1, rows);
      }
    }
  }

  /**
   * Rows that each meet one of several matrices.
   *
   * @param source which row of x stands at a place of the runs
   */
  record OfRuns(Buffer x, Buffer sums, Runs.OfExperts runs, IntUnaryOperator source)
      implements WatchStep {
    @Override
    public void run(int unit, Frame frame, int worker) {
      int from = unit * COLUMNS;
      int to = Math.min(x.width(), from + COLUMNS);
      for (int i = 0; i < runs.count(frame); i++) {
        int start = runs.from(i, frame);
        int rows = runs.rows(i, frame);
        for (int place = start; place < start + rows; place++) {
          add(source.applyAsInt(place), runs.matrix(i), from, to);
        }
        if (unit == 0) {
          count(runs.matrix(i), runs.experts(), rows);
        }
      }
    }
  }
}
