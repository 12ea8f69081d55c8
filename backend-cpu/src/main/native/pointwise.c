/*
 * Kernels that treat each token, or each element, by itself. An element's bits do not depend on
 * where its range begins or ends: the last few go through a full vector as well.
 */
#include "isa/vector.h"
#include "solebox_cpu.h"

INLINE vfloat square(vfloat v, vfloat sum) { return v_fma(v, v, sum); }

/* The sum of squares; four chains, so that additions need not wait for each other. */
static double squares(const float *x, int64_t n) {
  vfloat sums[4] = {v_zero(), v_zero(), v_zero(), v_zero()};
  int64_t i = 0;
  for (; i + 4 * LANES <= n; i += 4 * LANES) {
    UNROLL
    for (int s = 0; s < 4; s++) {
      sums[s] = square(v_load(x + i + s * LANES), sums[s]);
    }
  }
  for (; i + LANES <= n; i += LANES) {
    sums[0] = square(v_load(x + i), sums[0]);
  }
  double sum = v_sum((sums[0] + sums[1]) + (sums[2] + sums[3]));
  for (; i < n; i++) {
    sum += (double)x[i] * x[i];
  }
  return sum;
}

void ISA_NAME(rms_norm)(const float *x, const float *gain, float eps, int64_t n, float *out) {
  float scale = (float)(1 / __builtin_sqrt(squares(x, n) / (double)n + eps));
  int64_t i = 0;
  for (; i + LANES <= n; i += LANES) {
    v_store(out + i, v_load(x + i) * v_all(scale) * v_load(gain + i));
  }
  for (; i < n; i++) {
    out[i] = x[i] * scale * gain[i];
  }
}

INLINE vfloat silu_times(vfloat gate, vfloat up) { return gate / (v_exp(-gate) + v_all(1)) * up; }

void ISA_NAME(swiglu)(const float *gate, const float *up, int64_t n, float *out) {
  int64_t i = 0;
  for (; i + LANES <= n; i += LANES) {
    v_store(out + i, silu_times(v_load(gate + i), v_load(up + i)));
  }
  if (i < n) {
    v_store_some(out + i, n - i, silu_times(v_load_some(gate + i, n - i, 0), v_load_some(up + i, n - i, 0)));
  }
}

void ISA_NAME(add)(const float *a, const float *b, int64_t n, float *out) {
  for (int64_t i = 0; i < n; i++) {
    out[i] = a[i] + b[i];
  }
}

/* One head: elements step * i and step * i + partner are turned together. */
INLINE void turn(const float *restrict x, const float *restrict cosines, const float *restrict sines, int64_t pairs,
                 int64_t step, int64_t partner, float *restrict out) {
  for (int64_t i = 0; i < pairs; i++) {
    float a = x[step * i];
    float b = x[step * i + partner];
    out[step * i] = a * cosines[i] - b * sines[i];
    out[step * i + partner] = a * sines[i] + b * cosines[i];
  }
}

void ISA_NAME(rope)(const float *x, int64_t heads, int64_t dim, int64_t pairs, int32_t adjacent, const float *table,
                    float *out) {
  const float *sines = table + pairs;
  for (int64_t head = 0; head < heads; head++) {
    const float *from = x + head * dim;
    float *to = out + head * dim;
    if (adjacent) {
      turn(from, table, sines, pairs, 2, 1, to);
    } else {
      turn(from, table, sines, pairs, 1, pairs, to);
    }
    memcpy(to + 2 * pairs, from + 2 * pairs, (size_t)(dim - 2 * pairs) * sizeof(float));
  }
}
