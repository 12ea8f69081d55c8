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
 * block is one or two f16 fields, the scale and what goes with the minimum, and 32-bit words.
 */
typedef struct {
  int32_t weights, bytes;    /* of a block */
  int32_t fields, field_at[2]; /* how many, and where they are in a block of the file */
  int32_t words_at;          /* where the words begin there, which are all that is left */
  int32_t codes, codes_end;  /* which of the words are nibbles, upper bits or bytes; the others are scales */
  int32_t fifth_bits;        /* whether word 0 has a bit for each of 32 weights */
  int32_t zero_bit;          /* weights are stored plus 2^zero_bit, unless it is 0 */
} block_format;

/* ROW(name, id, family, block_format): the family is a kernel of quantized.c. */
#define QUANTIZED_FORMATS(ROW)                                         \
  ROW(Q4_0, 2, small, {32, 18, 1, {0}, 2, 0, 4, 0, 3})                 \
  ROW(Q4_1, 3, small, {32, 20, 2, {0, 2}, 4, 0, 4, 0, 0})              \
  ROW(Q5_0, 6, small, {32, 22, 1, {0}, 2, 1, 5, 1, 4})                 \
  ROW(Q5_1, 7, small, {32, 24, 2, {0, 2}, 4, 1, 5, 1, 0})              \
  ROW(Q8_0, 8, bytes, {32, 34, 1, {0}, 2, 0, 8, 0, 7})                 \
  ROW(Q4_K, 12, nested, {256, 144, 2, {0, 2}, 4, 3, 35, 0, 0})         \
  ROW(Q5_K, 13, nested, {256, 176, 2, {0, 2}, 4, 3, 43, 0, 0})         \
  ROW(Q6_K, 14, six_bits, {256, 210, 1, {208}, 0, 0, 48, 0, 5})

#define TYPE_OF_DENSE(name, id, bytes) TYPE_##name = id,
#define TYPE_OF_QUANTIZED(name, id, family, ...) TYPE_##name = id,
enum weight_type { DENSE_FORMATS(TYPE_OF_DENSE) QUANTIZED_FORMATS(TYPE_OF_QUANTIZED) };

#endif
