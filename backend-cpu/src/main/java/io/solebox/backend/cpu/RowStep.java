package io.solebox.backend.cpu;

/**
 * Work on the rows of a domain one by one: row t needs nothing but row t of what it reads from the
 * same domain, so several such steps can treat a row one after the other.
 */
interface RowStep {
  void run(int row, Frame frame, int worker);

  /** Work on elements one by one: a row may be cut at any multiple of {@value #CUT}. */
  interface Elements extends RowStep {
    int CUT = 256;

    /** Elements of a row. */
    int width();

    /** Elements {@code from} to {@code to}, exclusive. */
    void run(int row, int from, int to, Frame frame, int worker);

    @Override
    default void run(int row, Frame frame, int worker) {
      run(row, 0, width(), frame, worker);
    }
  }
}
