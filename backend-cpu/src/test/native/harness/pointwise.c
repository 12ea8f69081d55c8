/* What is computed of each element, or of few. */
#include "harness.h"

/* Each element by itself, within a bound of its own. */
static void each(struct vector *v, int64_t n, const float *actual) {
  const double *expected = aligned(v, 2), *bounds = aligned(v, 3);
  for (int64_t i = 0; i < n; i++) {
    check(fabs(actual[i] - expected[i]) <= bounds[i], "element %d: %.9g, not %.9g", (int)i, actual[i], expected[i]);
  }
}

static void norms(struct vector *v, int64_t n, const float *x, const float *gain, float *out) {
  const double *expected = aligned(v, 2);
  if (v->kind == NORM) {
    KERNEL(rms_norm)(x, gain, 1e-5f, n, out);
  } else {
    KERNEL(layer_norm)(x, gain, aligned_if_any(v, 3), 1e-5f, n, out);
  }
  near("norm", expected, out, n, norm(expected, n), 1e-6);
}

void pointwise(struct vector *v) {
  int64_t n = v->bytes[0] / 4;
  const float *a = aligned(v, 0), *b = aligned(v, 1);
  float *out = guarded((size_t)n * 4, 4);
  snprintf(place, sizeof place, "kind %d (%d) of %d", (int)v->kind, (int)v->p[0], (int)n);
  switch (v->kind) {
    case ADD:
      KERNEL(add)(a, b, n, out);
      same("sum", aligned(v, 2), out, n);
      break;
    case ACTIVATE:
      KERNEL(activate)((int32_t)v->p[0], real(v, 1), a, n, out);
      each(v, n, out);
      break;
    case GATED:
      KERNEL(gated)((int32_t)v->p[0], a, b, n, out);
      each(v, n, out);
      break;
    case CLAMPED:
      KERNEL(gated_clamped)(real(v, 0), real(v, 1), a, b, n, out);
      each(v, n, out);
      break;
    case ROPE: {
      const double *expected = aligned(v, 2);
      KERNEL(rope)(a, v->p[0], v->p[1], v->p[2], (int32_t)v->p[3], b, out);
      near("all", expected, out, n, norm(expected, n), 1e-6);
      break;
    }
    default: norms(v, n, a, b, out);
  }
}
