// What all kernels share: types, thread indices, loads, warp reductions. Compiled by clang without
// any CUDA toolkit, so what its headers would give is spelled here as builtins or inline PTX.
//
// Inline PTX counts as convergent: loops around it that have a run-time trip count are not unrolled,
// hence the unrolling by hand in hot loops. Vector loads are inline PTX because the compiler splits
// plain ones that are used by component.
#pragma once

typedef unsigned char u8;
typedef signed char i8;
typedef unsigned short u16;
typedef short i16;
typedef unsigned int u32;
typedef int i32;
typedef unsigned long long u64;
typedef long long i64;
typedef __attribute__((ext_vector_type(2))) u32 u32x2;
typedef __attribute__((ext_vector_type(4))) u32 u32x4;
typedef __attribute__((ext_vector_type(4))) float f32x4;

#define KERNEL(threads, blocks) \
  extern "C" __attribute__((global, launch_bounds(threads, blocks))) void
#define DEVICE static __attribute__((device, always_inline)) inline
#define SHARED __attribute__((shared, aligned(16)))
/* Numbers in global memory that all blocks read. */
#define TABLE static __attribute__((device))
#define UNROLL _Pragma("unroll")

#define THREAD ((int)__nvvm_read_ptx_sreg_tid_x())
#define THREADS ((int)__nvvm_read_ptx_sreg_ntid_x())
#define BLOCK_X ((int)__nvvm_read_ptx_sreg_ctaid_x())
#define BLOCK_Y ((int)__nvvm_read_ptx_sreg_ctaid_y())
#define BLOCK_Z ((int)__nvvm_read_ptx_sreg_ctaid_z())
#define BLOCKS_X ((int)__nvvm_read_ptx_sreg_nctaid_x())
#define LANE (THREAD & 31)
#define WARP (THREAD >> 5)
#define BARRIER() __syncthreads()
#define WARP_BARRIER() __nvvm_bar_warp_sync(~0u)

/*
 * PTX that is read from sm_90 on and a comment before: Target takes the mark away where a GPU knows the
 * instruction, so that one file serves all. What stands around it is compiled for all as well.
 */
#define FROM_SM_90(PTX) "//@sm_90 " PTX

enum { Q8 = 32 };  // elements that share a scale in an 8-bit activation

/*
 * Programmatic dependent launch: the next kernel may start its blocks now, and this one reads
 * nothing that another kernel wrote until that kernel has ended. Weights may be read before.
 */
DEVICE void await_inputs() {
  asm volatile(FROM_SM_90("griddepcontrol.launch_dependents;") ::: "memory");
  asm volatile(FROM_SM_90("griddepcontrol.wait;") ::: "memory");
}

/*
 * Asks the second-level cache for what a warp will read of a row's plane first, at most 4 KiB.
 * Stands before await_inputs(): no kernel writes weights, so they may come while the kernel before
 * still runs. Pointless where kernels do not overlap.
 */
DEVICE void prefetch_weights(const u8* plane, int bytes) {
  if (128 * LANE < bytes) {
    asm volatile(FROM_SM_90("prefetch.global.L2 [%0];") :: "l"(plane + 128 * LANE));
  }
}

DEVICE int ceil_div(int a, int b) { return (a + b - 1) / b; }
DEVICE int least(int a, int b) { return a < b ? a : b; }
DEVICE int most(int a, int b) { return a > b ? a : b; }

DEVICE float as_float(u32 bits) { return __builtin_bit_cast(float, bits); }
DEVICE u32 as_bits(float value) { return __builtin_bit_cast(u32, value); }
DEVICE float half_to_float(u16 bits) { return (float)__builtin_bit_cast(_Float16, bits); }
DEVICE u16 float_to_half(float value) { return __builtin_bit_cast(u16, (_Float16)value); }
DEVICE float bf16_to_float(u16 bits) { return as_float((u32)bits << 16); }
DEVICE float fma(float a, float b, float c) { return __builtin_fmaf(a, b, c); }

/* The nearest f16; beyond its range the greatest, for infinity times zero would be NaN. */
DEVICE u16 half_in_range(float value) {
  float clamped = __builtin_fminf(65504.0f, __builtin_fmaxf(-65504.0f, value));
  return float_to_half(value == value ? clamped : value);
}
/* To nearest even; infinities stay, and a NaN keeps its upper bits. */
DEVICE u16 float_to_bf16(float value) {
  u32 bits = as_bits(value);
  return (u16)(value == value ? (bits + 0x7fff + ((bits >> 16) & 1)) >> 16 : (bits | 0x400000) >> 16);
}

/* 2^x, to 2 ulp. */
DEVICE float exp2_fast(float x) { return __nvvm_ex2_approx_f(x); }

#define LOG2_E 1.44269504f

/* e^x to a few ulp for any x: the rounding error of x * log2(e) is put back. */
DEVICE float exp_precise(float x) {
  float t = x * LOG2_E;
  float error = fma(x, LOG2_E, -t) + x * 1.925963033e-8f;
  float y = exp2_fast(t);
  // Beyond the range of f32 the correction would make a NaN of infinity times zero.
  return y > 0 && y < as_float(0x7f800000) ? fma(y, error * 0.693147181f, y) : y;
}

DEVICE float silu(float x) { return x / (1 + exp_precise(-x)); }

/* 16 bytes of weights: read once, not kept in the first-level cache. */
DEVICE u32x4 load_weights(const void* p) {
  u32x4 v;
  asm("ld.global.nc.L1::no_allocate.v4.u32 {%0, %1, %2, %3}, [%4];"
      : "=r"(v.x), "=r"(v.y), "=r"(v.z), "=r"(v.w) : "l"(p));
  return v;
}

/* 16 bytes that several threads or blocks share and no kernel writes. */
DEVICE u32x4 load_constant(const void* p) {
  u32x4 v;
  asm("ld.global.nc.v4.u32 {%0, %1, %2, %3}, [%4];"
      : "=r"(v.x), "=r"(v.y), "=r"(v.z), "=r"(v.w) : "l"(p));
  return v;
}
DEVICE u32x2 load_constant8(const void* p) {
  u32x2 v;
  asm("ld.global.nc.v2.u32 {%0, %1}, [%2];" : "=r"(v.x), "=r"(v.y) : "l"(p));
  return v;
}
DEVICE u32 load_constant_u32(const void* p) { return __nvvm_ldg_ui((const u32*)p); }
DEVICE u16 load_constant_u16(const void* p) { return __nvvm_ldg_us((const u16*)p); }
DEVICE u8 load_constant_u8(const void* p) { return __nvvm_ldg_uc((const u8*)p); }
DEVICE i8 load_constant_i8(const void* p) { return __nvvm_ldg_sc((const i8*)p); }

/* 16 bytes that an earlier kernel wrote; volatile, to stay behind await_inputs(). */
DEVICE u32x4 load16(const void* p) {
  u32x4 v;
  asm volatile("ld.global.v4.u32 {%0, %1, %2, %3}, [%4];"
               : "=r"(v.x), "=r"(v.y), "=r"(v.z), "=r"(v.w) : "l"(p) : "memory");
  return v;
}
DEVICE u32x2 load8(const void* p) {
  u32x2 v;
  asm volatile("ld.global.v2.u32 {%0, %1}, [%2];" : "=r"(v.x), "=r"(v.y) : "l"(p) : "memory");
  return v;
}
DEVICE f32x4 load_floats(const float* p) { return __builtin_bit_cast(f32x4, load16(p)); }

DEVICE void store16(void* p, u32x4 v) {
  asm volatile("st.global.v4.u32 [%0], {%1, %2, %3, %4};"
               :: "l"(p), "r"(v.x), "r"(v.y), "r"(v.z), "r"(v.w) : "memory");
}
DEVICE void store_floats(float* p, f32x4 v) { store16(p, __builtin_bit_cast(u32x4, v)); }

/* c + the products of four signed bytes. */
DEVICE i32 dp4a(u32 a, u32 b, i32 c) {
  i32 d;
  asm("dp4a.s32.s32 %0, %1, %2, %3;" : "=r"(d) : "r"(a), "r"(b), "r"(c));
  return d;
}
DEVICE i32 dot16(u32x4 a, u32x4 b) {
  return dp4a(a.w, b.w, dp4a(a.z, b.z, dp4a(a.y, b.y, dp4a(a.x, b.x, 0))));
}

/* Orders what this thread did before it, for all of the GPU, with what it does after. */
DEVICE void fence() { asm volatile("fence.acq_rel.gpu;" ::: "memory"); }

/*
 * Adds one; what was there before. Whoever sees the count also sees, after a fence(), all that this
 * thread and those that it met at a barrier wrote before. A release alone: an acquire would empty
 * the first-level cache of the multiprocessor, from which all its warps read activations.
 */
DEVICE u32 count_in(u32* counter) {
  u32 before;
  asm volatile("atom.release.gpu.global.add.u32 %0, [%1], 1;" : "=r"(before) : "l"(counter) : "memory");
  return before;
}

/* 16 bytes that another block of this kernel wrote, past the first-level cache. */
DEVICE u32x4 load_shared_by_blocks(const void* p) {
  u32x4 v;
  asm volatile("ld.relaxed.gpu.global.v4.u32 {%0, %1, %2, %3}, [%4];"
               : "=r"(v.x), "=r"(v.y), "=r"(v.z), "=r"(v.w) : "l"(p) : "memory");
  return v;
}

/* The value of one lane. */
DEVICE i32 shuffle_from(i32 v, int lane) { return __nvvm_shfl_sync_idx_i32(~0u, v, lane, 31); }
DEVICE u32 shuffle_first(u32 v) { return (u32)shuffle_from((i32)v, 0); }
DEVICE float shuffle_xor(float v, int mask) {
  return __nvvm_shfl_sync_bfly_f32(~0u, v, mask, 31);
}
DEVICE i32 shuffle_xor(i32 v, int mask) { return __nvvm_shfl_sync_bfly_i32(~0u, v, mask, 31); }
DEVICE u32 shuffle_xor(u32 v, int mask) { return (u32)shuffle_xor((i32)v, mask); }

/* The same sum in every lane of each group of `lanes` (a power of two). */
template <int lanes = 32> DEVICE float warp_sum(float v) {
  UNROLL for (int mask = lanes / 2; mask > 0; mask /= 2) { v += shuffle_xor(v, mask); }
  return v;
}
DEVICE float warp_max(float v) {
  UNROLL for (int mask = 16; mask > 0; mask /= 2) { v = __builtin_fmaxf(v, shuffle_xor(v, mask)); }
  return v;
}

/* Sum over a block of any number of whole warps; `scratch` holds 32 floats. In every thread. */
DEVICE float block_sum(float v, float* scratch) {
  v = warp_sum(v);
  if (LANE == 0) { scratch[WARP] = v; }
  BARRIER();
  v = warp_sum(LANE < THREADS / 32 ? scratch[LANE] : 0.0f);
  return v;
}

/*
 * Quantizes 4 of 32 neighbouring values; the other 28 are in the other 7 lanes of this lane's group
 * of 8. All lanes of a warp call, for they exchange values; those with `store` write 4 bytes to `q`,
 * and the group's first {d, sums of both halves} to `scale`. A NaN or an infinity makes the scale
 * such, and with it the block.
 */
DEVICE void quantize_block(bool store, f32x4 x, void* q, void* scale) {
  // Of floats without sign the bits sort as the values do, and NaN above all.
  u32 bits = 0;
  UNROLL for (int i = 0; i < 4; i++) {
    u32 b = as_bits(x[i]) & 0x7fffffff;
    bits = b > bits ? b : bits;
  }
  UNROLL for (int mask = 4; mask > 0; mask /= 2) {
    u32 other = shuffle_xor(bits, mask);
    bits = other > bits ? other : bits;
  }
  float largest = as_float(bits);
  float inverse = largest > 0 ? 127 / largest : 0;
  u32 packed = 0;
  i32 sum = 0;
  UNROLL for (int i = 0; i < 4; i++) {
    // The limits hold where 127 / largest overflowed.
    i32 v = most(-127, least(127, __nvvm_f2i_rn(x[i] * inverse)));
    packed |= (u32)(v & 0xff) << (8 * i);
    sum += v;
  }
  sum += shuffle_xor(sum, 1);
  sum += shuffle_xor(sum, 2);
  i32 upper = shuffle_xor(sum, 4);
  if (store) { *(u32*)q = packed; }
  if (store && (LANE & 7) == 0) {
    *(u32x2*)scale = u32x2{as_bits(largest / 127), (u32)(sum & 0xffff) | (u32)upper << 16};
  }
}
