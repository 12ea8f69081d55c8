// Element by element: sums, gates and activations, rounding to 16 bits, the rows that were asked for,
// parts of rows.
#include "activation.cuh"

/* The four elements of a thread are 256 apart, so that every access of a warp is contiguous. */
#define FOUR_ELEMENTS(i, count)             \
  UNROLL for (int step = 0; step < 4; step++) \
    if (int i = 1024 * BLOCK_X + 256 * step + THREAD; i < (count))

KERNEL(256, 1) add(float* out, const float* a, const float* b, int count) {
  await_inputs();
  FOUR_ELEMENTS(i, count) { out[i] = a[i] + b[i]; }
}

KERNEL(256, 1)
gate(float* out, const float* gate, const float* up, int activation, float alpha, float limit,
     int count) {
  await_inputs();
  Gating by = {activation, alpha, limit};
  FOUR_ELEMENTS(i, count) { out[i] = gated(by, gate[i], up[i]); }
}

KERNEL(256, 1) activate(float* out, const float* x, int activation, int count) {
  await_inputs();
  FOUR_ELEMENTS(i, count) { out[i] = activated(activation, x[i]); }
}

KERNEL(256, 1) scale(float* out, const float* x, float factor, int count) {
  await_inputs();
  FOUR_ELEMENTS(i, count) { out[i] = x[i] * factor; }
}

/* cap * tanh(x / cap) */
KERNEL(256, 1) soft_cap(float* out, const float* x, float cap, int count) {
  await_inputs();
  FOUR_ELEMENTS(i, count) { out[i] = cap * tanh_precise(x[i] / cap); }
}

/* Rows of x, each times its own factor [T]. */
KERNEL(256, 1) scale_rows(float* out, const float* x, const float* factors, int width) {
  await_inputs();
  u64 row = (u64)BLOCK_Y * width;
  float factor = factors[BLOCK_Y];
  FOUR_ELEMENTS(i, width) { out[row + i] = x[row + i] * factor; }
}

/* Rows of x, each times the same vector. */
KERNEL(256, 1) scale_columns(float* out, const float* x, const float* vector, int width) {
  await_inputs();
  u64 row = (u64)BLOCK_Y * width;
  FOUR_ELEMENTS(i, width) { out[row + i] = x[row + i] * vector[i]; }
}

/* x * (1 + slope * ln(1 + floor((position + offset) / tokens))); padding counts as the first. */
KERNEL(256, 1)
scale_by_position(float* out, const float* x, const i32* positions, float slope, int tokens,
                  int offset, int width) {
  await_inputs();
  u64 row = (u64)BLOCK_Y * width;
  int times = (most(0, positions[BLOCK_Y]) + offset) / tokens;
  float factor = fma(slope * 0.693147181f, __nvvm_lg2_approx_f((float)(1 + times)), 1);
  FOUR_ELEMENTS(i, width) { out[row + i] = x[row + i] * factor; }
}

/* Rows of x, each plus the same vector. */
KERNEL(256, 1) add_vector(float* out, const float* x, const float* vector, int width) {
  await_inputs();
  u64 row = (u64)BLOCK_Y * width;
  FOUR_ELEMENTS(i, width) { out[row + i] = x[row + i] + vector[i]; }
}

/* Row positions[t] of a table; padding takes the first. */
KERNEL(256, 1)
embed_position(float* out, const float* table, const i32* positions, int width) {
  await_inputs();
  const float* from = table + (u64)most(0, positions[BLOCK_Y]) * width;
  float* to = out + (u64)BLOCK_Y * width;
  FOUR_ELEMENTS(i, width) { to[i] = from[i]; }
}

/* Of each group of `group` elements `length`, from `from` on. */
KERNEL(256, 1) slice(float* out, const float* x, int length, int group, int from, int count) {
  await_inputs();
  FOUR_ELEMENTS(i, count) { out[i] = x[(u64)(i / length) * group + from + i % length]; }
}

/*
 * By turns a group of a and one of b, `groups` a row; b_step elements from one of b to the next, 0
 * where there is one for the row.
 */
KERNEL(256, 1)
join(float* out, const float* a, const float* b, int a_group, int b_group, int groups, int b_step,
     int count) {
  await_inputs();
  int both = a_group + b_group;
  FOUR_ELEMENTS(i, count) {
    int group = i / both, at = i % both;
    int token = group / groups;
    u64 of_b = b_step ? (u64)group * b_step : (u64)token * b_group;
    out[i] = at < a_group ? a[(u64)group * a_group + at] : b[of_b + at - a_group];
  }
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
