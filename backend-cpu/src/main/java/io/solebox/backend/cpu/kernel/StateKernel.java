package io.solebox.backend.cpu.kernel;

import java.lang.foreign.MemorySegment;

/**
 * What remembers a sequence in a state, a token and a head at a time: the loops of {@code state.c}
 * in plain Java. Tokens follow one another, so the state is the same however they are cut into
 * steps.
 */
public final class StateKernel {
  private StateKernel() {}

  private static float at(MemorySegment s, long at, int i) {
    return s.get(Lanes.FLOAT, at + 4L * i);
  }

  /**
   * The gated delta rule: rows of the state fade and learn, and answer q.
   *
   * @param state f32 [valueDim, keyDim] at byte {@code stateAt}
   * @param keyAt byte offset of [keyDim] in q and k
   * @param valueAt byte offset of [valueDim] in v and out
   */
  public static void gatedDelta(
      MemorySegment state,
      long stateAt,
      MemorySegment q,
      MemorySegment k,
      long keyAt,
      MemorySegment v,
      MemorySegment out,
      long valueAt,
      float fade,
      float beta,
      int keyDim,
      int valueDim) {
    for (int j = 0; j < valueDim; j++) {
      long row = stateAt + 4L * j * keyDim;
      float known = 0;
      for (int i = 0; i < keyDim; i++) {
        float faded = at(state, row, i) * fade;
        state.set(Lanes.FLOAT, row + 4L * i, faded);
        known = Math.fma(faded, at(k, keyAt, i), known);
      }
      float change = beta * (at(v, valueAt, j) - known);
      float sum = 0;
      for (int i = 0; i < keyDim; i++) {
        float learned = Math.fma(at(k, keyAt, i), change, at(state, row, i));
        state.set(Lanes.FLOAT, row + 4L * i, learned);
        sum = Math.fma(learned, at(q, keyAt, i), sum);
      }
      out.set(Lanes.FLOAT, valueAt + 4L * j, sum);
    }
  }

  /**
   * The selective scan.
   *
   * @param state f32 [headDim, stateDim] at byte {@code stateAt}
   * @param headAt byte offset of [headDim] in x and out
   * @param groupAt byte offset of [stateDim] in b and c
   */
  public static void selectiveScan(
      MemorySegment state,
      long stateAt,
      MemorySegment x,
      MemorySegment out,
      long headAt,
      MemorySegment b,
      MemorySegment c,
      long groupAt,
      float fade,
      float step,
      float skip,
      int headDim,
      int stateDim) {
    for (int j = 0; j < headDim; j++) {
      long row = stateAt + 4L * j * stateDim;
      float input = at(x, headAt, j);
      float sum = 0;
      for (int i = 0; i < stateDim; i++) {
        float next = Math.fma(at(b, groupAt, i), step * input, at(state, row, i) * fade);
        state.set(Lanes.FLOAT, row + 4L * i, next);
        sum = Math.fma(next, at(c, groupAt, i), sum);
      }
      out.set(Lanes.FLOAT, headAt + 4L * j, Math.fma(skip, input, sum));
    }
  }
}
