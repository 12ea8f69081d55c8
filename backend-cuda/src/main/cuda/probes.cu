// What a kernel costs that computes nothing, how long a load takes, and what a prefetch brings.
#include "solebox.cuh"

/* Takes an argument, as every kernel does. */
KERNEL(128, 1) empty(const u32*) { await_inputs(); }

/*
 * One load after another: the address of each is known when the one before has come, since `zero`
 * is, but the compiler does not know it. Past the first-level cache.
 */
KERNEL(32, 1) chase(u32* out, const u8* data, i64 stride, int count, u32 zero) {
  if (THREAD > 0) { return; }
  u32 v = 0;
  for (i64 i = 0; i < count; i++) {
    asm volatile("ld.relaxed.gpu.global.u32 %0, [%1];"
                 : "=r"(v) : "l"(data + i * stride + (v & zero)) : "memory");
  }
  *out = v;
}

/* Asks the second-level cache for the beginning of every `stride` bytes, a thread for each. */
KERNEL(256, 1) prefetch_lines(const u8* data, i64 stride, int count) {
  int i = BLOCK_X * 256 + THREAD;
  if (i < count) { asm volatile("prefetch.global.L2 [%0];" :: "l"(data + i * stride)); }
}
