// Writes patterns over memory and reads them back: what was read otherwise is counted, and the first
// of it named. Addresses, so that two that reach the same cell are found; bits that walk, alone and
// among ones; constants; and numbers that look random.
#include "solebox.cuh"

enum { ADDRESS, RANDOM, WALKING, CONSTANT };

/* What the host reads: how many words were wrong, all wrong bits, and the first few words. */
enum { COUNT, BITS, FIRST = 4, NAMED = 16, LOW = 0, HIGH, EXPECTED, FOUND, NAMED_WORDS };

/* A number that tells nothing of `x`: lowbias32 of C. Wellons' hash-prospector (public domain). */
DEVICE u32 hash(u32 x) {
  x = (x ^ x >> 16) * 0x7feb352d;
  x = (x ^ x >> 15) * 0x846ca68b;
  return x ^ x >> 16;
}

/* Of the `word`th word of all that is walked. The upper half is mixed in, lest word 2^32 be as word 0. */
DEVICE u32 pattern(int kind, u32 seed, u64 word) {
  u32 low = (u32)word, high = (u32)(word >> 32);
  switch (kind) {
    case ADDRESS: return low ^ high * 0x9e3779b9;
    case RANDOM: return hash(low ^ hash(high ^ seed));
    case WALKING: return 1u << ((low + seed) & 31);
    default: return seed;
  }
}

DEVICE u32x4 pattern4(int kind, u32 seed, u32 invert, u64 word) {
  u32x4 v;
  UNROLL for (int i = 0; i < 4; i++) { v[i] = pattern(kind, seed, word + i) ^ invert; }
  return v;
}

/* `from`: words walked before these; count of 16 bytes. */
KERNEL(256, 6) walk_write(u8* data, i64 from, i64 count, int kind, u32 seed, u32 invert) {
  u64 step = (u64)BLOCKS_X * 256;
  for (u64 i = (u64)BLOCK_X * 256 + THREAD; i < (u64)count; i += step) {
    store16(data + 16 * i, pattern4(kind, seed, invert, (u64)from + 4 * i));
  }
}

DEVICE void note(u32* found, u64 word, u32 expected, u32 bits) {
  u32 before = count_in(found + COUNT), all;
  asm volatile("atom.relaxed.gpu.global.or.b32 %0, [%1], %2;"
               : "=r"(all) : "l"(found + BITS), "r"(expected ^ bits) : "memory");
  if (before < NAMED) {
    u32* entry = found + FIRST + NAMED_WORDS * before;
    entry[LOW] = (u32)word;
    entry[HIGH] = (u32)(word >> 32);
    entry[EXPECTED] = expected;
    entry[FOUND] = bits;
  }
}

KERNEL(256, 6) walk_read(u32* found, const u8* data, i64 from, i64 count, int kind, u32 seed, u32 invert) {
  u64 step = (u64)BLOCKS_X * 256;
  for (u64 i = (u64)BLOCK_X * 256 + THREAD; i < (u64)count; i += step) {
    u64 word = (u64)from + 4 * i;
    u32x4 read = load16(data + 16 * i), must = pattern4(kind, seed, invert, word);
    for (int j = 0; j < 4; j++) {
      if (read[j] != must[j]) { note(found, word + j, must[j], read[j]); }
    }
  }
}
