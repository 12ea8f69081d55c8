// Element by element: sums, SwiGLU, rounding to 16 bits, the rows that were asked for.
#include "solebox.cuh"

/* The four elements of a thread are 256 apart, so that every access of a warp is contiguous. */
#define FOUR_ELEMENTS(i, count)             \
  UNROLL for (int step = 0; step < 4; step++) \
    if (int i = 1024 * BLOCK_X + 256 * step + THREAD; i < (count))

KERNEL(256, 1) add(float* out, const float* a, const float* b, int count) {
  await_inputs();
  FOUR_ELEMENTS(i, count) { out[i] = a[i] + b[i]; }
}

KERNEL(256, 1) swiglu(float* out, const float* gate, const float* up, int count) {
  await_inputs();
  FOUR_ELEMENTS(i, count) { out[i] = silu(gate[i]) * up[i]; }
}

/* Rows of x in 16 bits, each padded with zeros to a multiple of 16 bytes. */
#define ROUND(NAME, ROUND_ONE)                                                   \
  KERNEL(256, 1) round_##NAME(u16* out, const float* x, int width, int padded) { \
    await_inputs();                                                              \
    const float* from = x + (u64)BLOCK_Y * width;                                \
    u16* to = out + (u64)BLOCK_Y * padded;                                       \
    FOUR_ELEMENTS(i, padded) { to[i] = i < width ? ROUND_ONE(from[i]) : 0; }     \
  }
ROUND(f16, half_in_range)
ROUND(bf16, float_to_bf16)

/* out[r] = x[rowIds[r]] */
KERNEL(256, 1) select_rows(float* out, const float* x, const i32* row_ids, int width) {
  await_inputs();
  const float* from = x + (u64)row_ids[BLOCK_Y] * width;
  float* to = out + (u64)BLOCK_Y * width;
  FOUR_ELEMENTS(i, width) { to[i] = from[i]; }
}
