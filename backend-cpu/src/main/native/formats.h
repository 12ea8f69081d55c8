/*
 * The weight formats, a row each: all that the kernels know of one. Another format of a family that
 * is here needs a row and nothing else; what Java may ask of this library follows from these tables.
 * Ids are those of GGUF files, blocks those of ggml-org/ggml: src/ggml-common.h.
 */
#ifndef FORMATS_H
#define FORMATS_H

#include <stdint.h>

/* Rows that are interleaved in the repacked layout; a "group" is so many rows. */
#define GROUP_ROWS 16

/* Floats, multiplied in the layout of the file (dense.c). ROW(name, id, bytes) */
#define DENSE_FORMATS(ROW) \
  ROW(F32, 0, 4)           \
  ROW(F16, 1, 2)           \
  ROW(BF16, 30, 2)

/*
 * Codes with scales, repacked (repack.c) and multiplied by activations of 8 bits (quantized.c). A
 * block is some fields of 16 bits, as the scale and what goes with the minimum, or one of 8 bits, and
 * 32-bit words. Blocks of the IQ2 and IQ3 formats name vectors of a grid; repacked, they have the
 * codes themselves, since looking vectors up takes longer than reading more.
 */
typedef struct {
  int32_t weights, bytes;    /* of a block of the file */
  int32_t fields, field_at[2]; /* how many, and where they are in a block of the file */
  int32_t words_at;          /* where the words begin there, which are all that is left */
  int32_t codes, codes_end;  /* which of the words are nibbles, upper bits or bytes; the others are scales */
  int32_t fifth_bits;        /* whether word 0 has a bit for each of 32 weights */
  int32_t zero_bit;          /* weights are stored plus 2^zero_bit, unless it is 0 */
  int32_t field_bytes;       /* of a field; 0 for 2 */
  int32_t words;             /* of a repacked block, where it is no block of the file; or else 0 */
  enum { AS_STORED, FLIPPED, MINIFLOATS, IQ2_XXS_GRID, IQ2_XS_GRID, IQ2_S_GRID, IQ3_XXS_GRID, IQ3_S_GRID } repack;
  enum { NO_TABLE, IQ4_TABLE, E2M1_TABLE, IQ3_XXS_TABLE, IQ3_S_TABLE, IQ2_TABLE } table; /* what codes stand for */
} block_format;

static inline int32_t field_bytes(block_format f) { return f.fields * (f.field_bytes == 1 ? 1 : 2); }
static inline int32_t word_count(block_format f) { return f.words ? f.words : (f.bytes - field_bytes(f)) / 4; }
/* Bytes of a repacked block for each row. */
static inline int32_t packed_bytes(block_format f) { return field_bytes(f) + 4 * word_count(f); }
/* Blocks that lie together, so that words begin at cache lines. */
static inline int32_t together(block_format f) { return field_bytes(f) == 0 ? 1 : 4 / field_bytes(f); }

/* ROW(name, id, family, block_format): the family is a kernel of quantized.c. */
#define FAMILY_FORMATS(ROW)                                                                                       \
  ROW(Q4_0, 2, small, {32, 18, 1, {0}, 2, 0, 4, .zero_bit = 3})                                                   \
  ROW(Q4_1, 3, small, {32, 20, 2, {0, 2}, 4, 0, 4, .zero_bit = 0})                                                \
  ROW(Q5_0, 6, small, {32, 22, 1, {0}, 2, 1, 5, .fifth_bits = 1, .zero_bit = 4})                                  \
  ROW(Q5_1, 7, small, {32, 24, 2, {0, 2}, 4, 1, 5, .fifth_bits = 1})                                              \
  ROW(Q8_0, 8, bytes, {32, 34, 1, {0}, 2, 0, 8, .repack = FLIPPED, .zero_bit = 7})                                \
  ROW(Q4_K, 12, nested, {256, 144, 2, {0, 2}, 4, 3, 35, .zero_bit = 0})                                           \
  ROW(Q5_K, 13, nested, {256, 176, 2, {0, 2}, 4, 3, 43, .zero_bit = 0})                                           \
  ROW(Q6_K, 14, six_bits, {256, 210, 1, {208}, 0, 0, 48, .zero_bit = 5})                                          \
  ROW(Q2_K, 10, two_bits, {256, 84, 2, {80, 82}, 0, 4, 20, .zero_bit = 0})                                         \
  ROW(Q3_K, 11, three_bits, {256, 110, 1, {108}, 0, 0, 24, .zero_bit = 2})                                        \
  ROW(IQ4_NL, 20, table_blocks, {32, 18, 1, {0}, 2, 0, 4, .table = IQ4_TABLE, .zero_bit = 7})                     \
  ROW(IQ4_XS, 23, table_runs, {256, 136, 2, {0, 2}, 4, 1, 33, .table = IQ4_TABLE, .zero_bit = 7})                 \
  ROW(MXFP4, 39, table_blocks, {32, 17, 1, {0}, 1, 0, 4, .field_bytes = 1, .table = E2M1_TABLE, .zero_bit = 4})   \
  ROW(NVFP4, 40, table_pairs, {64, 36, 0, {0}, 0, 1, 9, .repack = MINIFLOATS, .table = E2M1_TABLE,                \
      .zero_bit = 4})                                                                                             \
  ROW(IQ3_S, 21, table_runs, {256, 110, 1, {0}, 0, 1, 33, .words = 33, .repack = IQ3_S_GRID,                      \
      .table = IQ3_S_TABLE, .zero_bit = 4})                                                                       \
  ROW(IQ3_XXS, 18, table_runs, {256, 98, 1, {0}, 0, 1, 33, .words = 33, .repack = IQ3_XXS_GRID,                   \
      .table = IQ3_XXS_TABLE, .zero_bit = 6})                                                                     \
  ROW(IQ2_XS, 17, three_bits, {256, 74, 1, {0}, 0, 0, 24, .words = 26, .repack = IQ2_XS_GRID,                     \
      .table = IQ2_TABLE, .zero_bit = 6})                                                                         \
  ROW(IQ2_XXS, 16, three_bits, {256, 66, 1, {0}, 0, 0, 24, .words = 25, .repack = IQ2_XXS_GRID,                   \
      .table = IQ2_TABLE, .zero_bit = 6})

/* ROW(name, id, other, block_format): repacked, its blocks are those of the other one, whose kernels it shares. */
#define TWIN_FORMATS(ROW)                                                                                         \
  ROW(IQ2_S, 22, IQ2_XS, {256, 82, 1, {0}, 0, 0, 24, .words = 26, .repack = IQ2_S_GRID, .table = IQ2_TABLE,       \
      .zero_bit = 6})

/* ROW(name, id, family or other, block_format) */
#define QUANTIZED_FORMATS(ROW) FAMILY_FORMATS(ROW) TWIN_FORMATS(ROW)

#define TYPE_OF_DENSE(name, id, bytes) TYPE_##name = id,
#define TYPE_OF_QUANTIZED(name, id, family, ...) TYPE_##name = id,
enum weight_type { DENSE_FORMATS(TYPE_OF_DENSE) QUANTIZED_FORMATS(TYPE_OF_QUANTIZED) };

#endif
