/* What all families stand on: memory that ends at a wall, the file of vectors, and checks. */
#include <signal.h>
#include <stdarg.h>
#include <sys/mman.h>
#include <unistd.h>

#include "harness.h"

const int64_t TOGETHER[TOGETHER_COUNT] = {1, 2, 3, 5, 8, 9, 16, 17};

/* ---- Memory that ends at a wall ---- */

enum { PAGE = 65536, WALLS = 256 }; /* the largest page of any of our machines */

static struct {
  void *base;
  size_t bytes;
  size_t wanted;
} walls[WALLS];
static int used;

void *guarded(size_t bytes, size_t align) {
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

void release(void) {
  while (used > 0) {
    used--;
    munmap(walls[used].base, walls[used].bytes);
  }
}

/* ---- The file of vectors ---- */

/* Tensors that are read in place stand where files have them: at no particular address. */
int next_vector(FILE *file, struct vector *v) {
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

void *aligned(const struct vector *v, int i) {
  void *copy = guarded((size_t)v->bytes[i], 8);
  memcpy(copy, v->t[i], (size_t)v->bytes[i]);
  return copy;
}

void *aligned_if_any(const struct vector *v, int i) { return v->bytes[i] == 0 ? NULL : aligned(v, i); }

float real(const struct vector *v, int i) {
  int32_t bits = (int32_t)v->p[i];
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

/* ---- Checks ---- */

int checks, failures;
char place[160];

void check(int ok, const char *format, ...) {
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

double norm(const double *x, int64_t n) {
  double sum = 0;
  for (int64_t i = 0; i < n; i++) {
    sum += x[i] * x[i];
  }
  return sqrt(sum);
}

void near(const char *what, const double *expected, const float *actual, int64_t n, double scale, double bound) {
  double sum = 0;
  for (int64_t i = 0; i < n; i++) {
    sum += (actual[i] - expected[i]) * (actual[i] - expected[i]);
  }
  double error = sqrt(sum);
  check(error <= bound * scale, "%s: error %.3g of %.3g, more than %.1g", what, error, scale, bound);
}

void same(const char *what, const float *expected, const float *actual, int64_t n) {
  int64_t i = 0;
  while (i < n && memcmp(expected + i, actual + i, 4) == 0) {
    i++;
  }
  check(i == n, "%s: other bits at %lld of %lld: %.9g, not %.9g", what, (long long)i, (long long)n, i < n ? actual[i] : 0,
        i < n ? expected[i] : 0);
}

/* In a process that is lost anyway. */
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

void watch_walls(void) {
  struct sigaction action = {.sa_sigaction = touched, .sa_flags = SA_SIGINFO};
  sigaction(SIGSEGV, &action, NULL);
  sigaction(SIGBUS, &action, NULL);
}
