/*
 * How the KV cache of one attention layer lies in memory, as in Java's KvLayout: block by block of
 * 32 positions, in a block head by head, for each head its keys and then its values.
 *
 * Keys are transposed, [D, 32]. Values are [32, Dv], Dv padded to a multiple of 16; where they are a
 * part of the keys there are none. In Q8_0, 32
 * consecutive elements of a head share an f16 scale: values are plain Q8_0 blocks; keys have, for
 * each 32 dimensions, 32 scales (one per position) and then [32, 32] signed bytes.
 */
#ifndef SOLEBOX_KV_LAYOUT_H
#define SOLEBOX_KV_LAYOUT_H

#include <stdint.h>

#include "solebox_cpu.h"

#define KV_BLOCK 32
/* Bytes of 32 elements that share a scale. */
#define Q8_0_BYTES 34

static inline int64_t padded_dim(int64_t dim) { return (dim + 15) / 16 * 16; }

static inline int64_t kv_bytes(int32_t type, int64_t elements) {
  switch (type) {
    case TYPE_F32: return 4 * elements;
    case TYPE_F16: return 2 * elements;
    default: return elements / 32 * Q8_0_BYTES;
  }
}
static inline int64_t key_bytes(const struct attention *op) { return kv_bytes(op->kv_type, KV_BLOCK * (int64_t)op->key_dim); }
static inline int64_t kv_head_bytes(const struct attention *op) {
  int64_t values = op->latent ? 0 : kv_bytes(op->kv_type, KV_BLOCK * padded_dim(op->value_dim));
  return key_bytes(op) + values;
}

#endif
