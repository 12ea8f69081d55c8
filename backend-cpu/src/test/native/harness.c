/*
 * Holds a kernel library against vectors that Java wrote from the scalar truth (KernelVectors), in
 * one instruction set: for machines without Java, as those that qemu-user imitates.
 *
 *   harness LIBRARY INSTRUCTION_SET VECTORS
 *
 * Each buffer ends at a page that nobody may touch, so that a kernel that reads or writes past its
 * end does not get far. Results must be near the truth, and the same to the bit for any number of
 * tokens in a call and any cut of the rows.
 */
#include <dlfcn.h>

#include "harness_support.h"
#include "kv_layout.h"
#include "solebox_cpu.h"

/* ---- The library ---- */

#define FUNCTION(name) __typeof__(&ISA_NAME(name)) name
static struct {
  FUNCTION(repack);
  FUNCTION(group_bytes);
  FUNCTION(quantize);
  FUNCTION(to_bf16);
  FUNCTION(linear_quantized);
  FUNCTION(linear_dense);
  FUNCTION(operand);
  FUNCTION(rms_norm);
  FUNCTION(layer_norm);
  FUNCTION(activate);
  FUNCTION(gated);
  FUNCTION(gated_clamped);
  FUNCTION(add);
  FUNCTION(rope);
  FUNCTION(argmax);
  FUNCTION(top_k);
  FUNCTION(exp_sum);
  FUNCTION(is_finite);
  FUNCTION(draw);
  FUNCTION(store_kv);
  FUNCTION(attention_scratch);
  FUNCTION(attend);
  FUNCTION(attend_splits);
  FUNCTION(merge_splits);
} lib;

static void *library;
static void *find(const char *name, const char *isa) {
  char symbol[64];
  snprintf(symbol, sizeof symbol, "%s_%s", name, isa);
  void *address = dlsym(library, symbol);
  if (address == NULL) {
    fprintf(stderr, "%s is missing\n", symbol);
    exit(2);
  }
  return address;
}
#define FIND(name) lib.name = (__typeof__(lib.name))find(#name, isa)

static void load(const char *path, const char *isa) {
  library = dlopen(path, RTLD_NOW);
  if (library == NULL) {
    fprintf(stderr, "%s\n", dlerror());
    exit(2);
  }
  FIND(repack);
  FIND(group_bytes);
  FIND(quantize);
  FIND(to_bf16);
  FIND(linear_quantized);
  FIND(linear_dense);
  FIND(operand);
  FIND(rms_norm);
  FIND(layer_norm);
  FIND(activate);
  FIND(gated);
  FIND(gated_clamped);
  FIND(add);
  FIND(rope);
  FIND(argmax);
  FIND(top_k);
  FIND(exp_sum);
  FIND(is_finite);
  FIND(draw);
  FIND(store_kv);
  FIND(attention_scratch);
  FIND(attend);
  FIND(attend_splits);
  FIND(merge_splits);
}

/* ---- Matrix products ---- */

static const int64_t TOGETHER[] = {1, 2, 3, 5, 8, 9, 16, 17};
#define COUNT(array) (int)(sizeof(array) / sizeof(array[0]))

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
    lib.linear_quantized(p->type, p->w, p->rows, p->k, from, to, (const struct activation_block *)x, tokens, p->bias,
                         out);
  } else {
    lib.linear_dense(p->type, p->w, p->rows, p->k, from, to, x, tokens, p->bias, out);
  }
}

/* Float to bf16 or 8 bits, as the kernels take it; and what f32 [tokens, k] that stands for. */
static void convert(struct product *p, const float *x, float *stands_for) {
  int64_t n = p->tokens * p->k;
  memcpy(stands_for, x, (size_t)n * 4);
  p->row_bytes = 4 * p->k;
  p->x = (const uint8_t *)x;
  if (p->quantized) {
    struct activation_block *blocks = guarded((size_t)(n / 32) * sizeof *blocks, 16);
    lib.quantize(x, n, blocks);
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
  } else if (lib.operand(p->type) == OPERAND_BF16) {
    uint16_t *halves = guarded((size_t)n * 2, 2);
    lib.to_bf16(x, n, halves);
    for (int64_t i = 0; i < n; i++) {
      uint32_t bits = (uint32_t)halves[i] << 16;
      memcpy(stands_for + i, &bits, 4);
      check(fabsf(stands_for[i] - x[i]) <= fabsf(x[i]) / 256, "to_bf16");
    }
    p->row_bytes = 2 * p->k;
    p->x = (const uint8_t *)halves;
  }
}

/* Any tokens together and any cut of the rows give these bits. */
static void invariant(const struct product *p, const float *expected) {
  int64_t units = p->quantized ? (p->rows + GROUP_ROWS - 1) / GROUP_ROWS : p->rows;
  int64_t cuts[] = {1, 2, units / 2, units - 1, units};
  float *out = guarded((size_t)(p->tokens * p->rows) * 4, 4);
  char what[64];
  for (int i = 0; i < COUNT(TOGETHER) && TOGETHER[i] <= p->tokens; i++) {
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

static void linear(struct vector *v) {
  struct product p = {.type = (int32_t)v->p[0], .rows = v->p[1], .k = v->p[2], .tokens = v->p[3], .w = v->t[0]};
  const float *decoded = aligned(v, 1);
  const float *x = aligned(v, 2);
  const double *expected = aligned(v, 4);
  const double *scale = aligned(v, 5);
  p.bias = v->bytes[3] == 0 ? NULL : aligned(v, 3);
  if (lib.operand(p.type) == OPERAND_NONE) {
    return; /* Java brings such weights to another format. */
  }
  p.quantized = lib.operand(p.type) == OPERAND_INT8;
  snprintf(place, sizeof place, "type %d [%d, %d]", p.type, (int)p.rows, (int)p.k);

  if (p.quantized) {
    int64_t groups = (p.rows + GROUP_ROWS - 1) / GROUP_ROWS, bytes = lib.group_bytes(p.type, p.k);
    check(bytes >= GROUP_ROWS * v->bytes[0] / p.rows, "a group of %d bytes", (int)bytes);
    uint8_t *packed = guarded((size_t)(groups * bytes), 64);
    lib.repack(p.type, v->t[0], p.rows, p.k, 0, groups / 2, packed);
    lib.repack(p.type, v->t[0], p.rows, p.k, groups / 2, groups, packed);
    p.w = packed;
  }
  float *stands_for = guarded((size_t)(p.tokens * p.k) * 4, 4);
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

/* ---- Attention ---- */

/* The whole cache of a sequence, its blocks in falling order. */
static uint8_t *fill_cache(const struct attention *op, int64_t positions, const float *k, const float *v,
                           int32_t *table) {
  int64_t blocks = (positions + KV_BLOCK - 1) / KV_BLOCK, width = op->num_kv_heads * (int64_t)op->key_dim;
  int64_t block_bytes = op->num_kv_heads * kv_head_bytes(op);
  uint8_t *cache = guarded((size_t)(blocks * block_bytes), 64);
  memset(cache, 0, (size_t)(blocks * block_bytes));
  for (int64_t b = 0; b < blocks; b++) {
    table[b] = (int32_t)(blocks - 1 - b);
    /* A few tokens, then the others of the block. */
    for (int64_t slot = 0; slot < KV_BLOCK && b * KV_BLOCK + slot < positions;) {
      int64_t left = positions - b * KV_BLOCK - slot, wanted = slot == 0 ? 3 : KV_BLOCK - slot;
      int64_t tokens = left < wanted ? left : wanted, from = (b * KV_BLOCK + slot) * width;
      lib.store_kv(op, cache + table[b] * block_bytes, slot, tokens, k + from, v + from);
      slot += tokens;
    }
  }
  return cache;
}

static void attend_in_splits(const struct attention *op, const uint8_t *cache, const int32_t *table, int64_t position,
                             int64_t tokens, int64_t end, int64_t head, const float *q, float *out) {
  int64_t rows = tokens * op->heads_per_kv, first = position - op->before;
  first = first < 0 ? 0 : first / 256;
  int64_t seen = position + tokens - 1 + op->after;
  int64_t last = (seen < end ? seen : end) / 256, floats = rows * (2 + padded_dim(op->value_dim));
  float *scratch = guarded((size_t)lib.attention_scratch(rows, op->key_dim, op->value_dim) * 4, 64);
  float *partials = guarded((size_t)((last - first + 1) * floats) * 4, 4);
  for (int64_t split = last; split >= first; split--) {
    lib.attend_splits(op, cache, table, position, tokens, end, head, q, split, split + 1,
                      partials + (split - first) * floats, scratch);
  }
  lib.merge_splits(op, position, tokens, end, head, partials, out, scratch);
}

static void attention(struct vector *v) {
  const struct attention op = {.kv_type = (int32_t)v->p[0],
                               .num_kv_heads = (int32_t)v->p[1],
                               .heads_per_kv = (int32_t)v->p[2],
                               .key_dim = (int32_t)v->p[3],
                               .value_dim = (int32_t)v->p[3],
                               .before = (int32_t)(v->p[4] - 1),
                               .after = v->p[7] ? INT32_MAX : 0, /* whether tokens see what comes after them */
                               .chunk = INT32_MAX,
                               .scale = 1 / sqrtf((float)v->p[3])};
  const int64_t positions = v->p[5], tokens = v->p[6], dim = op.key_dim;
  const int64_t heads = op.num_kv_heads * (int64_t)op.heads_per_kv, width = heads * dim;
  snprintf(place, sizeof place, "attention, cache type %d, %d heads of %d, %d for each, window %d, %d positions",
           op.kv_type, op.num_kv_heads, op.key_dim, op.heads_per_kv, op.before + 1, (int)positions);
  const float *q = aligned(v, 0);
  const double *expected = aligned(v, 3);
  int32_t *table = guarded((size_t)(positions + KV_BLOCK - 1) / KV_BLOCK * 4, 4);
  uint8_t *cache = fill_cache(&op, positions, aligned(v, 1), aligned(v, 2), table);
  const int64_t first = positions - tokens;
  const int64_t end = positions - 1;

  float *alone = guarded((size_t)(tokens * width) * 4, 4);
  float *out = guarded((size_t)(tokens * width) * 4, 4);
  float *scratch = guarded((size_t)lib.attention_scratch(tokens * op.heads_per_kv, dim, dim) * 4, 64);
  for (int64_t t = 0; t < tokens; t++) {
    for (int64_t head = 0; head < op.num_kv_heads; head++) {
      lib.attend(&op, cache, table, first + t, 1, end, head, q + t * width, alone + t * width, scratch);
    }
    for (int64_t h = 0; h < heads; h++) {
      const double *truth = expected + t * width + h * dim;
      double scale = fmax(norm(truth, dim), 0.1 * sqrt((double)dim));
      near("head", truth, alone + t * width + h * dim, dim, scale, 1e-5);
    }
  }
  for (int i = 0; i < COUNT(TOGETHER); i++) {
    int64_t together = TOGETHER[i] < tokens ? TOGETHER[i] : tokens;
    char what[64];
    snprintf(what, sizeof what, "%d tokens together", (int)together);
    memset(out, 0xA5, (size_t)(tokens * width) * 4);
    for (int64_t t = 0; t < tokens; t += together) {
      int64_t count = tokens - t < together ? tokens - t : together;
      for (int64_t head = 0; head < op.num_kv_heads; head++) {
        lib.attend(&op, cache, table, first + t, count, end, head, q + t * width, out + t * width, scratch);
      }
    }
    same(what, alone, out, tokens * width);
  }
  memset(out, 0xA5, (size_t)(tokens * width) * 4);
  for (int64_t head = 0; head < op.num_kv_heads; head++) {
    attend_in_splits(&op, cache, table, first, tokens, end, head, q, out);
  }
  same("in splits", alone, out, tokens * width);
}

/* ---- All else ---- */

static void pointwise(struct vector *v) {
  int64_t n = v->bytes[0] / 4;
  const float *a = aligned(v, 0), *b = aligned(v, 1);
  float *out = guarded((size_t)n * 4, 4);
  snprintf(place, sizeof place, "kind %d of %d", (int)v->kind, (int)n);
  if (v->kind == ADD) {
    lib.add(a, b, n, out);
    same("sum", aligned(v, 2), out, n);
    return;
  }
  const double *expected = aligned(v, 2);
  if (v->kind == NORM) {
    lib.rms_norm(a, b, 1e-5f, n, out);
  } else if (v->kind == ROPE) {
    lib.rope(a, v->p[0], v->p[1], v->p[2], (int32_t)v->p[3], b, out);
  } else {
    lib.gated(SILU, a, b, n, out);
    for (int64_t i = 0; i < n; i++) {
      check(fabs(out[i] - expected[i]) <= 3e-6 * fabs(expected[i]) + 1e-30, "element %d: %.9g, not %.9g", (int)i, out[i],
            expected[i]);
    }
  }
  near("all", expected, out, n, norm(expected, n), 1e-6);
}

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
      int64_t id = lib.draw(logits, n, max, temperatures[c], shares[i]);
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
  check(lib.is_finite(copy, n), "finite");
  for (int64_t i = 0; i < n; i += 1 + n / 7) {
    const float broken[] = {NAN, -NAN, INFINITY};
    for (int b = 0; b < COUNT(broken); b++) {
      copy[i] = broken[b];
      check(!lib.is_finite(copy, n), "finite with %g at %d", broken[b], (int)i);
    }
    copy[i] = -INFINITY;
    check(lib.is_finite(copy, n), "a banned id is no fault");
    copy[i] = logits[i];
  }
}

static void answers(struct vector *v) {
  int64_t n = v->bytes[0] / 4, k = v->p[0];
  const float *logits = aligned(v, 0);
  const int32_t *best = aligned(v, 1);
  const double *sum = aligned(v, 2);
  int32_t *ids = guarded((size_t)k * 4, 4);
  float *values = guarded((size_t)k * 4, 4);
  snprintf(place, sizeof place, "answers of %d", (int)n);
  check(lib.argmax(logits, n) == best[0], "argmax");
  int64_t found = lib.top_k(logits, n, k, ids, values);
  check(found == v->bytes[1] / 4, "top_k found %d", (int)found);
  for (int64_t i = 0; i < found; i++) {
    check(ids[i] == best[i] && values[i] == logits[best[i]], "top_k, place %d: %d, not %d", (int)i, ids[i], best[i]);
  }
  double actual = lib.exp_sum(logits, n, logits[best[0]]);
  check(fabs(actual - *sum) <= 1e-6 * *sum, "exp_sum: %.9g, not %.9g", actual, *sum);
  draws(logits, n, logits[best[0]]);
  finiteness(logits, n);
}

int main(int count, char **arguments) {
  if (count != 4) {
    fprintf(stderr, "usage: harness LIBRARY INSTRUCTION_SET VECTORS\n");
    return 2;
  }
  struct sigaction action = {.sa_sigaction = touched, .sa_flags = SA_SIGINFO};
  sigaction(SIGSEGV, &action, NULL);
  sigaction(SIGBUS, &action, NULL);
  load(arguments[1], arguments[2]);
  FILE *file = fopen(arguments[3], "rb");
  if (file == NULL) {
    perror(arguments[3]);
    return 2;
  }
  struct vector v;
  while (next_vector(file, &v)) {
    switch ((enum kind)v.kind) {
      case LINEAR: linear(&v); break;
      case ATTENTION: attention(&v); break;
      case NORM:
      case SWIGLU:
      case ADD:
      case ROPE: pointwise(&v); break;
      case ANSWERS: answers(&v); break;
    }
    release();
  }
  fclose(file);
  printf("%d checks, %d failed\n", checks, failures);
  return failures > 0;
}
