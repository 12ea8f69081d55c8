// Reads memory and does nothing else: what the card's bandwidth is, for shares of it.
#include "solebox.cuh"

KERNEL(512, 1) read_bandwidth(u32* out, const u8* data, i64 count) {
  u64 thread = (u64)BLOCK_X * 512 + THREAD, threads = (u64)BLOCKS_X * 512;
  u32x4 sum = {0, 0, 0, 0};
  u64 i = thread;
  // Eight loads in flight per thread.
  for (; i + 7 * threads < (u64)count; i += 8 * threads) {
    u32x4 v[8];
    UNROLL for (int j = 0; j < 8; j++) { v[j] = load_weights(data + 16 * (i + j * threads)); }
    UNROLL for (int j = 0; j < 8; j++) { sum ^= v[j]; }
  }
  for (; i < (u64)count; i += threads) { sum ^= load_weights(data + 16 * i); }
  out[thread] = sum.x ^ sum.y ^ sum.z ^ sum.w;
}
