package io.solebox.backend.cpu;

import java.util.List;

/**
 * Row steps that treat a row one after the other, in one phase and while it is in the cache. A unit
 * is a row, some neighbouring rows where there are many, or a range of a row's columns where there
 * are few and all steps can be cut.
 */
final class Chain implements Step {
  /** Columns per unit of a row that is cut. */
  private static final int COLUMNS = 8 * RowStep.Elements.CUT;

  /** With so many rows per thread all finish together. */
  private static final int ROWS_PER_THREAD = 4;

  /** Neighbouring tokens store keys in the same cache lines, which threads had better not share. */
  private static final int MOST_ROWS = 16;

  private final Domain domain;
  private final RowStep[] steps;
  private final int cuts;
  private final int manyRows;

  Chain(Domain domain, List<RowStep> steps, int threads) {
    this.domain = domain;
    this.steps = steps.toArray(RowStep[]::new);
    this.cuts = cuts(steps);
    this.manyRows = ROWS_PER_THREAD * threads;
  }

  private static int cuts(List<RowStep> steps) {
    int width = 0;
    for (RowStep step : steps) {
      if (!(step instanceof RowStep.Elements e) || (width > 0 && e.width() != width)) {
        return 1;
      }
      width = e.width();
    }
    return Math.ceilDiv(width, COLUMNS);
  }

  private int cuts(int rows) {
    return rows < manyRows ? cuts : 1;
  }

  private int rowsPerUnit(int rows) {
    return Math.clamp(rows / manyRows, 1, MOST_ROWS);
  }

  @Override
  public int units(Frame frame) {
    int rows = domain.rows(frame);
    int parts = cuts(rows);
    return parts > 1 ? rows * parts : Math.ceilDiv(rows, rowsPerUnit(rows));
  }

  @Override
  public void run(int unit, Frame frame, int worker) {
    int rows = domain.rows(frame);
    int parts = cuts(rows);
    if (parts == 1) {
      int first = unit * rowsPerUnit(rows);
      int end = Math.min(rows, first + rowsPerUnit(rows));
      for (int row = first; row < end; row++) {
        for (RowStep step : steps) {
          step.run(row, frame, worker);
        }
      }
      return;
    }
    int from = unit % parts * COLUMNS;
    for (RowStep step : steps) {
      var elements = (RowStep.Elements) step;
      int to = Math.min(elements.width(), from + COLUMNS);
      elements.run(unit / parts, from, to, frame, worker);
    }
  }
}
