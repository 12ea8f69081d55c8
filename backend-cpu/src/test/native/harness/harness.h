/*
 * Holds a kernel library against vectors that Java wrote from the scalar truth (KernelVectors), in
 * one instruction set: for machines without Java, as those that qemu-user imitates.
 *
 *   harness LIBRARY INSTRUCTION_SET VECTORS
 *
 * Each buffer ends at a page that nobody may touch, so that a kernel that reads or writes past its
 * end does not get far. Results must be near the truth, and the same to the bit for any number of
 * tokens in a call and any cut of the rows. A kernel that no vector calls is a failure, too.
 */
#ifndef SOLEBOX_HARNESS_H
#define SOLEBOX_HARNESS_H

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kv_layout.h"
#include "solebox_cpu.h"

/* ---- main.c: the library ---- */

/* All that Java calls, but for the measurement of bandwidth (read_memory). */
#define KERNELS(X)                                                                                                \
  X(repack) X(group_bytes) X(quantize) X(to_bf16) X(linear_quantized) X(linear_dense) X(operand)                                 \
  X(rms_norm) X(layer_norm) X(activate) X(gated) X(gated_clamped) X(add) X(rope)                                  \
  X(argmax) X(top_k) X(exp_sum) X(is_finite) X(draw)                                                              \
  X(store_kv) X(attention_scratch) X(attend) X(attend_splits) X(merge_splits) X(gated_delta) X(selective_scan)

#define MEMBER(name)                   \
  struct {                             \
    __typeof__(&ISA_NAME(name)) at;    \
    int called;                        \
  } name;
extern struct library {
  KERNELS(MEMBER)
} lib;
/* A function of the library, to be called. */
#define KERNEL(name) (lib.name.called = 1, lib.name.at)

/* ---- support.c: memory that ends at a wall, the file of vectors, checks ---- */

/* bytes at a multiple of align, the wall less than align after them. Freed by release. */
void *guarded(size_t bytes, size_t align);
void release(void);
/* Says where a kernel left its buffers, once it does. */
void watch_walls(void);

enum kind { LINEAR = 1, ATTENTION, NORM, GATED, ADD, ROPE, ANSWERS, LAYER_NORM, ACTIVATE, CLAMPED, DELTA, SCAN };
enum { PARAMETERS = 12, TENSORS = 6 };

/* One case: what it is, its numbers, and its tensors, each behind a wall. */
struct vector {
  int64_t kind;
  int64_t p[PARAMETERS];
  int64_t bytes[TENSORS];
  void *t[TENSORS];
};
/* Whether there was another one. */
int next_vector(FILE *file, struct vector *v);
/* A tensor at an address that suits its elements. */
void *aligned(const struct vector *v, int i);
/* The same, or NULL for one of no bytes. */
void *aligned_if_any(const struct vector *v, int i);
/* A parameter that is a float. */
float real(const struct vector *v, int i);

extern int checks, failures;
/* What is being checked, for messages. */
extern char place[160];
void check(int ok, const char *format, ...) __attribute__((format(printf, 2, 3)));
double norm(const double *x, int64_t n);
/* The distance of two rows, over the scale. */
void near(const char *what, const double *expected, const float *actual, int64_t n, double scale, double bound);
void same(const char *what, const float *expected, const float *actual, int64_t n);

/* Numbers of tokens that calls take. */
enum { TOGETHER_COUNT = 8 };
extern const int64_t TOGETHER[TOGETHER_COUNT];
#define COUNT(array) (int)(sizeof(array) / sizeof(array[0]))

/* ---- A file for each family of kernels ---- */

void linear(struct vector *v);
void attention(struct vector *v);
void pointwise(struct vector *v);
void answers(struct vector *v);
void states(struct vector *v);

#endif
