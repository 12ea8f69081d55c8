/* The loop that the read bandwidth is measured with: widest loads, four streams, sums kept. */
#include "isa/vector.h"
#include "solebox_cpu.h"

typedef int32_t words __attribute__((vector_size(4 * LANES)));

INLINE words load(const uint8_t *p) {
  words v;
  memcpy(&v, p, sizeof v);
  return v;
}

int64_t ISA_NAME(read_memory)(const void *from, int64_t bytes) {
  const uint8_t *memory = from;
  const int64_t quarter = bytes / 4;
  words sums[4] = {};
  for (int64_t i = 0; i < quarter; i += 128) {
    for (int64_t j = 0; j < 128; j += (int64_t)sizeof(words)) {
      UNROLL
      for (int s = 0; s < 4; s++) {
        sums[s] += load(memory + s * quarter + i + j);
      }
    }
  }
  words all = sums[0] + sums[1] + sums[2] + sums[3];
  int64_t sum = 0;
  for (int i = 0; i < LANES; i++) {
    sum += all[i];
  }
  return sum;
}
