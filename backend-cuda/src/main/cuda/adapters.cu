// What adapters add to a product: y + scale B (A x) for the rows whose sequences use one. Which one that
// is stands in the step's input, so that a captured graph serves all.
#include "solebox.cuh"

/*
 * Of each variant of the model four words: the rank, the scale as f32, and where its A and its B begin
 * among those of all, in floats. A rank of 0 changes nothing.
 */
enum { WORDS = 4 };

/* The change of row `row`; null where there is none. row_ids: null where rows are tokens. */
DEVICE const i32* change_of(const i32* table, int variants, const i32* variant_of, const i32* row_ids, int row) {
  int variant = variant_of[row_ids ? row_ids[row] : row];
  const i32* change = table + WORDS * variant;
  return variant < variants && change[0] > 0 ? change : nullptr;
}

/* inner[row][r] = A[r] . x[row]; a warp takes one r. */
KERNEL(128, 1)
lora_down(float* inner, const float* x, const float* a, const i32* table, int variants, int width,
          int most_rank, const i32* variant_of, const i32* row_ids) {
  await_inputs();
  int r = 4 * BLOCK_X + WARP, row = BLOCK_Y;
  const i32* change = change_of(table, variants, variant_of, row_ids, row);
  if (!change || r >= change[0]) { return; }
  const float* weights = a + change[2] + (u64)r * width;
  const float* in = x + (u64)row * width;
  float sum = 0;
  for (int i = LANE; i < width; i += 32) { sum = fma(weights[i], in[i], sum); }
  sum = warp_sum(sum);
  if (LANE == 0) { inner[(u64)row * most_rank + r] = sum; }
}

/* out[row] = y[row] + scale B inner[row]; a thread takes a column. */
KERNEL(256, 1)
lora_up(float* out, const float* y, const float* inner, const float* b, const i32* table, int variants,
        int width, int most_rank, const i32* variant_of, const i32* row_ids) {
  await_inputs();
  int c = 256 * BLOCK_X + THREAD, row = BLOCK_Y;
  if (c >= width) { return; }
  u64 at = (u64)row * width + c;
  float value = y[at];
  const i32* change = change_of(table, variants, variant_of, row_ids, row);
  if (change) {
    int rank = change[0];
    const float* weights = b + change[3] + (u64)c * rank;
    const float* in = inner + (u64)row * most_rank;
    float sum = 0;
    for (int r = 0; r < rank; r++) { sum = fma(weights[r], in[r], sum); }
    value = fma(as_float((u32)change[1]), sum, value);
  }
  out[at] = value;
}
