package io.solebox.backend.cpu.nativelib;

import static io.solebox.backend.cpu.nativelib.CpuBindings.ADDRESS;
import static io.solebox.backend.cpu.nativelib.CpuBindings.unexpected;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.invoke.MethodHandle;

/** The functions of {@code state.c}, as {@link CpuBindings}. */
public final class StateBindings {
  private final MethodHandle gatedDelta;
  private final MethodHandle selectiveScan;

  StateBindings(CpuBindings.Binder own) {
    gatedDelta =
        own.procedure(
            "gated_delta",
            ADDRESS,
            ADDRESS,
            ADDRESS,
            ADDRESS,
            JAVA_FLOAT,
            JAVA_FLOAT,
            JAVA_LONG,
            JAVA_LONG,
            ADDRESS);
    selectiveScan =
        own.procedure(
            "selective_scan",
            ADDRESS,
            ADDRESS,
            ADDRESS,
            ADDRESS,
            JAVA_FLOAT,
            JAVA_FLOAT,
            JAVA_FLOAT,
            JAVA_LONG,
            JAVA_LONG,
            ADDRESS);
  }

  /** One token for some rows of a value head's state. */
  public void gatedDelta(
      long state,
      long q,
      long k,
      long v,
      float fade,
      float beta,
      long keyDim,
      long rows,
      long out) {
    try {
      gatedDelta.invokeExact(state, q, k, v, fade, beta, keyDim, rows, out);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** One token for some rows of a head's state. */
  public void selectiveScan(
      long state,
      long x,
      long b,
      long c,
      float fade,
      float step,
      float skip,
      long rows,
      long stateDim,
      long out) {
    try {
      selectiveScan.invokeExact(state, x, b, c, fade, step, skip, rows, stateDim, out);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }
}
