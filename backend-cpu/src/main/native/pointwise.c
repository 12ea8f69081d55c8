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

/* The sum, in four chains. */
static double total(const float *x, int64_t n) {
  vfloat sums[4] = {v_zero(), v_zero(), v_zero(), v_zero()};
  int64_t i = 0;
  for (; i + 4 * LANES <= n; i += 4 * LANES) {
    UNROLL
    for (int s = 0; s < 4; s++) {
      sums[s] += v_load(x + i + s * LANES);
    }
  }
  for (; i + LANES <= n; i += LANES) {
    sums[0] += v_load(x + i);
  }
  double sum = v_sum((sums[0] + sums[1]) + (sums[2] + sums[3]));
  for (; i < n; i++) {
    sum += x[i];
  }
  return sum;
}

void ISA_NAME(layer_norm)(const float *x, const float *gain, const float *bias, float eps, int64_t n, float *out) {
  float mean = (float)(total(x, n) / (double)n);
  for (int64_t i = 0; i < n; i++) {
    out[i] = x[i] - mean;
  }
  float scale = (float)(1 / __builtin_sqrt(squares(out, n) / (double)n + eps));
  for (int64_t i = 0; i < n; i++) {
    out[i] = out[i] * scale * gain[i];
  }
  for (int64_t i = 0; bias && i < n; i++) {
    out[i] += bias[i];
  }
}

INLINE vfloat sigmoid(vfloat x) { return v_all(1) / (v_exp(-x) + v_all(1)); }

/* x/2 (1 + tanh u) is x / (1 + e^-2u). */
INLINE vfloat gelu(vfloat x) {
  vfloat u = x * v_fma(x * x, v_all(0.044715f), v_all(1));
  return x / (v_exp(u * v_all(-2 * 0.7978845608f)) + v_all(1));
}

/* 1 - erf x for x of at least 0, to about 2e-7 relative: the rational Chebyshev fit of Press et al., Numerical Recipes. */
INLINE vfloat erfc_positive(vfloat x) {
  const float c[10] = {-1.26551223f, 1.00002368f, 0.37409196f,  0.09678418f,  -0.18628806f,
                       0.27886807f,  -1.13520398f, 1.48851587f, -0.82215223f, 0.17087277f};
  vfloat t = v_all(1) / v_fma(x, v_all(0.5f), v_all(1));
  vfloat p = v_all(c[9]);
  UNROLL
  for (int i = 8; i >= 0; i--) {
    p = v_fma(p, t, v_all(c[i]));
  }
  return t * v_exp(p - x * x);
}

/* x/2 (1 + erf(x / sqrt 2)); for x below 0 in the form that does not cancel. */
INLINE vfloat gelu_erf(vfloat x) {
  vfloat tail = erfc_positive(v_abs(x) * v_all(0.7071067812f));
  return x * v_all(0.5f) * v_below(x, 0, tail, v_all(2) - tail);
}

/* log(1 + e^x) = max(x, 0) + 2 atanh(y / (2 + y)) with y = e^-|x|. */
INLINE vfloat softplus(vfloat x) {
  vfloat y = v_exp(-v_abs(x));
  vfloat s = y / (y + v_all(2));
  vfloat q = s * s;
  vfloat p = v_fma(q, v_all(1.0f / 13), v_all(1.0f / 11));
  p = v_fma(p, q, v_all(1.0f / 9));
  p = v_fma(p, q, v_all(1.0f / 7));
  p = v_fma(p, q, v_all(1.0f / 5));
  p = v_fma(p, q, v_all(1.0f / 3));
  p = v_fma(p, q, v_all(1));
  return v_fma(s * v_all(2), p, v_max(x, v_zero()));
}

INLINE vfloat activated(int activation, vfloat parameter, vfloat x) {
  switch (activation) {
    case SILU: return x / (v_exp(-x) + v_all(1));
    case GELU: return gelu(x);
    case GELU_ERF: return gelu_erf(x);
    case RELU: return v_max(x, v_zero());
    case RELU_SQUARED: return v_max(x, v_zero()) * v_max(x, v_zero());
    case SIGMOID: return sigmoid(x);
    case SOFTPLUS: return softplus(x);
    case TANH: return v_tanh(x);
    case SCALE: return x * parameter;
    case SOFT_CAP: return v_tanh(x / parameter) * parameter;
    default: return x;
  }
}

INLINE void activate(int activation, float parameter, const float *x, int64_t n, float *out) {
  int64_t i = 0;
  for (; i + LANES <= n; i += LANES) {
    v_store(out + i, activated(activation, v_all(parameter), v_load(x + i)));
  }
  if (i < n) {
    v_store_some(out + i, n - i, activated(activation, v_all(parameter), v_load_some(x + i, n - i, 0)));
  }
}

INLINE void gated(int activation, const float *gate, const float *up, int64_t n, float *out) {
  int64_t i = 0;
  for (; i + LANES <= n; i += LANES) {
    v_store(out + i, activated(activation, v_zero(), v_load(gate + i)) * v_load(up + i));
  }
  if (i < n) {
    vfloat last = activated(activation, v_zero(), v_load_some(gate + i, n - i, 0));
    v_store_some(out + i, n - i, last * v_load_some(up + i, n - i, 0));
  }
}

/* The same loop for each, so that the choice is made outside of it. */
#define EACH(activation, call) \
  case activation: call; break;
#define ALL(CALL)                                                                                         \
  CALL(SILU) CALL(GELU) CALL(GELU_ERF) CALL(RELU) CALL(RELU_SQUARED) CALL(SIGMOID) CALL(SOFTPLUS) CALL(TANH)

void ISA_NAME(activate)(int32_t activation, float parameter, const float *x, int64_t n, float *out) {
#define CALL(a) EACH(a, activate(a, parameter, x, n, out))
  switch (activation) {
    ALL(CALL)
    CALL(SCALE)
    CALL(SOFT_CAP)
    default: activate(IDENTITY, parameter, x, n, out);
  }
#undef CALL
}

void ISA_NAME(gated)(int32_t activation, const float *gate, const float *up, int64_t n, float *out) {
#define CALL(a) EACH(a, gated(a, gate, up, n, out))
  switch (activation) {
    ALL(CALL)
    default: gated(IDENTITY, gate, up, n, out);
  }
#undef CALL
}

INLINE vfloat clamped(float alpha, float limit, vfloat gate, vfloat up) {
  vfloat g = v_min(v_all(limit), gate);
  vfloat u = v_max(v_all(-limit), v_min(v_all(limit), up));
  return g / (v_exp(g * v_all(-alpha)) + v_all(1)) * (u + v_all(1));
}

void ISA_NAME(gated_clamped)(float alpha, float limit, const float *gate, const float *up, int64_t n, float *out) {
  int64_t i = 0;
  for (; i + LANES <= n; i += LANES) {
    v_store(out + i, clamped(alpha, limit, v_load(gate + i), v_load(up + i)));
  }
  if (i < n) {
    v_store_some(out + i, n - i, clamped(alpha, limit, v_load_some(gate + i, n - i, 0), v_load_some(up + i, n - i, 0)));
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
