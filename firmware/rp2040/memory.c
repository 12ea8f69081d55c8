/* What the compiler calls by itself, without a C library to have it from. */
#include <stddef.h>
#include <stdint.h>

/* Or the compiler would make each of these loops a call of itself. */
#define LOOPS __attribute__((optimize("no-tree-loop-distribute-patterns")))

void *memcpy(void *to, const void *from, size_t length);
void *memset(void *to, int value, size_t length);

LOOPS void *memcpy(void *to, const void *from, size_t length) {
  uint8_t *put = to;
  const uint8_t *get = from;
  for (size_t i = 0; i < length; i++) put[i] = get[i];
  return to;
}

LOOPS void *memset(void *to, int value, size_t length) {
  uint8_t *put = to;
  for (size_t i = 0; i < length; i++) put[i] = (uint8_t)value;
  return to;
}
