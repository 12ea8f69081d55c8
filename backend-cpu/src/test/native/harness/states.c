/* What remembers a sequence in a state: one token after the other. */
#include "harness.h"

/* [positions, width] of a tensor, the row of one position behind a wall of its own. */
static const float *row_of(const struct vector *v, int tensor, int64_t position, int64_t width) {
  float *row = guarded((size_t)width * 4, 4);
  memcpy(row, (const uint8_t *)v->t[tensor] + position * width * 4, (size_t)width * 4);
  return row;
}

/* p: rows of the state and their length, positions; the numbers of a position are its fade and its step. */
void states(struct vector *v) {
  const int64_t rows = v->p[0], length = v->p[1], positions = v->p[2];
  const int delta = v->kind == DELTA;
  snprintf(place, sizeof place, "%s, a state of [%d, %d]", delta ? "gated delta" : "selective scan", (int)rows,
           (int)length);
  const float *numbers = aligned(v, 3);
  const double *expected = aligned(v, 4);
  float *state = guarded((size_t)(rows * length) * 4, 4);
  float *out = guarded((size_t)rows * 4, 4);
  memset(state, 0, (size_t)(rows * length) * 4);
  double size = norm(expected, rows * positions) / sqrt((double)positions);
  for (int64_t p = 0; p < positions; p++) {
    /* q, k and v of the delta rule; b, c and x of the scan. */
    const float *first = row_of(v, 0, p, length), *second = row_of(v, 1, p, length), *third = row_of(v, 2, p, rows);
    const float fade = numbers[2 * p], step = numbers[2 * p + 1];
    if (delta) {
      KERNEL(gated_delta)(state, first, second, third, fade, step, length, rows, out);
    } else {
      KERNEL(selective_scan)(state, third, first, second, fade, step, real(v, 3), rows, length, out);
    }
    near("position", expected + p * rows, out, rows, fmax(norm(expected + p * rows, rows), size), 1e-5);
  }
}
