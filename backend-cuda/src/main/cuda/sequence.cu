// What goes over the tokens of a sequence, but is no attention: short convolutions and means.
#include "sequence.cuh"

/*
 * out[t][c] = bias[c] + sum over j of kernel[c][j] * input(positions[t] - kept + j)[c], where an input
 * is in this step or in the state of an earlier one: that of position p in row p % kept of a slot
 * [kept][width]. A thread takes a channel of a token.
 */
KERNEL(256, 1)
short_conv(float* out, const float* x, const float* kernel, const float* bias, const float* state,
           int width, int kept, const i32* positions, const i32* sequence_of, const i32* slots) {
  await_inputs();
  int c = 256 * BLOCK_X + THREAD, token = BLOCK_Y;
  if (c >= width) { return; }
  int position = positions[token];
  float sum = bias ? bias[c] : 0;
  const float* kept_inputs = state + (u64)slots[sequence_of[token]] * kept * width;
  for (int j = 0; j <= kept; j++) {
    int back = kept - j, at = position - back;
    if (at < 0) { continue; }  // before the sequence
    bool here = back <= token && follows(positions, sequence_of, token, token - back, -back);
    float input = here ? x[(u64)(token - back) * width + c] : kept_inputs[(u64)(at % kept) * width + c];
    sum = fma(kernel[(u64)c * (kept + 1) + j], input, sum);
  }
  out[(u64)token * width + c] = sum;
}

/* The last `kept` inputs of each sequence become its state. */
KERNEL(256, 1)
keep_inputs(float* state, const float* x, int width, int kept, int tokens, const i32* positions,
            const i32* sequence_of, const i32* slots) {
  await_inputs();
  int c = 256 * BLOCK_X + THREAD, token = BLOCK_Y;
  int position = positions[token], later = token + kept;
  if (c >= width || position < 0) { return; }
  if (later < tokens && follows(positions, sequence_of, token, later, kept)) { return; }
  u64 row = (u64)slots[sequence_of[token]] * kept + position % kept;
  state[row * width + c] = x[(u64)token * width + c];
}

/* out[r] = the mean of x over the tokens of the sequence that row r's token belongs to. */
KERNEL(256, 1)
mean_rows(float* out, const float* x, const i32* row_ids, int width, int tokens,
          const i32* positions, const i32* sequence_of) {
  await_inputs();
  int c = 256 * BLOCK_X + THREAD;
  if (c >= width) { return; }
  int first = row_ids[BLOCK_Y], end = first + 1;
  while (first > 0 && follows(positions, sequence_of, first, first - 1, -1)) { first--; }
  while (end < tokens && follows(positions, sequence_of, end - 1, end, 1)) { end++; }
  float sum = 0;
  for (int t = first; t < end; t++) { sum += x[(u64)t * width + c]; }
  out[(u64)BLOCK_Y * width + c] = sum / (float)(end - first);
}
