// Functions of one number as networks have them between their products, to a few roundings of f32 for
// any argument: what is near 0 keeps its digits, and what overflows inside ends where it should.
#pragma once
#include "solebox.cuh"

/* In the order of the engine's Activation. */
enum Activation { IDENTITY, SILU, GELU, GELU_ERF, RELU, RELU_SQUARED, SIGMOID, SOFTPLUS, TANH };

DEVICE float sigmoid(float x) { return 1 / (1 + exp_precise(-x)); }

/* x/2 (1 + tanh u) is x / (1 + e^-2u). */
DEVICE float gelu(float x) {
  float u = x * fma(x * x, 0.044715f, 1);
  return x / (1 + exp_precise(u * (-2 * 0.7978845608f)));
}

/* 1 - erf x for x of at least 0, to about 2e-7 relative: the fit of Press et al., Numerical Recipes. */
DEVICE float erfc_positive(float x) {
  const float c[10] = {-1.26551223f, 1.00002368f,  0.37409196f, 0.09678418f,  -0.18628806f,
                       0.27886807f,  -1.13520398f, 1.48851587f, -0.82215223f, 0.17087277f};
  float t = 1 / fma(x, 0.5f, 1);
  float p = c[9];
  UNROLL for (int i = 8; i >= 0; i--) { p = fma(p, t, c[i]); }
  return t * exp_precise(p - x * x);
}

/* x/2 (1 + erf(x / sqrt 2)); for x below 0 in the form that does not cancel. */
DEVICE float gelu_erf(float x) {
  float tail = erfc_positive(__builtin_fabsf(x) * 0.7071067812f);
  return x * 0.5f * (x < 0 ? tail : 2 - tail);
}

/* log(1 + e^x) = max(x, 0) + 2 atanh(y / (2 + y)) with y = e^-|x|. */
DEVICE float softplus(float x) {
  float y = exp_precise(-__builtin_fabsf(x));
  float s = y / (y + 2), q = s * s;
  float p = fma(q, 1.0f / 13, 1.0f / 11);
  p = fma(p, q, 1.0f / 9);
  p = fma(p, q, 1.0f / 7);
  p = fma(p, q, 1.0f / 5);
  p = fma(p, q, 1.0f / 3);
  p = fma(p, q, 1);
  return fma(2 * s, p, x > 0 ? x : 0 * x);
}

/* By its series up to 1/2, and by e^-2|x| beyond. */
DEVICE float tanh_precise(float x) {
  float a = __builtin_fabsf(x), q = x * x;
  float p = fma(q, 3.5921280e-3f, -8.8632355e-3f);
  p = fma(p, q, 2.1869489e-2f);
  p = fma(p, q, -5.3968254e-2f);
  p = fma(p, q, 1.3333333e-1f);
  p = fma(p, q, -3.3333333e-1f);
  float y = exp_precise(-2 * a);
  float far = (1 - y) / (1 + y);
  return a < 0.5f ? fma(x * q, p, x) : __builtin_copysignf(far, x);
}

/* A NaN stays one. */
DEVICE float relu(float x) { return x < 0 ? 0 : x; }

DEVICE float activated(int activation, float x) {
  switch (activation) {
    case SILU: return silu(x);
    case GELU: return gelu(x);
    case GELU_ERF: return gelu_erf(x);
    case RELU: return relu(x);
    case RELU_SQUARED: return relu(x) * relu(x);
    case SIGMOID: return sigmoid(x);
    case SOFTPLUS: return softplus(x);
    case TANH: return tanh_precise(x);
    default: return x;
  }
}

/* How a gate lets another number through: by an activation, or, with a limit above 0, clamped. */
struct Gating {
  int activation;
  float alpha;
  float limit;
};
DEVICE float gated(Gating g, float gate, float up) {
  if (g.limit <= 0) { return activated(g.activation, gate) * up; }
  // Comparisons that let a NaN through.
  gate = gate > g.limit ? g.limit : gate;
  up = up > g.limit ? g.limit : up < -g.limit ? -g.limit : up;
  return gate / (1 + exp_precise(-g.alpha * gate)) * (up + 1);
}
