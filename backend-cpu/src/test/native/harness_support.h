/* What harness.c stands on: memory that ends at a wall, the file of vectors, and checks. */
#include <math.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* ---- Memory that ends at a wall ---- */

enum { PAGE = 65536, WALLS = 64 }; /* the largest page of any of our machines */

static struct {
  void *base;
  size_t bytes;
  size_t wanted;
} walls[WALLS];
static int used;

/* bytes at a multiple of align, the wall less than align after them. Freed by release. */
static void *guarded(size_t bytes, size_t align) {
  size_t room = (bytes + PAGE - 1) / PAGE * PAGE;
  uint8_t *base = mmap(NULL, room + PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (base == MAP_FAILED || used == WALLS || mprotect(base + room, PAGE, PROT_NONE) != 0) {
    fprintf(stderr, "no memory for %zu bytes\n", bytes);
    exit(2);
  }
  walls[used].base = base;
  walls[used].wanted = bytes;
  walls[used++].bytes = room + PAGE;
  memset(base, 0xA5, room); /* a float that is no result of ours */
  return base + (room - bytes) / align * align;
}

static void release(void) {
  while (used > 0) {
    used--;
    munmap(walls[used].base, walls[used].bytes);
  }
}

/* ---- The file of vectors ---- */

enum kind { LINEAR = 1, ATTENTION, NORM, SWIGLU, ADD, ROPE, ANSWERS };
enum { PARAMETERS = 8, TENSORS = 6 };

/* One case: what it is, its numbers, and its tensors, each behind a wall. */
struct vector {
  int64_t kind;
  int64_t p[PARAMETERS];
  int64_t bytes[TENSORS];
  void *t[TENSORS];
};

/* Tensors that are read in place stand where files have them: at no particular address. */
static int next_vector(FILE *file, struct vector *v) {
  if (fread(&v->kind, 8, 1, file) != 1) {
    return 0;
  }
  int ok = fread(v->p, 8, PARAMETERS, file) == PARAMETERS && fread(v->bytes, 8, TENSORS, file) == TENSORS;
  for (int i = 0; ok && i < TENSORS; i++) {
    v->t[i] = guarded((size_t)v->bytes[i], 2);
    ok = fread(v->t[i], 1, (size_t)v->bytes[i], file) == (size_t)v->bytes[i];
  }
  if (!ok) {
    fprintf(stderr, "the file of vectors ends too early\n");
    exit(2);
  }
  return 1;
}

/* A tensor at an address that suits its elements. */
static void *aligned(const struct vector *v, int i) {
  void *copy = guarded((size_t)v->bytes[i], 8);
  memcpy(copy, v->t[i], (size_t)v->bytes[i]);
  return copy;
}

/* ---- Checks ---- */

static int checks, failures;
static char place[128];

static void check(int ok, const char *format, ...) {
  checks++;
  if (!ok && ++failures <= 20) {
    va_list values;
    va_start(values, format);
    printf("FAILED %s: ", place);
    vprintf(format, values);
    printf("\n");
    va_end(values);
  }
}

static double norm(const double *x, int64_t n) {
  double sum = 0;
  for (int64_t i = 0; i < n; i++) {
    sum += x[i] * x[i];
  }
  return sqrt(sum);
}

/* The distance of two rows, over the scale. */
static void near(const char *what, const double *expected, const float *actual, int64_t n, double scale, double bound) {
  double sum = 0;
  for (int64_t i = 0; i < n; i++) {
    sum += (actual[i] - expected[i]) * (actual[i] - expected[i]);
  }
  double error = sqrt(sum);
  check(error <= bound * scale, "%s: error %.3g of %.3g, more than %.1g", what, error, scale, bound);
}

static void same(const char *what, const float *expected, const float *actual, int64_t n) {
  int64_t i = 0;
  while (i < n && memcmp(expected + i, actual + i, 4) == 0) {
    i++;
  }
  check(i == n, "%s: other bits at %lld of %lld: %.9g, not %.9g", what, (long long)i, (long long)n, i < n ? actual[i] : 0,
        i < n ? expected[i] : 0);
}

/* Says where a kernel left its buffers; in a process that is lost anyway. */
static void touched(int signal, siginfo_t *info, void *context) {
  (void)context;
  printf("FAILED %s: signal %d", place, signal);
  for (int i = 0; i < used; i++) {
    const uint8_t *wall = (const uint8_t *)walls[i].base + walls[i].bytes - PAGE, *at = info->si_addr;
    if (at >= wall && at < wall + PAGE) {
      printf(", %d bytes past the end of buffer %d, which has %zu bytes", (int)(at - wall), i, walls[i].wanted);
    }
  }
  printf("\n");
  fflush(stdout);
  _exit(1);
}
