/*
 * Blocks of the IQ2 and IQ3 formats (ggml-org/ggml: src/ggml-quants.c, dequantize_row_iq2_xxs and
 * those after it) to words of codes: the level of a weight in its grid, and its sign. Part of repack.c.
 */
#include "grids.h"

/* The low seven bits, and an eighth that makes the number of ones even. */
static inline uint32_t even_signs(uint32_t bits) {
  uint32_t seven = bits & 127;
  return seven | (uint32_t)__builtin_parity(seven) << 7;
}

static inline uint32_t u32_at(const uint8_t *p) {
  uint32_t v;
  __builtin_memcpy(&v, p, 4);
  return v;
}

/*
 * Eight weights from 8i on of IQ2: 8 words of signs, bit s of a byte for sub-block s of 32, and then
 * 16 of levels, 8 for each half, two bits for each of four sub-blocks, as in Q3_K. Words begin as 0.
 */
static inline void put_iq2(uint32_t vector, uint32_t signs, int i, uint32_t *words) {
  int s = i / 4;
  for (int j = 0; j < 8; j++) {
    int word = i % 4 * 2 + j / 4, byte = 8 * (j % 4);
    words[word] |= (signs >> j & 1u) << (byte + s);
    words[8 + 8 * (s / 4) + word] |= (vector >> 2 * j & 3u) << (byte + 2 * (s % 4));
  }
}

static inline void iq2_xxs_words(const uint8_t *block, uint32_t *words) {
  __builtin_memset(words, 0, 4 * 25);
  for (int s = 0; s < 8; s++) {
    const uint8_t *vectors = block + 2 + 8 * s;
    uint32_t rest = u32_at(vectors + 4);
    for (int i = 0; i < 4; i++) {
      put_iq2(iq2_xxs_grid[vectors[i]], even_signs(rest >> 7 * i), 4 * s + i, words);
    }
    words[24] |= (rest >> 28) << 4 * s;
  }
}

static inline void iq2_xs_words(const uint8_t *block, uint32_t *words) {
  __builtin_memset(words, 0, 4 * 24);
  for (int i = 0; i < 32; i++) {
    uint32_t both = (uint32_t)(block[2 + 2 * i] | block[3 + 2 * i] << 8);
    put_iq2(iq2_xs_grid[both & 511], even_signs(both >> 9), i, words);
  }
  __builtin_memcpy(words + 24, block + 66, 8);
}

static inline void iq2_s_words(const uint8_t *block, uint32_t *words) {
  __builtin_memset(words, 0, 4 * 24);
  for (int i = 0; i < 32; i++) {
    int upper = block[66 + i / 4] >> 2 * (i % 4) & 3;
    put_iq2(iq2_s_grid[block[2 + i] | upper << 8], block[34 + i], i, words);
  }
  __builtin_memcpy(words + 24, block + 74, 8);
}

/* Four weights from 4i on of IQ3: in nibbles, as in IQ4_XS, behind the word of scales. */
static inline void put_iq3(uint32_t vector, uint32_t signs, int i, uint32_t *words) {
  uint32_t codes = 0;
  for (int j = 0; j < 4; j++) {
    codes |= ((vector >> 3 * j & 7u) | (signs >> j & 1u) << 3) << 8 * j;
  }
  words[1 + i / 8 * 4 + i % 4] |= codes << (i % 8 < 4 ? 0 : 4);
}

static inline void iq3_xxs_words(const uint8_t *block, uint32_t *words) {
  __builtin_memset(words, 0, 4 * 33);
  for (int s = 0; s < 8; s++) {
    uint32_t rest = u32_at(block + 66 + 4 * s);
    for (int i = 0; i < 8; i++) {
      put_iq3(iq3_xxs_grid[block[2 + 8 * s + i]], even_signs(rest >> 7 * (i / 2)) >> 4 * (i % 2), 8 * s + i, words);
    }
    words[0] |= (rest >> 28) << 4 * s;
  }
}

static inline void iq3_s_words(const uint8_t *block, uint32_t *words) {
  __builtin_memset(words, 0, 4 * 33);
  for (int i = 0; i < 64; i++) {
    int ninth = block[66 + i / 8] >> i % 8 & 1;
    put_iq3(iq3_s_grid[block[2 + i] | ninth << 8], (uint32_t)(block[74 + i / 2] >> 4 * (i % 2)), i, words);
  }
  words[0] = u32_at(block + 106);
}
