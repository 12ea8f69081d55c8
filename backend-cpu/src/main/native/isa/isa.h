/* The primitives of the instruction set that this object is compiled for. */
#include <stdint.h>

#include "vector.h"

#if defined(__AVX512VNNI__)
#include "avx512.h"
#elif defined(__AVX2__)
#include "avx2.h"
#elif defined(__aarch64__)
#include "neon.h"
#else
#error "no primitives for this instruction set"
#endif
