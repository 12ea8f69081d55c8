/* Finds the kernels of one instruction set and takes them through the file of vectors. */
#include <dlfcn.h>

#include "harness.h"

struct library lib;

static void load(const char *path, const char *isa) {
  void *library = dlopen(path, RTLD_NOW);
  if (library == NULL) {
    fprintf(stderr, "%s\n", dlerror());
    exit(2);
  }
  char symbol[64];
#define FIND(name)                                              \
  snprintf(symbol, sizeof symbol, #name "_%s", isa);            \
  lib.name.at = (__typeof__(lib.name.at))dlsym(library, symbol); \
  if (lib.name.at == NULL) {                                    \
    fprintf(stderr, "%s is missing\n", symbol);                 \
    exit(2);                                                    \
  }
  KERNELS(FIND)
}

static void require_all_called(void) {
  snprintf(place, sizeof place, "all kernels");
#define REQUIRE_CALLED(name) check(lib.name.called, #name " was never called");
  KERNELS(REQUIRE_CALLED)
}

static void hold(struct vector *v) {
  switch ((enum kind)v->kind) {
    case LINEAR: linear(v); break;
    case ATTENTION: attention(v); break;
    case NORM:
    case LAYER_NORM:
    case ACTIVATE:
    case GATED:
    case CLAMPED:
    case ADD:
    case ROPE: pointwise(v); break;
    case ANSWERS: answers(v); break;
    case DELTA:
    case SCAN: states(v); break;
  }
}

int main(int count, char **arguments) {
  if (count != 4) {
    fprintf(stderr, "usage: harness LIBRARY INSTRUCTION_SET VECTORS\n");
    return 2;
  }
  watch_walls();
  load(arguments[1], arguments[2]);
  FILE *file = fopen(arguments[3], "rb");
  if (file == NULL) {
    perror(arguments[3]);
    return 2;
  }
  struct vector v;
  while (next_vector(file, &v)) {
    hold(&v);
    release();
  }
  fclose(file);
  require_all_called();
  printf("%d checks, %d failed\n", checks, failures);
  return failures > 0;
}
