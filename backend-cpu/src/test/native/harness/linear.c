/* Matrix products: repacked weights of a few bits, and floats. */
#include "harness.h"

/* A product and what it is called with. Activations of a token take row_bytes. */
struct product {
  int32_t type;
  int quantized;
  int64_t rows, k, tokens;
  const void *w;
  const uint8_t *x;
  int64_t row_bytes;
  const float *bias;
};

/* Rows, or groups of rows, from..to. */
static void multiply(const struct product *p, int64_t from, int64_t to, int64_t token, int64_t tokens, float *out) {
  const uint8_t *x = p->x + token * p->row_bytes;
  if (p->quantized) {
    KERNEL(linear_quantized)(p->type, p->w, p->rows, p->k, from, to, (const struct activation_block *)x, tokens, p->bias,
                         out);
  } else {
    KERNEL(linear_dense)(p->type, p->w, p->rows, p->k, from, to, x, tokens, p->bias, out);
  }
}

/* Float to bf16, which not every instruction set multiplies, but each converts to. */
static uint16_t *halves_of(const float *x, int64_t n, float *stands_for) {
  uint16_t *halves = guarded((size_t)n * 2, 2);
  KERNEL(to_bf16)(x, n, halves);
  for (int64_t i = 0; i < n; i++) {
    uint32_t bits = (uint32_t)halves[i] << 16;
    memcpy(stands_for + i, &bits, 4);
    check(fabsf(stands_for[i] - x[i]) <= fabsf(x[i]) / 256, "to_bf16");
  }
  return halves;
}

/* Float to bf16 or 8 bits, as the kernels take it; and what f32 [tokens, k] that stands for. */
static void convert(struct product *p, const float *x, float *stands_for) {
  int64_t n = p->tokens * p->k;
  memcpy(stands_for, x, (size_t)n * 4);
  p->row_bytes = 4 * p->k;
  p->x = (const uint8_t *)x;
  if (p->quantized) {
    struct activation_block *blocks = guarded((size_t)(n / 32) * sizeof *blocks, 16);
    KERNEL(quantize)(x, n, blocks);
    for (int64_t i = 0; i < n; i++) {
      stands_for[i] = blocks[i / 32].d * blocks[i / 32].q[i % 32];
    }
    for (int64_t b = 0; b < n / 32; b++) {
      int32_t sum = 0, low = 0;
      float max = 0;
      for (int i = 0; i < 32; i++) {
        sum += blocks[b].q[i];
        low += i < 16 ? blocks[b].q[i] : 0;
        max = fmaxf(max, fabsf(x[32 * b + i]));
        check(fabsf(stands_for[32 * b + i] - x[32 * b + i]) <= 0.501f * blocks[b].d, "quantize, value %d", i);
      }
      check(blocks[b].d == max / 127, "quantize: d is %.9g, not %.9g", blocks[b].d, max / 127);
      check(blocks[b].negative_sum == -sum && blocks[b].negative_low == -low, "quantize: sums");
      check(blocks[b].sum == blocks[b].d * (float)sum, "quantize: the sum of values");
    }
    p->row_bytes = p->k / 32 * (int64_t)sizeof *blocks;
    p->x = (const uint8_t *)blocks;
  } else if (KERNEL(operand)(p->type) == OPERAND_BF16) {
    p->row_bytes = 2 * p->k;
    p->x = (const uint8_t *)halves_of(x, n, stands_for);
  }
}

/* Any tokens together and any cut of the rows give these bits. */
static void invariant(const struct product *p, const float *expected) {
  int64_t units = p->quantized ? (p->rows + GROUP_ROWS - 1) / GROUP_ROWS : p->rows;
  int64_t cuts[] = {1, 2, units / 2, units - 1, units};
  float *out = guarded((size_t)(p->tokens * p->rows) * 4, 4);
  char what[64];
  for (int i = 0; i < TOGETHER_COUNT && TOGETHER[i] <= p->tokens; i++) {
    int64_t together = TOGETHER[i];
    snprintf(what, sizeof what, "%d tokens together", (int)together);
    memset(out, 0xA5, (size_t)(p->tokens * p->rows) * 4);
    for (int64_t t = 0; t < p->tokens; t += together) {
      int64_t tokens = p->tokens - t < together ? p->tokens - t : together;
      multiply(p, 0, units, t, tokens, out + t * p->rows);
    }
    same(what, expected, out, p->tokens * p->rows);

    snprintf(what, sizeof what, "%d tokens, rows cut", (int)together);
    memset(out, 0xA5, (size_t)(p->tokens * p->rows) * 4);
    int64_t from = 0;
    for (int c = 0; c < COUNT(cuts); c++) {
      if (cuts[c] > from && cuts[c] <= units) {
        multiply(p, from, cuts[c], 0, together, out);
        from = cuts[c];
      }
    }
    same(what, expected, out, together * p->rows);
  }
}

void linear(struct vector *v) {
  struct product p = {.type = (int32_t)v->p[0], .rows = v->p[1], .k = v->p[2], .tokens = v->p[3], .w = v->t[0]};
  const float *decoded = aligned(v, 1);
  const float *x = aligned(v, 2);
  const double *expected = aligned(v, 4);
  const double *scale = aligned(v, 5);
  p.bias = v->bytes[3] == 0 ? NULL : aligned(v, 3);
  if (KERNEL(operand)(p.type) == OPERAND_NONE) {
    return; /* Java brings such weights to another format. */
  }
  p.quantized = KERNEL(operand)(p.type) == OPERAND_INT8;
  snprintf(place, sizeof place, "type %d [%d, %d]", p.type, (int)p.rows, (int)p.k);

  if (p.quantized) {
    int64_t groups = (p.rows + GROUP_ROWS - 1) / GROUP_ROWS, bytes = KERNEL(group_bytes)(p.type, p.k);
    check(bytes >= GROUP_ROWS * v->bytes[0] / p.rows, "a group of %d bytes", (int)bytes);
    uint8_t *packed = guarded((size_t)(groups * bytes), 64);
    KERNEL(repack)(p.type, v->t[0], p.rows, p.k, 0, groups / 2, packed);
    KERNEL(repack)(p.type, v->t[0], p.rows, p.k, groups / 2, groups, packed);
    p.w = packed;
  }
  float *stands_for = guarded((size_t)(p.tokens * p.k) * 4, 4);
  if (p.type == TYPE_BF16) {
    halves_of(x, p.tokens * p.k, stands_for);
  }
  convert(&p, x, stands_for);

  float *out = guarded((size_t)(p.tokens * p.rows) * 4, 4);
  double *products = guarded((size_t)p.rows * 8, 8);
  int64_t units = p.quantized ? (p.rows + GROUP_ROWS - 1) / GROUP_ROWS : p.rows;
  for (int64_t t = 0; t < p.tokens; t++) {
    float *actual = out + t * p.rows;
    multiply(&p, 0, units, t, 1, actual);
    for (int64_t r = 0; r < p.rows; r++) {
      products[r] = p.bias ? p.bias[r] : 0;
      for (int64_t i = 0; i < p.k; i++) {
        products[r] += (double)decoded[r * p.k + i] * stands_for[t * p.k + i];
      }
    }
    /* The kernel alone; then with what its activations lose, which only evens out over many weights. */
    near("product", products, actual, p.rows, scale[t], 1e-5);
    near("product of the true activations", expected + t * p.rows, actual, p.rows, scale[t],
         p.x == (const uint8_t *)x ? 1e-5 : p.rows * p.k < 10000 ? 3e-2 : 1e-2);
  }
  invariant(&p, out);
}
