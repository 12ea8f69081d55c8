// Reads memory and does nothing else, in three ways: the best of them is what the card's bandwidth
// is, for shares of it. Over bytes that look random, since memory that a card may compress, or keep
// as "all zeros", would read faster than weights do.
#include "solebox.cuh"

/* The XOR of every `step`th 16 bytes from `i` on, before `end`; so many loads under way at once. */
template <int loads> DEVICE u32 sum_of(const u8* data, u64 i, u64 step, u64 end) {
  u32x4 sum = {0, 0, 0, 0};
  for (; i + (loads - 1) * step < end; i += loads * step) {
    u32x4 v[loads];
    UNROLL for (int j = 0; j < loads; j++) { v[j] = load_weights(data + 16 * (i + j * step)); }
    UNROLL for (int j = 0; j < loads; j++) { sum ^= v[j]; }
  }
  for (; i < end; i += step) { sum ^= load_weights(data + 16 * i); }
  return sum.x ^ sum.y ^ sum.z ^ sum.w;
}

/* All threads of the grid side by side. */
template <int loads> DEVICE void interleaved(u32* out, const u8* data, i64 count) {
  u64 thread = (u64)BLOCK_X * THREADS + THREAD;
  out[thread] = sum_of<loads>(data, thread, (u64)BLOCKS_X * THREADS, (u64)count);
}

/* Most loads per thread. */
KERNEL(512, 2) read_interleaved_8(u32* out, const u8* data, i64 count) {
  interleaved<8>(out, data, count);
}

/* Most threads. */
KERNEL(256, 5) read_interleaved_4(u32* out, const u8* data, i64 count) {
  interleaved<4>(out, data, count);
}

/* Each warp a piece of its own from end to end, 4 KiB at once, as products read rows. */
KERNEL(256, 4) read_contiguous_8(u32* out, const u8* data, i64 count) {
  u64 thread = (u64)BLOCK_X * THREADS + THREAD, warps = (u64)BLOCKS_X * (THREADS / 32);
  u64 piece = ((u64)count / 32 / warps + 1) * 32, from = thread / 32 * piece;
  u64 end = from + piece < (u64)count ? from + piece : (u64)count;
  out[thread] = sum_of<8>(data, from + LANE, 32, end);
}

/* A number that tells nothing of `x`: lowbias32 of C. Wellons' hash-prospector (public domain). */
DEVICE u32 hash(u32 x) {
  x = (x ^ x >> 16) * 0x7feb352d;
  x = (x ^ x >> 15) * 0x846ca68b;
  return x ^ x >> 16;
}

KERNEL(256, 1) fill_random(u8* data, i64 count) {
  u64 threads = (u64)BLOCKS_X * 256;
  for (u64 i = (u64)BLOCK_X * 256 + THREAD; i < (u64)count; i += threads) {
    u32 x = (u32)(4 * i);
    store16(data + 16 * i, u32x4{hash(x), hash(x + 1), hash(x + 2), hash(x + 3)});
  }
}
