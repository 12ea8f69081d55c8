/*
 * The native kernels of the CPU backend: what Java calls, and the layouts both sides agree on.
 *
 * Every kernel is compiled once per instruction set and carries its name: ISA_NAME(linear) is
 * linear_avx512 in one object and linear_neon in another. Java looks names up by the instruction
 * set that it chose. No function allocates, locks, starts threads or calls libc (memcpy, memmove
 * and memset excepted); each works on a range that the caller's thread team hands out.
 *
 * Bits: for one instruction set the result of a token depends on nothing but its inputs: not on the
 * number of tokens in the call, nor on how rows are cut into ranges.
 */
#ifndef SOLEBOX_CPU_H
#define SOLEBOX_CPU_H

#include <stdint.h>

#include "formats.h"

#ifndef ISA
#error "compile with -DISA=<instruction set>"
#endif
#define ISA_JOIN(name, isa) name##_##isa
#define ISA_EXPAND(name, isa) ISA_JOIN(name, isa)
#define ISA_NAME(name) ISA_EXPAND(name, ISA)
#define EXPORT __attribute__((visibility("default")))

/*
 * linear.c: what matrix products with weights of a type take as activations: blocks of 8 bits in
 * linear_quantized, f32 or bf16 in linear_dense; none where there is no such product.
 */
enum operand { OPERAND_NONE = 0, OPERAND_F32 = 1, OPERAND_BF16 = 2, OPERAND_INT8 = 3 };
EXPORT int32_t ISA_NAME(operand)(int32_t type);

/*
 * 32 activations of one token as signed bytes: x = d q. A token of K activations is K/32 of these,
 * tokens follow one another. The sums correct for weights that are stored with an offset z: the dot
 * product of w - z is that of w plus z times the negated sum, and z is a power of two.
 */
struct activation_block {
  int8_t q[32];
  float d;                /* max |x| / 127 */
  float sum;              /* d * (sum of q) */
  int32_t negative_sum;   /* -(sum of q) */
  int32_t negative_low;   /* -(sum of q[0..15]) */
};

/* linear.c: f32 [count] to count/32 blocks. */
EXPORT void ISA_NAME(quantize)(const float *x, int64_t count, struct activation_block *out);
/* linear.c: f32 [count] to bf16, round to nearest even. */
EXPORT void ISA_NAME(to_bf16)(const float *x, int64_t count, uint16_t *out);

/*
 * repack.c: groups from..to of a quantized matrix [rows, k] in file layout to the interleaved layout
 * of quantized.c, which is that of the instruction set. Rows past the end are zeros.
 */
EXPORT void ISA_NAME(repack)(int32_t type, const void *file, int64_t rows, int64_t k, int64_t from, int64_t to,
                             void *out);
/* repack.c: bytes of a repacked group; 16 times those of a row in the file, or more (formats.h). */
EXPORT int64_t ISA_NAME(group_bytes)(int32_t type, int64_t k);

/*
 * quantized.c: out[t, r] = sum_k x[t, k] w[r, k] + bias[r] for the rows of groups from..to.
 * w: repacked [rows, k]; x: [tokens, k/32]; bias: f32 [rows] or NULL; out: f32 [tokens, rows].
 */
EXPORT void ISA_NAME(linear_quantized)(int32_t type, const void *w, int64_t rows, int64_t k, int64_t from, int64_t to,
                                       const struct activation_block *x, int64_t tokens, const float *bias, float *out);

/* dense.c: the same for rows from..to of floats in file layout. x: f32 or bf16 [tokens, k]. */
EXPORT void ISA_NAME(linear_dense)(int32_t type, const void *w, int64_t rows, int64_t k, int64_t from, int64_t to,
                                   const void *x, int64_t tokens, const float *bias, float *out);

/* bandwidth.c: reads bytes (a multiple of 1024) as four streams; the result only keeps the loads alive. */
EXPORT int64_t ISA_NAME(read_memory)(const void *from, int64_t bytes);

/* pointwise.c: one group's x[n] to out[n]: x / rms(x) * gain. */
EXPORT void ISA_NAME(rms_norm)(const float *x, const float *gain, float eps, int64_t n, float *out);
/* pointwise.c: (x - mean) / deviation * gain + bias; bias: f32 [n] or NULL. */
EXPORT void ISA_NAME(layer_norm)(const float *x, const float *gain, const float *bias, float eps, int64_t n,
                                 float *out);
/* pointwise.c: functions of one number; what they compute stands in Java's Activation and PointwiseOp. */
enum activation {
  IDENTITY = 0,
  SILU = 1,
  GELU = 2,
  GELU_ERF = 3,
  RELU = 4,
  RELU_SQUARED = 5,
  SIGMOID = 6,
  SOFTPLUS = 7,
  TANH = 8,
  SCALE = 9,    /* times the parameter */
  SOFT_CAP = 10 /* the parameter is the cap */
};
EXPORT void ISA_NAME(activate)(int32_t activation, float parameter, const float *x, int64_t n, float *out);
/* pointwise.c: out = activation(gate) * up. */
EXPORT void ISA_NAME(gated)(int32_t activation, const float *gate, const float *up, int64_t n, float *out);
/* pointwise.c: g sigmoid(alpha g) (u + 1), g and u limited. */
EXPORT void ISA_NAME(gated_clamped)(float alpha, float limit, const float *gate, const float *up, int64_t n,
                                    float *out);
EXPORT void ISA_NAME(add)(const float *a, const float *b, int64_t n, float *out);
/*
 * pointwise.c: turns the heads of one token, x[heads, dim] to out. Pair i are elements 2i and 2i+1
 * where adjacent, else i and i+pairs; elements from 2 * pairs on pass. table: f32 [2, pairs], the
 * cosines and then the sines of the token's position. out may not be x.
 */
EXPORT void ISA_NAME(rope)(const float *x, int64_t heads, int64_t dim, int64_t pairs, int32_t adjacent,
                           const float *table, float *out);

/* answers.c: the lowest id with the highest of logits[n]. */
EXPORT int64_t ISA_NAME(argmax)(const float *logits, int64_t n);
/* answers.c: the k best ids, best first, ties by id, to ids[k] and best[k]; returns how many: k, or n if less. */
EXPORT int64_t ISA_NAME(top_k)(const float *logits, int64_t n, int64_t k, int32_t *ids, float *best);
/* answers.c: the sum of e^(logit - max) of all n. */
EXPORT double ISA_NAME(exp_sum)(const float *logits, int64_t n, float max);
/* answers.c: whether no logit is NaN or positive infinity. */
EXPORT int32_t ISA_NAME(is_finite)(const float *logits, int64_t n);
/*
 * answers.c: the first id at which the sum of weights e^((logit - max) / temperature) exceeds u
 * times that of all; u is at least 0 and below 1, max the highest logit.
 */
EXPORT int64_t ISA_NAME(draw)(const float *logits, int64_t n, float max, float temperature, double u);

/* What all calls for one attention op share. */
struct attention {
  int32_t kv_type;      /* TYPE_F32, TYPE_F16, TYPE_Q8_0 */
  int32_t num_kv_heads; /* K */
  int32_t heads_per_kv; /* H / K */
  int32_t key_dim;      /* D; a multiple of 32 for TYPE_Q8_0 */
  int32_t value_dim;    /* Dv; likewise */
  int32_t latent;       /* whether values are the first Dv elements of keys, and are not kept themselves */
  int32_t before;       /* positions before its own that a token sees; INT32_MAX for all */
  int32_t after;        /* positions after it; INT32_MAX for all */
  int32_t chunk;        /* it sees none before its chunk of so many positions; INT32_MAX for one chunk */
  float scale;
  float soft_cap;       /* s becomes cap * tanh(s / cap); 0 for none */
  const float *sinks;   /* f32 [H]: a score per head that is no position's; NULL for none */
  const float *slopes;  /* f32 [H]: what a score loses per position of distance (ALiBi), once capped; NULL for none */
};

/*
 * kv.c: stores tokens at slots slot.. of one block of the cache. k: f32 [tokens, K, D]; v: f32
 * [tokens, K, Dv], NULL where latent. kv_layout.h says how a block lies in memory.
 */
EXPORT void ISA_NAME(store_kv)(const struct attention *op, void *block, int64_t slot, int64_t tokens, const float *k,
                               const float *v);

/* attention.c: floats of scratch memory, on a cache line, that a call for so many rows (tokens * H / K) takes. */
EXPORT int64_t ISA_NAME(attention_scratch)(int64_t rows, int64_t key_dim, int64_t value_dim);
/*
 * attention.c: attends for one key/value head and some neighbouring tokens of a sequence, the first
 * at position; end: the last position of the sequence. q: f32 [tokens, H, D], out: f32 [tokens, H, Dv],
 * whole rows of the first of these tokens.
 */
EXPORT void ISA_NAME(attend)(const struct attention *op, const void *cache, const int32_t *block_table,
                             int64_t position, int64_t tokens, int64_t end, int64_t kv_head, const float *q,
                             float *out, float *scratch);
/*
 * attention.c: the same in two steps, to the same bits. First splits from..to, counted in 256
 * positions from the start of the sequence, each to rows * (2 + Dv padded to 16) floats of partials;
 * then, when all splits that the tokens see are done, the first of them at partials, the result.
 */
EXPORT void ISA_NAME(attend_splits)(const struct attention *op, const void *cache, const int32_t *block_table,
                                    int64_t position, int64_t tokens, int64_t end, int64_t kv_head, const float *q,
                                    int64_t from, int64_t to, float *partials, float *scratch);
EXPORT void ISA_NAME(merge_splits)(const struct attention *op, int64_t position, int64_t tokens, int64_t end,
                                   int64_t kv_head, float *partials, float *out, float *scratch);

/*
 * state.c: one token of the gated delta rule for one value head: state [Dv, Dk] fades and learns, and
 * answers q. k, q: f32 [Dk]; v, out: f32 [Dv].
 */
EXPORT void ISA_NAME(gated_delta)(float *state, const float *q, const float *k, const float *v, float fade, float beta,
                                  int64_t key_dim, int64_t value_dim, float *out);
/*
 * state.c: one token of the selective scan for one head: state [P, N]. x, out: f32 [P]; b, c: f32 [N];
 * d: the step.
 */
EXPORT void ISA_NAME(selective_scan)(float *state, const float *x, const float *b, const float *c, float fade, float d,
                                     float skip, int64_t head_dim, int64_t state_dim, float *out);

#endif
