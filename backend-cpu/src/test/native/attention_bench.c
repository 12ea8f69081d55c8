/*
 * Speed of attention in prefill and decode, beside the f32 multiply-add rate and the read bandwidth
 * of the same run. Not part of the build; from src/main/native, with an instruction set's flags:
 *   gcc -O3 -std=gnu11 -ffp-contract=off -fno-math-errno -march=native -DISA=avx512 -I. \
 *     ../../test/native/attention_bench.c attention.c kv.c bandwidth.c -lpthread -o attention_bench
 *   ./attention_bench [THREADS [LARGEST_HEAD_DIM]]
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "isa/vector.h"
#include "kv_layout.h"

#define HEADS_PER_KV 4
#define KV_HEADS 8
#define TILE 32
#define MAX_TOKENS 4096
#define LAYERS 16
#define RUNS 5

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

struct work {
  void (*unit)(struct work *, int64_t unit, float *scratch);
  int64_t units;
  atomic_long next;
  struct attention op;
  uint8_t *cache[LAYERS];
  int32_t *table;
  int64_t tokens; /* of prefill, or 1 */
  int64_t position;
  float *q;
  float *out;
  volatile double sink;
};

static void *allocate(int64_t bytes) {
  void *p = aligned_alloc(4096, (size_t)(bytes + 4095) / 4096 * 4096);
  memset(p, 0, (size_t)bytes);
  return p;
}

static void *serve(void *argument) {
  struct work *w = argument;
  float *scratch = allocate(4 * ISA_NAME(attention_scratch)(TILE * HEADS_PER_KV, w->op.key_dim, w->op.value_dim));
  for (long unit = atomic_fetch_add(&w->next, 1); unit < w->units; unit = atomic_fetch_add(&w->next, 1)) {
    w->unit(w, unit, scratch);
  }
  free(scratch);
  return NULL;
}

/* Median seconds. */
static double measure(struct work *w, int threads) {
  double seconds[RUNS];
  for (int run = -1; run < RUNS; run++) {
    pthread_t ids[64];
    double start = now();
    w->next = 0;
    for (int i = 1; i < threads; i++) {
      pthread_create(&ids[i], NULL, serve, w);
    }
    serve(w);
    for (int i = 1; i < threads; i++) {
      pthread_join(ids[i], NULL);
    }
    if (run >= 0) {
      seconds[run] = now() - start;
    }
  }
  for (int i = 0; i < RUNS; i++) {
    for (int j = i + 1; j < RUNS; j++) {
      if (seconds[j] < seconds[i]) {
        double s = seconds[i];
        seconds[i] = seconds[j];
        seconds[j] = s;
      }
    }
  }
  return seconds[RUNS / 2];
}

static void prefill(struct work *w, int64_t unit, float *scratch) {
  int64_t tile = (w->units - 1 - unit) / KV_HEADS;
  int64_t at = tile * TILE * KV_HEADS * HEADS_PER_KV * w->op.key_dim;
  int64_t left = w->tokens - tile * TILE;
  ISA_NAME(attend)(&w->op, w->cache[0], w->table, tile * TILE, left < TILE ? left : TILE, 0, unit % KV_HEADS, w->q + at,
                   w->out + at, scratch);
}

static void decode(struct work *w, int64_t unit, float *scratch) {
  ISA_NAME(attend)(&w->op, w->cache[unit / KV_HEADS], w->table, w->position, 1, 0, unit % KV_HEADS, w->q, w->out, scratch);
}

/* The compiler may not simplify what happens to v. */
#ifdef __aarch64__
#define KEEP(v) __asm__ volatile("" : "+w"(v))
#else
#define KEEP(v) __asm__ volatile("" : "+v"(v))
#endif

#define FMA_ROUNDS 1000000
static void multiply(struct work *w, int64_t unit, float *scratch) {
  (void)unit;
  (void)scratch;
  vfloat sums[12];
  UNROLL
  for (int i = 0; i < 12; i++) {
    sums[i] = v_all((float)i);
  }
  vfloat a = v_all((float)w->sink);
  for (int64_t n = 0; n < FMA_ROUNDS; n++) {
    UNROLL
    for (int i = 0; i < 12; i++) {
      sums[i] = v_fma(a, a, sums[i]);
      KEEP(sums[i]);
    }
  }
  UNROLL
  for (int i = 1; i < 12; i++) {
    sums[0] += sums[i];
  }
  w->sink = v_sum(sums[0]);
}

#define PIECE (4 << 20)
static void read_piece(struct work *w, int64_t unit, float *scratch) {
  (void)scratch;
  w->sink = (double)ISA_NAME(read_memory)((const uint8_t *)w->q + unit * PIECE, PIECE);
}

int main(int count, char **arguments) {
  int threads = count > 1 ? atoi(arguments[1]) : 2;
  struct work w = {.unit = multiply, .units = 4 * threads};
  double peak = (double)w.units * FMA_ROUNDS * 12 * LANES / measure(&w, threads) / 1e9;
  w.q = allocate(1 << 30);
  w.unit = read_piece;
  w.units = (1 << 30) / PIECE;
  double bandwidth = (double)(1 << 30) / measure(&w, threads) / 1e9;
  free(w.q);
  printf("%d threads: %.0f GMAC/s, %.1f GB/s\n", threads, peak, bandwidth);

  w.table = allocate(4 * MAX_TOKENS / KV_BLOCK);
  for (int i = 0; i < MAX_TOKENS / KV_BLOCK; i++) {
    w.table[i] = i * 37 % (MAX_TOKENS / KV_BLOCK);
  }
  int32_t types[] = {TYPE_F16, TYPE_Q8_0, TYPE_F32};
  const char *names[] = {"f16", "q8_0", "f32"};
  for (int32_t dim = 64; dim <= (count > 2 ? atoi(arguments[2]) : 64); dim += 64) {
    int64_t floats = (int64_t)MAX_TOKENS * KV_HEADS * HEADS_PER_KV * dim;
    w.q = allocate(4 * floats);
    w.out = allocate(4 * floats);
    for (int64_t i = 0; i < floats; i++) {
      w.q[i] = (float)(i * 7919 % 1009) / 1009 - 0.5f;
    }
    for (int type = 0; type < 3; type++) {
      w.op = (struct attention){.kv_type = types[type],
                                .num_kv_heads = KV_HEADS,
                                .heads_per_kv = HEADS_PER_KV,
                                .key_dim = dim,
                                .value_dim = dim,
                                .before = INT32_MAX,
                                .chunk = INT32_MAX,
                                .scale = 0.125f};
      int64_t block = KV_HEADS * kv_head_bytes(&w.op);
      for (int layer = 0; layer < LAYERS; layer++) {
        w.cache[layer] = allocate(block * (MAX_TOKENS / KV_BLOCK));
        for (int64_t t = 0; t < MAX_TOKENS; t += KV_BLOCK) {
          const float *row = w.q + t * KV_HEADS * dim;
          ISA_NAME(store_kv)(&w.op, w.cache[layer] + w.table[t / KV_BLOCK] * block, 0, KV_BLOCK, row, row);
        }
      }
      printf("%-5s D %3d:", names[type], dim);
      for (int64_t tokens = 512; tokens <= 4096; tokens *= 8) {
        w.unit = prefill;
        w.tokens = tokens;
        w.units = tokens / TILE * KV_HEADS;
        double macs = (double)tokens * (double)(tokens + 1) / 2 * KV_HEADS * HEADS_PER_KV * dim * 2;
        double rate = macs / measure(&w, threads) / 1e9;
        printf("  prefill %4ld: %5.1f GMAC/s (%.0f %%)", (long)tokens, rate, 100 * rate / peak);
      }
      w.unit = decode;
      w.position = MAX_TOKENS - 1;
      w.units = LAYERS * KV_HEADS;
      double read = (double)LAYERS * (double)block * (MAX_TOKENS / KV_BLOCK) / measure(&w, threads) / 1e9;
      printf("  decode at %d: %.1f GB/s (%.0f %%)\n", MAX_TOKENS, read, 100 * read / bandwidth);
      for (int layer = 0; layer < LAYERS; layer++) {
        free(w.cache[layer]);
      }
    }
    free(w.q);
    free(w.out);
  }
  return 0;
}
