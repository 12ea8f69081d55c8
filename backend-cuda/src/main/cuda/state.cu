// What remembers a sequence in a state: the gated delta rule and the selective scan, token after token, so
// that the state is the same to the bit however a sequence is cut into steps.
//
// A state has a matrix per head, whose rows are computed by themselves. A warp takes two of them and
// keeps them in registers over all tokens of its sequence, the next one's inputs on their way meanwhile.
#include "activation.cuh"
#include "sequence.cuh"

static constexpr int WARPS = 4, ROWS = 2;

/* The tokens of one sequence that are in this step. */
struct Walk {
  int first, tokens;
  const i32* positions;
  const i32* sequence_of;

  /* A block row takes a span, or, without spans, a token. */
  DEVICE Walk of(const i32* spans, int tokens, const i32* positions, const i32* sequence_of) {
    return {spans ? spans[3 * BLOCK_Y] : BLOCK_Y, tokens, positions, sequence_of};
  }
  DEVICE bool has(const Walk& w, int token) {
    return token < w.tokens && follows(w.positions, w.sequence_of, token - 1, token, 1);
  }
  /* Whether its sequence begins with it in this step; the others are their first one's. */
  DEVICE bool begins(const Walk& w) {
    return w.positions[w.first] >= 0 && !(w.first > 0 && has(w, w.first));
  }
  DEVICE bool is_padding(const Walk& w) { return w.positions[w.first] < 0; }
};

/* Two rows of `dim` elements, element LANE + 32 e in s[.][e]. */
template <int PER> struct Rows {
  float s[ROWS][PER];
  float* at[ROWS];

  /* Of a sequence that begins, zeros; rows behind the last are computed as the last. */
  DEVICE void load(Rows& r, float* state, int row, int rows, int dim, bool begins) {
    UNROLL for (int j = 0; j < ROWS; j++) {
      r.at[j] = state + (u64)least(row + j, rows - 1) * dim;
      UNROLL for (int e = 0; e < PER; e++) {
        int i = LANE + 32 * e;
        r.s[j][e] = 0;
        if (i < dim && !begins) { r.s[j][e] = r.at[j][i]; }
      }
    }
  }
  DEVICE void store(const Rows& r, int row, int rows, int dim) {
    UNROLL for (int j = 0; j < ROWS; j++)
      UNROLL for (int e = 0; e < PER; e++) {
        int i = LANE + 32 * e;
        if (row + j < rows && i < dim) { r.at[j][i] = r.s[j][e]; }
      }
  }
};

/* A vector of `dim` elements, as rows lie in lanes. */
template <int PER> DEVICE void load_vector(float (&v)[PER], const float* from, int dim) {
  UNROLL for (int e = 0; e < PER; e++) {
    v[e] = 0;
    if (int i = LANE + 32 * e; i < dim) { v[e] = from[i]; }
  }
}
template <int PER> DEVICE float dot(const float (&a)[PER], const float (&b)[PER]) {
  float sum = 0;
  UNROLL for (int e = 0; e < PER; e++) { sum = fma(a[e], b[e], sum); }
  return warp_sum(sum);
}

/* In lane j the result of row j. */
DEVICE void store_results(float* out, int row, int rows, float first, float second) {
  if (LANE < ROWS && row + LANE < rows) { out[row + LANE] = LANE == 0 ? first : second; }
}

// ---------------------------------------------------------------- the gated delta rule

struct Delta {
  const float *q, *k, *v, *a, *b;
  int heads, key_heads, key_dim, value_dim, head, key_head;
};

template <int PER> struct DeltaInputs {
  float q[PER], k[PER], v[ROWS], a, b;
  DEVICE void load(DeltaInputs& in, const Delta& d, int token, int row) {
    u64 key = ((u64)token * d.key_heads + d.key_head) * d.key_dim;
    u64 head = (u64)token * d.heads + d.head;
    load_vector(in.q, d.q + key, d.key_dim);
    load_vector(in.k, d.k + key, d.key_dim);
    UNROLL for (int j = 0; j < ROWS; j++) {
      in.v[j] = d.v[head * d.value_dim + least(row + j, d.value_dim - 1)];
    }
    in.a = d.a[head];
    in.b = d.b[head];
  }
};

template <int PER>
DEVICE void gated_delta(float* out, const Delta& d, const float* bias, const float* rate, float* state,
                        const Walk& walk, const i32* slots) {
  int row = ROWS * (WARPS * BLOCK_X + WARP), token = walk.first;
  if (row >= d.value_dim) { return; }
  if (Walk::is_padding(walk)) {
    store_results(out + ((u64)token * d.heads + d.head) * d.value_dim, row, d.value_dim, 0, 0);
    return;
  }
  if (!Walk::begins(walk)) { return; }
  u64 slot = (u64)slots[walk.sequence_of[token]] * d.heads + d.head;
  Rows<PER> r;
  Rows<PER>::load(r, state + slot * d.value_dim * d.key_dim, row, d.value_dim, d.key_dim,
                  walk.positions[token] == 0);
  float shift = bias[d.head], speed = rate[d.head];
  DeltaInputs<PER> in, next;
  DeltaInputs<PER>::load(next, d, token, row);
  bool more = true;
  for (; more; token++) {
    in = next;
    more = Walk::has(walk, token + 1);
    if (more) { DeltaInputs<PER>::load(next, d, token + 1, row); }
    float fade = exp_precise(speed * softplus(in.a + shift)), beta = sigmoid(in.b), y[ROWS];
    UNROLL for (int j = 0; j < ROWS; j++) {
      UNROLL for (int e = 0; e < PER; e++) { r.s[j][e] *= fade; }
      float change = beta * (in.v[j] - dot(r.s[j], in.k));
      UNROLL for (int e = 0; e < PER; e++) { r.s[j][e] = fma(in.k[e], change, r.s[j][e]); }
      y[j] = dot(r.s[j], in.q);
    }
    float* to = out + ((u64)token * d.heads + d.head) * d.value_dim;
    store_results(to, row, d.value_dim, y[0], y[1]);
  }
  Rows<PER>::store(r, row, d.value_dim, d.key_dim);
}

#define DELTA(PER, NAME)                                                                          \
  KERNEL(128, 4)                                                                                  \
  gated_delta_##NAME(float* out, const float* q, const float* k, const float* v, const float* a,  \
                     const float* b, const float* bias, const float* rate, float* state,          \
                     int heads, int key_heads, int key_dim, int value_dim, int by_turns,          \
                     int tokens, const i32* spans, const i32* positions, const i32* sequence_of,  \
                     const i32* slots) {                                                          \
    await_inputs();                                                                               \
    int head = BLOCK_Z, key_head = by_turns ? head % key_heads : head / (heads / key_heads);      \
    Delta d = {q, k, v, a, b, heads, key_heads, key_dim, value_dim, head, key_head};              \
    gated_delta<PER>(out, d, bias, rate, state, Walk::of(spans, tokens, positions, sequence_of),  \
                     slots);                                                                      \
  }
DELTA(4, 128)
DELTA(8, 256)

// ---------------------------------------------------------------- the selective scan

struct Scan {
  const float *x, *b, *c, *dt;
  int heads, groups, head_dim, state_dim, head;
};

template <int PER> struct ScanInputs {
  float b[PER], c[PER], x[ROWS], dt;
  DEVICE void load(ScanInputs& in, const Scan& s, int token, int row) {
    int group = s.head / (s.heads / s.groups);
    u64 at = ((u64)token * s.groups + group) * s.state_dim, head = (u64)token * s.heads + s.head;
    load_vector(in.b, s.b + at, s.state_dim);
    load_vector(in.c, s.c + at, s.state_dim);
    UNROLL for (int j = 0; j < ROWS; j++) {
      in.x[j] = s.x[head * s.head_dim + least(row + j, s.head_dim - 1)];
    }
    in.dt = s.dt[head];
  }
};

template <int PER>
DEVICE void selective_scan(float* out, const Scan& s, const float* bias, const float* rate,
                           const float* skip, float* state, const Walk& walk, const i32* slots) {
  int row = ROWS * (WARPS * BLOCK_X + WARP), token = walk.first;
  if (row >= s.head_dim) { return; }
  if (Walk::is_padding(walk)) {
    store_results(out + ((u64)token * s.heads + s.head) * s.head_dim, row, s.head_dim, 0, 0);
    return;
  }
  if (!Walk::begins(walk)) { return; }
  u64 slot = (u64)slots[walk.sequence_of[token]] * s.heads + s.head;
  Rows<PER> r;
  Rows<PER>::load(r, state + slot * s.head_dim * s.state_dim, row, s.head_dim, s.state_dim,
                  walk.positions[token] == 0);
  float shift = bias[s.head], speed = rate[s.head], straight = skip[s.head];
  ScanInputs<PER> in, next;
  ScanInputs<PER>::load(next, s, token, row);
  bool more = true;
  for (; more; token++) {
    in = next;
    more = Walk::has(walk, token + 1);
    if (more) { ScanInputs<PER>::load(next, s, token + 1, row); }
    float d = softplus(in.dt + shift), fade = exp_precise(speed * d), y[ROWS];
    UNROLL for (int j = 0; j < ROWS; j++) {
      float step = d * in.x[j];
      UNROLL for (int e = 0; e < PER; e++) { r.s[j][e] = fma(in.b[e], step, r.s[j][e] * fade); }
      y[j] = fma(straight, in.x[j], dot(r.s[j], in.c));
    }
    float* to = out + ((u64)token * s.heads + s.head) * s.head_dim;
    store_results(to, row, s.head_dim, y[0], y[1]);
  }
  Rows<PER>::store(r, row, s.head_dim, s.state_dim);
}

#define SCAN(PER, NAME)                                                                             \
  KERNEL(128, 4)                                                                                    \
  selective_scan_##NAME(float* out, const float* x, const float* b, const float* c, const float* dt, \
                        const float* bias, const float* rate, const float* skip, float* state,      \
                        int heads, int groups, int head_dim, int state_dim, int tokens,             \
                        const i32* spans, const i32* positions, const i32* sequence_of,             \
                        const i32* slots) {                                                         \
    await_inputs();                                                                                 \
    Scan s = {x, b, c, dt, heads, groups, head_dim, state_dim, BLOCK_Z};                            \
    selective_scan<PER>(out, s, bias, rate, skip, state,                                            \
                        Walk::of(spans, tokens, positions, sequence_of), slots);                    \
  }
SCAN(4, 128)
SCAN(8, 256)
