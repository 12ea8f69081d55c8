/*
 * From the layout of the file to that of quantized.c: the 32-bit words of 16 rows side by side, so
 * that one 64-byte load holds 4 weights of each of 16 rows; or with i8mm, 8 weights of 8 rows, which
 * are two neighbouring words.
 */
#include "solebox_cpu.h"

/* How a block of a format is made: f16 fields at byte offsets, words from another offset on. */
typedef struct {
  int32_t weights, bytes;
  int32_t halves, half_at[2];
  int32_t words, words_at;
  /* Q8_0: added to each byte modulo 256. */
  uint32_t flip;
  /* Words that hold no weights: scales, or the fifth bits of Q5_0 and Q5_1, which are the first word. */
  int32_t first_weights, end_weights;
  int32_t fifth_bits_first;
} block_shape;

static block_shape shape_of(enum weight_type type) {
  switch (type) {
    case TYPE_Q4_0: return (block_shape){32, 18, 1, {0}, 4, 2, 0, 0, 4, 0};
    case TYPE_Q4_1: return (block_shape){32, 20, 2, {0, 2}, 4, 4, 0, 0, 4, 0};
    case TYPE_Q5_0: return (block_shape){32, 22, 1, {0}, 5, 2, 0, 1, 5, 1};
    case TYPE_Q5_1: return (block_shape){32, 24, 2, {0, 2}, 5, 4, 0, 1, 5, 1};
    case TYPE_Q8_0: return (block_shape){32, 34, 1, {0}, 8, 2, 0x80808080u, 0, 8, 0};
    case TYPE_Q4_K: return (block_shape){256, 144, 2, {0, 2}, 35, 4, 0, 3, 35, 0};
    case TYPE_Q5_K: return (block_shape){256, 176, 2, {0, 2}, 43, 4, 0, 3, 43, 0};
    case TYPE_Q6_K: return (block_shape){256, 210, 1, {208}, 52, 0, 0, 0, 48, 0};
    case TYPE_F32:
    case TYPE_F16:
    case TYPE_BF16: break;
  }
  return (block_shape){0};
}

#ifdef __ARM_FEATURE_MATMUL_INT8
/* Where word w of row r goes. */
static inline uint8_t *place(block_shape s, uint8_t *out, int w, int r) {
  int weights = w - s.first_weights;
  if (weights < 0 || w >= s.end_weights) {
    return out + 4 * (GROUP_ROWS * w + r);
  }
  uint8_t *pair = out + 4 * GROUP_ROWS * (w - weights % 2);
  return pair + 8 * r + weights % 2 * 4;
}

/* Byte j of row r % 8 has bits g for weights 8g + j of row r % 8, and bits 4 + g for those 8 rows on. */
static inline void put_fifth_bits(uint32_t bits, int r, uint8_t *out) {
  for (int j = 0; j < 8; j++) {
    uint8_t four = 0;
    for (int g = 0; g < 4; g++) {
      four |= (uint8_t)((bits >> (8 * g + j) & 1u) << g);
    }
    uint8_t *at = out + r % 8 * 8 + j;
    *at = r < 8 ? four : (uint8_t)(*at | four << 4);
  }
}
#else
static inline uint8_t *place(block_shape s, uint8_t *out, int w, int r) {
  (void)s;
  return out + 4 * (GROUP_ROWS * w + r);
}

/* Byte j of a row has bits g for weights 4g + j. */
static inline void put_fifth_bits(uint32_t bits, int r, uint8_t *out) {
  uint32_t word = 0;
  for (uint32_t i = 0; i < 32; i++) {
    word |= (bits >> i & 1u) << (8 * (i % 4) + i / 4);
  }
  __builtin_memcpy(out + 4 * r, &word, 4);
}
#endif

/* One block of 16 rows. */
static inline __attribute__((always_inline)) void interleave(block_shape s, const uint8_t *const *rows,
                                                             uint8_t *fields, uint8_t *out) {
  for (int h = 0; h < s.halves; h++) {
    for (int r = 0; r < GROUP_ROWS; r++) {
      __builtin_memcpy(fields + 2 * r, rows[r] + s.half_at[h], 2);
    }
    fields += 2 * GROUP_ROWS;
  }
  for (int w = 0; w < s.words; w++) {
    for (int r = 0; r < GROUP_ROWS; r++) {
      uint32_t word;
      __builtin_memcpy(&word, rows[r] + s.words_at + 4 * w, 4);
      if (s.fifth_bits_first && w == 0) {
        put_fifth_bits(word, r, out);
      } else {
        word ^= s.flip;
        __builtin_memcpy(place(s, out, w, r), &word, 4);
      }
    }
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
    /* With one field, blocks b and b + 1 share a cache line for it. */
    int64_t field_bytes = 2 * GROUP_ROWS * s.halves, bytes = s.bytes * GROUP_ROWS;
    int64_t second = s.halves == 1 ? b % 2 : 0;
    uint8_t *first = out + (b - second) * bytes;
    int64_t all_fields = s.halves == 1 && b + 1 - second < blocks ? 2 * field_bytes : field_bytes;
    interleave(s, rows, first + second * field_bytes, first + all_fields + second * (bytes - field_bytes));
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

void ISA_NAME(repack)(int32_t type, const void *file, int64_t rows, int64_t k, int64_t from, int64_t to, void *out) {
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
