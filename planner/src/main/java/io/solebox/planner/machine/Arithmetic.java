package io.solebox.planner.machine;

/** What a device multiplies in. */
public enum Arithmetic {
  /** f32, without tensor cores. */
  F32,
  /** f16, on tensor cores where there are some. */
  F16,
  /** Bytes, summed up in 32 bits. */
  INT8
}
