// Rows of an embedding table: out[t][k] = w[tokens[t]][k], the same value to the bit as the format's
// scalar definition gives. A block takes a token, a thread a run of 16 weights (one, if dense).
//
// Compiled once per format: FORMAT is a type of formats.cuh, NAME its name in the entry.
#include "formats.cuh"

template <class F> DEVICE void embed_dense(float* out, const i32* tokens, Planes w, int cols) {
  await_inputs();
  typename F::Row row = F::row(w, (u64)tokens[BLOCK_X], cols);
  float* y = out + (u64)BLOCK_X * cols;
  for (int k = THREAD; k < cols; k += THREADS) { y[k] = F::at(row, k); }
}

template <class F> DEVICE void embed_quantized(float* out, const i32* tokens, Planes w, int cols) {
  await_inputs();
  typename F::Row row = F::row(w, (u64)tokens[BLOCK_X], cols);
  float* y = out + (u64)BLOCK_X * cols;
  for (int run = THREAD; run < cols / 16; run += THREADS) {
    float d, m;
    u32x4 q = F::expand(row, run >> 1, run & 1, d, m);
    UNROLL for (int i = 0; i < 4; i++) {
      f32x4 v;
      UNROLL for (int j = 0; j < 4; j++) {
        float value = (float)(i8)(q[i] >> (8 * j));
        // d * q is exact, so this rounds once, as the definition does; -0 survives without a min.
        v[j] = F::HAS_MIN ? fma(d, value, m) : d * value;
      }
      store_floats(y + 16 * run + 4 * i, v);
    }
  }
}

#define JOIN2(a, b) a##_##b
#define JOIN(a, b) JOIN2(a, b)
KERNEL(128, 1)
JOIN(embed, NAME)(float* out, const i32* tokens, const u8* p0, const u8* p1, const u8* p2,
                  const u8* p3, int cols) {
  if constexpr (FORMAT::QUANTIZED) {
    embed_quantized<FORMAT>(out, tokens, {p0, p1, p2, p3}, cols);
  } else {
    embed_dense<FORMAT>(out, tokens, {p0, p1, p2, p3}, cols);
  }
}
