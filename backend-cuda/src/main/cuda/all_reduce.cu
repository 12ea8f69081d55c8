// Sums over the cards that compute one graph together. A kernel is launched on each of them with a grid of
// one size, and block b of all of them has the same elements, so that blocks with one number wait for each
// other and for nobody else.
//
// Parts are added in the order of the ranks, on whichever card: the sum is the same bits on all of them, at
// every run, in one shot or two.
//
// What a rank has to say lies in slots, two of each kind by turns: a rank that begins its sum after the next
// has met all others in the next, so they have ended this one and read it no more.
#include "solebox.cuh"

enum { RANKS = 8, FLAG_STEP = 16 };  // flags of blocks are 64 bytes apart

#define MEMBER __attribute__((device, always_inline)) inline

enum { SCATTER, GATHER, STAGES };  // each has slots and flags of its own

/*
 * Where a rank writes and reads. A target is a place of its own in another rank's memory, or one in the
 * host's for all that do not reach each other.
 */
struct Exchange {
  u8* to[RANKS];           // slots of this rank, at each target
  u32* raised[RANKS];      // its flags there: [stage, block], the number of the last sum that it wrote
  const u8* from[RANKS];   // slots of each rank, where this one finds them
  const u32* seen[RANKS];  // and flags
  u32* sums;     // [block] sums so far
  u32* failed;   // nonzero: what is in the slots is worth nothing, until the host has begun anew
  u32* stop;     // in the host's memory: nonzero where nobody is to wait any more
  u32* verdict;  // in the host's memory: why this rank stopped
  i64 slot_bytes;
  i32 first[RANKS], last[RANKS];  // the ranks that a target is for, [first, last)
  i32 rank, ranks, targets;
  u32 most_looks;  // after which waiting ends
};

enum { STOPPED = 1, WAITED_FOR = 2 };  // verdicts; to the second the rank is added that did not come

DEVICE u32 look(const u32* p) {
  u32 v;
  asm volatile("ld.acquire.sys.global.u32 %0, [%1];" : "=r"(v) : "l"(p) : "memory");
  return v;
}
DEVICE void raise(u32* p, u32 v) {
  asm volatile("st.release.sys.global.u32 [%0], %1;" :: "l"(p), "r"(v) : "memory");
}
/* What another card wrote, past the first-level cache. */
DEVICE f32x4 load_of_others(const float* p) {
  f32x4 v;
  asm volatile("ld.relaxed.sys.global.v4.f32 {%0, %1, %2, %3}, [%4];"
               : "=f"(v.x), "=f"(v.y), "=f"(v.z), "=f"(v.w) : "l"(p) : "memory");
  return v;
}

/* This block's view of one sum. */
struct Turn {
  const Exchange* e;
  u32 number;

  MEMBER u64 slot(int stage) const { return ((number & 1) * STAGES + stage) * (u64)e->slot_bytes; }
  MEMBER float* to(int target, int stage) const { return (float*)(e->to[target] + slot(stage)); }
  MEMBER const float* from(int rank, int stage) const {
    return (const float*)(e->from[rank] + slot(stage));
  }
  MEMBER int flag(int stage) const { return (stage * BLOCKS_X + BLOCK_X) * FLAG_STEP; }

  /* Tells all others that this block has written a stage. */
  MEMBER void tell(int stage) const {
    BARRIER();
    if (THREAD < e->targets) { raise(e->raised[THREAD] + flag(stage), number); }
  }

  /* Nobody comes: the others shall not wait either. */
  MEMBER void fail(u32 verdict) const {
    *(volatile u32*)e->failed = 1;
    *(volatile u32*)e->verdict = verdict;
    *(volatile u32*)e->stop = 1;
  }

  /* Whether `rank` has written a stage; waits for it, but not for ever. */
  MEMBER bool comes(int rank, int stage) const {
    const u32* flag_of_it = e->seen[rank] + flag(stage);
    for (u32 looks = 1; (i32)(look(flag_of_it) - number) < 0; looks++) {
      // The host's memory is far away: not every time.
      if (looks % 64 == 0 && *(volatile u32*)e->stop) {
        fail(STOPPED);
        return false;
      }
      if (looks >= e->most_looks) {
        fail(WAITED_FOR + rank);
        return false;
      }
      asm volatile("nanosleep.u32 20;");
    }
    return true;
  }

  /* Whether all others have written a stage. The same in all threads; `missing` is this stage's own. */
  MEMBER bool all_come(int stage, u32* missing) const {
    if (THREAD < e->ranks) {
      missing[THREAD] = THREAD == e->rank || comes(THREAD, stage) ? 0 : 1;
    }
    BARRIER();
    u32 any = 0;
    for (int r = 0; r < e->ranks; r++) { any |= missing[r]; }
    return !any;
  }
};

/* Elements from i on, four or those that are left before `end`. */
DEVICE f32x4 some(const float* p, int i, int end) {
  if (i + 4 <= end) { return load_floats(p + i); }
  f32x4 v = {0, 0, 0, 0};
  UNROLL for (int k = 0; k < 3; k++) {
    if (i + k < end) { v[k] = p[i + k]; }
  }
  return v;
}
DEVICE void put(float* p, int i, int end, f32x4 v) {
  if (i + 4 <= end) {
    store_floats(p + i, v);
  } else {
    UNROLL for (int k = 0; k < 3; k++) {
      if (i + k < end) { p[i + k] = v[k]; }
    }
  }
}

/* The sum of four elements over all ranks. Slots end at a multiple of four, so whole loads are inside. */
DEVICE f32x4 sum_of(const Turn& turn, f32x4 own, int i) {
  const Exchange* e = turn.e;
  f32x4 parts[RANKS];
  UNROLL for (int r = 0; r < RANKS; r++) {
    if (r < e->ranks) { parts[r] = r == e->rank ? own : load_of_others(turn.from(r, SCATTER) + i); }
  }
  f32x4 sum = parts[0];
  UNROLL for (int r = 1; r < RANKS; r++) {
    if (r < e->ranks) { sum += parts[r]; }
  }
  return sum;
}

/* With the residual that follows a sum in most models, where there is one. */
DEVICE void finish(float* out, const float* residual, int i, int end, f32x4 sum) {
  put(out, i, end, residual ? some(residual, i, end) + sum : sum);
}

/* Begins a sum; false where it is not to begin. */
DEVICE bool begin(Turn& turn, const Exchange* e, u32* failed) {
  if (THREAD == 0) { *failed = *(volatile u32*)e->failed; }
  BARRIER();
  turn = {e, ((volatile u32*)e->sums)[BLOCK_X] + 1};
  return *failed == 0;
}

DEVICE void end(const Turn& turn) {
  if (THREAD == 0) { ((volatile u32*)turn.e->sums)[BLOCK_X] = turn.number; }
}

#define OF_THIS_THREAD(i, from, end)                                                \
  for (int i = (from) + 4 * (BLOCK_X * THREADS + THREAD); i < (end);                \
       i += 4 * BLOCKS_X * THREADS)

/* Everything to everybody: the least latency. out = residual + the sum of all ranks' x, [count]. */
KERNEL(256, 1)
all_reduce_one_shot(float* out, const float* x, const float* residual, const Exchange* e, int count) {
  SHARED u32 failed;
  SHARED u32 missing[RANKS];
  await_inputs();
  Turn turn;
  if (!begin(turn, e, &failed)) { return; }
  OF_THIS_THREAD(i, 0, count) {
    f32x4 own = some(x, i, count);
    for (int t = 0; t < e->targets; t++) { store_floats(turn.to(t, SCATTER) + i, own); }
  }
  turn.tell(SCATTER);
  if (!turn.all_come(SCATTER, missing)) { return; }
  OF_THIS_THREAD(i, 0, count) {
    finish(out, residual, i, count, sum_of(turn, some(x, i, count), i));
  }
  end(turn);
}

/*
 * Each rank sums a slice of it, and gives the others that: the fewest bytes. A slice is a multiple of four
 * elements; block b has the same part of every slice.
 */
KERNEL(256, 1)
all_reduce_two_shots(float* out, const float* x, const float* residual, const Exchange* e, int count) {
  SHARED u32 failed;
  SHARED u32 missing[STAGES][RANKS];
  await_inputs();
  Turn turn;
  if (!begin(turn, e, &failed)) { return; }
  int slice = 4 * ceil_div(count, 4 * e->ranks);
  for (int t = 0; t < e->targets; t++) {
    for (int r = e->first[t]; r < e->last[t]; r++) {
      int to = least(count, (r + 1) * slice);
      OF_THIS_THREAD(i, r * slice, to) { store_floats(turn.to(t, SCATTER) + i, some(x, i, count)); }
    }
  }
  turn.tell(SCATTER);
  if (!turn.all_come(SCATTER, missing[SCATTER])) { return; }
  OF_THIS_THREAD(i, e->rank * slice, least(count, (e->rank + 1) * slice)) {
    f32x4 sum = sum_of(turn, some(x, i, count), i);
    for (int t = 0; t < e->targets; t++) { store_floats(turn.to(t, GATHER) + i, sum); }
    finish(out, residual, i, count, sum);
  }
  turn.tell(GATHER);
  if (!turn.all_come(GATHER, missing[GATHER])) { return; }
  for (int r = 0; r < e->ranks; r++) {
    if (r != e->rank) {
      OF_THIS_THREAD(i, r * slice, least(count, (r + 1) * slice)) {
        finish(out, residual, i, count, load_of_others(turn.from(r, GATHER) + i));
      }
    }
  }
  end(turn);
}
