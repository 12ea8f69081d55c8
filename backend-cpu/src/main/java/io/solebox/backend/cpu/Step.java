package io.solebox.backend.cpu;

/** Work of one phase, bound to its buffers and weights. */
interface Step {
  /** Units of work for this frame; they may run in any order, on any worker. */
  int units(Frame frame);

  void run(int unit, Frame frame, int worker);
}
