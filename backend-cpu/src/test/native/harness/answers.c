/* What is asked of logits. */
#include "harness.h"

/* The id that is drawn is the one whose share of all weights holds u. */
static void draws(const float *logits, int64_t n, float max) {
  const double shares[] = {0, 1e-9, 0.1, 0.5, 0.73, 0.999, 1 - 1e-9};
  const float temperatures[] = {1, 0.3f, 4};
  for (int c = 0; c < COUNT(temperatures); c++) {
    double all = 0;
    for (int64_t i = 0; i < n; i++) {
      all += exp((logits[i] - max) / (double)temperatures[c]);
    }
    for (int i = 0; i < COUNT(shares); i++) {
      int64_t id = KERNEL(draw)(logits, n, max, temperatures[c], shares[i]);
      check(id >= 0 && id < n, "drew %d of %d", (int)id, (int)n);
      double below = 0;
      for (int64_t j = 0; j < id; j++) {
        below += exp((logits[j] - max) / (double)temperatures[c]);
      }
      double above = below + exp((logits[id] - max) / (double)temperatures[c]);
      check(below / all <= shares[i] + 1e-5 && above / all >= shares[i] - 1e-5, "drew %d, with %.9g to %.9g for %.9g",
            (int)id, below / all, above / all, shares[i]);
    }
  }
}

static void finiteness(const float *logits, int64_t n) {
  float *copy = guarded((size_t)n * 4, 4);
  memcpy(copy, logits, (size_t)n * 4);
  check(KERNEL(is_finite)(copy, n), "finite");
  for (int64_t i = 0; i < n; i += 1 + n / 7) {
    const float broken[] = {NAN, -NAN, INFINITY};
    for (int b = 0; b < COUNT(broken); b++) {
      copy[i] = broken[b];
      check(!KERNEL(is_finite)(copy, n), "finite with %g at %d", broken[b], (int)i);
    }
    copy[i] = -INFINITY;
    check(KERNEL(is_finite)(copy, n), "a banned id is no fault");
    copy[i] = logits[i];
  }
}

void answers(struct vector *v) {
  int64_t n = v->bytes[0] / 4, k = v->p[0];
  const float *logits = aligned(v, 0);
  const int32_t *best = aligned(v, 1);
  const double *sum = aligned(v, 2);
  int32_t *ids = guarded((size_t)k * 4, 4);
  float *values = guarded((size_t)k * 4, 4);
  snprintf(place, sizeof place, "answers of %d", (int)n);
  check(KERNEL(argmax)(logits, n) == best[0], "argmax");
  int64_t found = KERNEL(top_k)(logits, n, k, ids, values);
  check(found == v->bytes[1] / 4, "top_k found %d", (int)found);
  for (int64_t i = 0; i < found; i++) {
    check(ids[i] == best[i] && values[i] == logits[best[i]], "top_k, place %d: %d, not %d", (int)i, ids[i], best[i]);
  }
  double actual = KERNEL(exp_sum)(logits, n, logits[best[0]]);
  check(fabs(actual - *sum) <= 1e-6 * *sum, "exp_sum: %.9g, not %.9g", actual, *sum);
  draws(logits, n, logits[best[0]]);
  finiteness(logits, n);
}
