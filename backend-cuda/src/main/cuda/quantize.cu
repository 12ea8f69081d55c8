// f32 to the 8-bit activation: per 32 values d = max|x| / 127 and signed bytes round(x / d).
#include "solebox.cuh"

KERNEL(256, 1) quantize_q8(u8* xq, u8* xs, const float* x, int count) {
  await_inputs();
  u64 i = 4 * ((u64)BLOCK_X * 256 + THREAD);
  bool inside = i < (u64)count;
  f32x4 v = {0, 0, 0, 0};
  if (inside) { v = load_floats(x + i); }
  quantize_block(inside, v, xq + i, xs + i / Q8 * 8);
}
