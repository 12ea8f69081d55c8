package io.solebox.backend.cuda.fake;

/** What one instruction does to the lanes of a warp that are on in {@code mask}. */
interface Instruction {
  void run(Warp warp, int mask);
}
