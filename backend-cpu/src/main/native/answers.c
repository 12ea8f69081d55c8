/* What a row of logits f32 [n] is reduced to before it leaves the backend. */
#include "isa/vector.h"
#include "solebox_cpu.h"

#define NOTHING (-__builtin_inff())

#define PIECE 1024

static float highest(const float *x, int64_t n) {
  vfloat best = v_all(NOTHING);
  int64_t i = 0;
  for (; i + LANES <= n; i += LANES) {
    best = v_max(v_load(x + i), best);
  }
  return v_highest(v_max(v_load_some(x + i, n - i, NOTHING), best));
}

/* Only the first piece that holds the highest is searched for its id. */
int64_t ISA_NAME(argmax)(const float *logits, int64_t n) {
  float max = NOTHING;
  int64_t piece = 0;
  for (int64_t from = 0; from < n; from += PIECE) {
    float here = highest(logits + from, n - from < PIECE ? n - from : PIECE);
    if (here > max) {
      max = here;
      piece = from;
    }
  }
  for (int64_t id = piece; id < n; id++) {
    if (logits[id] == max) {
      return id;
    }
  }
  return 0;
}

/* Puts an id before all that are worse, dropping what stood at last. */
static void insert(int32_t *ids, float *best, int64_t last, int32_t id, float logit) {
  int64_t at = last;
  for (; at > 0 && best[at - 1] < logit; at--) {
    best[at] = best[at - 1];
    ids[at] = ids[at - 1];
  }
  best[at] = logit;
  ids[at] = id;
}

/* A vector at a time is compared with the worst candidate so far; few pass. */
int64_t ISA_NAME(top_k)(const float *logits, int64_t n, int64_t k, int32_t *ids, float *best) {
  const int64_t kept = k < n ? k : n;
  int64_t filled = 0;
  for (int64_t from = 0; from < n; from += LANES) {
    int64_t count = n - from < LANES ? n - from : LANES;
    if (filled == kept && count == LANES && !v_any_above(v_load(logits + from), best[kept - 1])) {
      continue;
    }
    for (int64_t id = from; id < from + count; id++) {
      if (filled < kept || logits[id] > best[kept - 1]) {
        filled += filled < kept;
        insert(ids, best, filled - 1, (int32_t)id, logits[id]);
      }
    }
  }
  return kept;
}

double ISA_NAME(exp_sum)(const float *logits, int64_t n, float max) {
  double sum = 0;
  int64_t i = 0;
  while (i + LANES <= n) {
    /* So few in f32 that rounding does not matter. */
    vfloat run = v_zero();
    for (int64_t end = i + 16 * LANES; i + LANES <= n && i < end; i += LANES) {
      run += v_exp(v_load(logits + i) - v_all(max));
    }
    sum += v_sum(run);
  }
  return sum + v_sum(v_exp(v_load_some(logits + i, n - i, NOTHING) - v_all(max)));
}

/* Infinity and what is no number become NaN when multiplied with zero. */
int32_t ISA_NAME(is_finite)(const float *logits, int64_t n) {
  vfloat sum = v_zero();
  int64_t i = 0;
  for (; i + LANES <= n; i += LANES) {
    /* The second operand is the one that a maximum with NaN gives. */
    sum += v_max(v_zero(), v_load(logits + i)) * v_zero();
  }
  sum += v_max(v_zero(), v_load_some(logits + i, n - i, 0)) * v_zero();
  return v_sum(sum) == 0;
}

#define DRAW_PIECES 512

static double weights(const float *x, int64_t n, float max, float inverse) {
  vfloat sum = v_zero();
  int64_t i = 0;
  for (; i + LANES <= n; i += LANES) {
    sum += v_exp((v_load(x + i) - v_all(max)) * v_all(inverse));
  }
  return v_sum(sum + v_exp((v_load_some(x + i, n - i, NOTHING) - v_all(max)) * v_all(inverse)));
}

/* The pieces are summed once, and only the one that is met is looked at again. */
int64_t ISA_NAME(draw)(const float *logits, int64_t n, float max, float temperature, double u) {
  const int64_t piece = (n / DRAW_PIECES / LANES + 1) * LANES;
  const float inverse = 1 / temperature;
  double sums[DRAW_PIECES + 1], all = 0;
  int64_t count = 0, weighty = 0; /* the last piece that weighs anything */
  for (int64_t from = 0; from < n; from += piece) {
    sums[count] = weights(logits + from, n - from < piece ? n - from : piece, max, inverse);
    all += sums[count];
    weighty = sums[count] > 0 ? count : weighty;
    count++;
  }
  double left = u * all;
  int64_t met = 0;
  while (met < weighty && left >= sums[met]) {
    left -= sums[met++];
  }
  int64_t last = met * piece;
  const int64_t end = last + piece < n ? last + piece : n;
  for (int64_t id = last; id < end; id++) {
    float weight = v_exp(v_all((logits[id] - max) * inverse))[0];
    last = weight > 0 ? id : last;
    left -= weight;
    if (left < 0) {
      return id;
    }
  }
  return last; /* what rounding left over */
}
