package io.solebox.backend.cpu;

/** Work of one phase, bound to its buffers and weights. */
interface Step {
  /** The kind of what has no name of its own. */
  String ROWS = "rows";

  /** Units of work for this frame; they may run in any order, on any worker. */
  int units(Frame frame);

  void run(int unit, Frame frame, int worker);

  /** What it does, for people who look at a profile. */
  default String kind() {
    return ROWS;
  }

  /** Of weights that it reads for one token. */
  default long bytes() {
    return 0;
  }
}
