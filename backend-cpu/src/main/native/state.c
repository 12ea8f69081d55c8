/*
 * What remembers a sequence in a state, a token and a head at a time: tokens follow one another, so that
 * the state is the same however they are cut into steps. Rows of a state are computed by themselves; a
 * row's sums run per lane.
 */
#include "isa/vector.h"
#include "solebox_cpu.h"

/* Sums over a row in f32: whole vectors per lane, what is left over one by one. */
#define FOR_ROW(n, VECTOR, SCALAR)      \
  int64_t i = 0;                        \
  for (; i + LANES <= (n); i += LANES) { \
    VECTOR;                             \
  }                                     \
  for (; i < (n); i++) {                \
    SCALAR;                             \
  }

/* row *= fade; returns row . k */
INLINE float fade_row(float *row, float fade, const float *k, int64_t n) {
  vfloat sums = v_zero();
  float rest = 0;
  FOR_ROW(n,
          {
            vfloat faded = v_load(row + i) * v_all(fade);
            v_store(row + i, faded);
            sums = v_fma(faded, v_load(k + i), sums);
          },
          {
            row[i] *= fade;
            rest = __builtin_fmaf(row[i], k[i], rest);
          })
  return v_sum(sums) + rest;
}

/* row += k * change; returns row . q */
INLINE float learn_row(float *row, float change, const float *k, const float *q, int64_t n) {
  vfloat sums = v_zero();
  float rest = 0;
  FOR_ROW(n,
          {
            vfloat learned = v_fma(v_load(k + i), v_all(change), v_load(row + i));
            v_store(row + i, learned);
            sums = v_fma(learned, v_load(q + i), sums);
          },
          {
            row[i] = __builtin_fmaf(k[i], change, row[i]);
            rest = __builtin_fmaf(row[i], q[i], rest);
          })
  return v_sum(sums) + rest;
}

void ISA_NAME(gated_delta)(float *state, const float *q, const float *k, const float *v, float fade, float beta,
                           int64_t key_dim, int64_t value_dim, float *out) {
  for (int64_t j = 0; j < value_dim; j++) {
    float *row = state + j * key_dim;
    float known = fade_row(row, fade, k, key_dim);
    out[j] = learn_row(row, beta * (v[j] - known), k, q, key_dim);
  }
}

void ISA_NAME(selective_scan)(float *state, const float *x, const float *b, const float *c, float fade, float d,
                              float skip, int64_t head_dim, int64_t state_dim, float *out) {
  for (int64_t j = 0; j < head_dim; j++) {
    float *row = state + j * state_dim;
    const float step = d * x[j];
    vfloat sums = v_zero();
    float rest = 0;
    FOR_ROW(state_dim,
            {
              vfloat next = v_fma(v_load(b + i), v_all(step), v_load(row + i) * v_all(fade));
              v_store(row + i, next);
              sums = v_fma(next, v_load(c + i), sums);
            },
            {
              row[i] = __builtin_fmaf(b[i], step, row[i] * fade);
              rest = __builtin_fmaf(row[i], c[i], rest);
            })
    out[j] = __builtin_fmaf(skip, x[j], v_sum(sums) + rest);
  }
}
