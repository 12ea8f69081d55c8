/*
 * From the layout of the file to that of quantized.c: the 32-bit words of 16 rows side by side, so
 * that one 64-byte load holds 4 weights of each of 16 rows; or with i8mm, 8 weights of 8 rows, which
 * are two neighbouring words.
 */
#include <stddef.h>

#include "repack_grids.h"
#include "solebox_cpu.h"

#ifdef __ARM_FEATURE_MATMUL_INT8
/* Where word w of row r goes. */
static inline uint8_t *place(block_format s, uint8_t *out, int w, int r) {
  int code = w - s.codes;
  if (code < 0 || w >= s.codes_end) {
    return out + 4 * (GROUP_ROWS * w + r);
  }
  uint8_t *pair = out + 4 * GROUP_ROWS * (w - code % 2);
  return pair + 8 * r + code % 2 * 4;
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
static inline uint8_t *place(block_format s, uint8_t *out, int w, int r) {
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

/* Most that a repacked block has. */
#define MOST_WORDS 64

/* Four scales of NVFP4 without the bit that means nothing, and 0 for what is no number. */
static inline uint32_t numbers_of(uint32_t four) {
  uint32_t out = 0;
  for (int i = 0; i < 32; i += 8) {
    uint32_t bits = four >> i & 255;
    out |= (bits == 127 ? 0 : bits & 127) << i;
  }
  return out;
}

/* The words of a block that is repacked to other ones than the file has. */
static inline __attribute__((always_inline)) void words_of(block_format s, const uint8_t *block, uint32_t *words) {
  switch (s.repack) {
    case IQ2_XXS_GRID: iq2_xxs_words(block, words); break;
    case IQ2_XS_GRID: iq2_xs_words(block, words); break;
    case IQ2_S_GRID: iq2_s_words(block, words); break;
    case IQ3_XXS_GRID: iq3_xxs_words(block, words); break;
    case IQ3_S_GRID: iq3_s_words(block, words); break;
    case MINIFLOATS:
      __builtin_memcpy(words, block + s.words_at, 4 * (size_t)word_count(s));
      words[0] = numbers_of(words[0]);
      break;
    case AS_STORED:
    case FLIPPED: break;
  }
}

/* One block of 16 rows. */
static inline __attribute__((always_inline)) void interleave(block_format s, const uint8_t *const *rows,
                                                             uint8_t *fields, uint8_t *out) {
  const int size = s.field_bytes == 1 ? 1 : 2;
  for (int h = 0; h < s.fields; h++) {
    for (int r = 0; r < GROUP_ROWS; r++) {
      __builtin_memcpy(fields + size * r, rows[r] + s.field_at[h], size);
    }
    fields += size * GROUP_ROWS;
  }
  for (int r = 0; s.repack > FLIPPED && r < GROUP_ROWS; r++) {
    uint32_t words[MOST_WORDS];
    words_of(s, rows[r], words);
    for (int w = 0; w < word_count(s); w++) {
      __builtin_memcpy(place(s, out, w, r), words + w, 4);
    }
  }
  /* Bytes are signed in the file. */
  const uint32_t flip = s.repack == FLIPPED ? 0x80808080u : 0;
  for (int w = 0; s.repack <= FLIPPED && w < word_count(s); w++) {
    for (int r = 0; r < GROUP_ROWS; r++) {
      uint32_t word;
      __builtin_memcpy(&word, rows[r] + s.words_at + 4 * w, 4);
      if (s.fifth_bits && w == 0) {
        put_fifth_bits(word, r, out);
      } else {
        word ^= flip;
        __builtin_memcpy(place(s, out, w, r), &word, 4);
      }
    }
  }
}

/* Blocks of zeros stand in for rows past the end. */
static const uint8_t zeros[256];

static inline __attribute__((always_inline)) void repack_group(block_format s, const uint8_t *file, int64_t left,
                                                               int64_t k, uint8_t *out) {
  int64_t blocks = k / s.weights;
  int64_t row_bytes = blocks * s.bytes;
  const uint8_t *rows[GROUP_ROWS];
  for (int64_t b = 0; b < blocks; b++) {
    for (int r = 0; r < GROUP_ROWS; r++) {
      rows[r] = r < left ? file + r * row_bytes + b * s.bytes : zeros;
    }
    /* Neighbouring blocks share a cache line for their fields. */
    int64_t fields = GROUP_ROWS * field_bytes(s), bytes = GROUP_ROWS * packed_bytes(s);
    int64_t own = b % together(s), left_blocks = blocks - (b - own);
    uint8_t *first = out + (b - own) * bytes;
    int64_t all_fields = fields * (left_blocks < together(s) ? left_blocks : together(s));
    interleave(s, rows, first + own * fields, first + all_fields + own * (bytes - fields));
  }
}

static inline __attribute__((always_inline)) void repack_groups(block_format s, const uint8_t *file, int64_t rows,
                                                                int64_t k, int64_t from, int64_t to, uint8_t *out) {
  const int64_t row_bytes = k / s.weights * s.bytes, group_bytes = k / s.weights * GROUP_ROWS * packed_bytes(s);
  for (int64_t g = from; g < to; g++) {
    repack_group(s, file + g * GROUP_ROWS * row_bytes, rows - g * GROUP_ROWS, k, out + g * group_bytes);
  }
}

int64_t ISA_NAME(group_bytes)(int32_t type, int64_t k) {
#define GROUP_BYTES(name, id, family, ...) \
  case TYPE_##name: return k / ((block_format)__VA_ARGS__).weights * GROUP_ROWS * packed_bytes((block_format)__VA_ARGS__);
  switch (type) {
    QUANTIZED_FORMATS(GROUP_BYTES)
    default: return 0;
  }
}

void ISA_NAME(repack)(int32_t type, const void *file, int64_t rows, int64_t k, int64_t from, int64_t to, void *out) {
#define REPACK(name, id, family, ...) \
  case TYPE_##name: repack_groups((block_format)__VA_ARGS__, file, rows, k, from, to, out); break;
  switch (type) { QUANTIZED_FORMATS(REPACK) }
}
