/*
 * From the layout of the file to that of quantized.c: the 32-bit words of 16 rows side by side, so
 * that one 64-byte load holds 4 weights of each of 16 rows.
 */
#include "solebox_cpu.h"

/* How a block of a format is made: f16 fields at byte offsets, words from another offset on. */
typedef struct {
  int32_t weights, bytes;
  int32_t halves, half_at[2];
  int32_t words, words_at;
  /* Q8_0: added to each byte modulo 256. */
  uint32_t flip;
  /* Q5_0, Q5_1: the first word holds the fifth bits of weights 0..31; they become bit g of byte j
   * for weight 4g + j. */
  int32_t spread_first;
} block_shape;

static block_shape shape_of(enum weight_type type) {
  switch (type) {
    case TYPE_Q4_0: return (block_shape){32, 18, 1, {0}, 4, 2, 0, 0};
    case TYPE_Q4_1: return (block_shape){32, 20, 2, {0, 2}, 4, 4, 0, 0};
    case TYPE_Q5_0: return (block_shape){32, 22, 1, {0}, 5, 2, 0, 1};
    case TYPE_Q5_1: return (block_shape){32, 24, 2, {0, 2}, 5, 4, 0, 1};
    case TYPE_Q8_0: return (block_shape){32, 34, 1, {0}, 8, 2, 0x80808080u, 0};
    case TYPE_Q4_K: return (block_shape){256, 144, 2, {0, 2}, 35, 4, 0, 0};
    case TYPE_Q5_K: return (block_shape){256, 176, 2, {0, 2}, 43, 4, 0, 0};
    case TYPE_Q6_K: return (block_shape){256, 210, 1, {208}, 52, 0, 0, 0};
    case TYPE_F32:
    case TYPE_F16:
    case TYPE_BF16: break;
  }
  return (block_shape){0};
}

static uint32_t spread(uint32_t bits) {
  uint32_t out = 0;
  for (uint32_t i = 0; i < 32; i++) {
    out |= (bits >> i & 1u) << (8 * (i % 4) + i / 4);
  }
  return out;
}

/* One block of 16 rows. */
static inline __attribute__((always_inline)) void interleave(block_shape s, const uint8_t *const *rows,
                                                             uint8_t *out) {
  for (int h = 0; h < s.halves; h++) {
    for (int r = 0; r < GROUP_ROWS; r++) {
      __builtin_memcpy(out + 2 * r, rows[r] + s.half_at[h], 2);
    }
    out += 2 * GROUP_ROWS;
  }
  for (int w = 0; w < s.words; w++) {
    for (int r = 0; r < GROUP_ROWS; r++) {
      uint32_t word;
      __builtin_memcpy(&word, rows[r] + s.words_at + 4 * w, 4);
      word = s.spread_first && w == 0 ? spread(word) : word ^ s.flip;
      __builtin_memcpy(out + 4 * r, &word, 4);
    }
    out += 4 * GROUP_ROWS;
  }
}

/* Blocks of zeros stand in for rows past the end. */
static const uint8_t zeros[256];

static inline __attribute__((always_inline)) void repack_group(block_shape s, const uint8_t *file, int64_t left,
                                                               int64_t k, uint8_t *out) {
  int64_t blocks = k / s.weights;
  int64_t row_bytes = blocks * s.bytes;
  const uint8_t *rows[GROUP_ROWS];
  for (int64_t b = 0; b < blocks; b++) {
    for (int r = 0; r < GROUP_ROWS; r++) {
      rows[r] = r < left ? file + r * row_bytes + b * s.bytes : zeros;
    }
    interleave(s, rows, out + b * s.bytes * GROUP_ROWS);
  }
}

#define REPACK(type)                                                                        \
  case type:                                                                                \
    for (int64_t g = from; g < to; g++) {                                                   \
      int64_t row_bytes = k / shape_of(type).weights * shape_of(type).bytes;                \
      repack_group(shape_of(type), (const uint8_t *)file + g * GROUP_ROWS * row_bytes,      \
                   rows - g * GROUP_ROWS, k, (uint8_t *)out + g * GROUP_ROWS * row_bytes);  \
    }                                                                                       \
    break;

void repack(int32_t type, const void *file, int64_t rows, int64_t k, int64_t from, int64_t to, void *out) {
  switch ((enum weight_type)type) {
    REPACK(TYPE_Q4_0)
    REPACK(TYPE_Q4_1)
    REPACK(TYPE_Q5_0)
    REPACK(TYPE_Q5_1)
    REPACK(TYPE_Q8_0)
    REPACK(TYPE_Q4_K)
    REPACK(TYPE_Q5_K)
    REPACK(TYPE_Q6_K)
    case TYPE_F32:
    case TYPE_F16:
    case TYPE_BF16: break;
  }
}
