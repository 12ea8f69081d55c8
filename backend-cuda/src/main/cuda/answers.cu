// What leaves the device for a row of logits: the best id with log(sum(exp)), or the k best, so that
// a step copies bytes and not the vocabulary.
#include "solebox.cuh"

/* l > 0 ? l / repetition : l * repetition, then + add; the ids of a row are distinct. */
KERNEL(256, 1)
apply_bias(float* logits, const i32* row_of, const i32* ids, const float* repetition,
           const float* add, int vocabulary, int count) {
  await_inputs();
  int i = 256 * BLOCK_X + THREAD;
  if (i >= count) { return; }
  float* at = logits + (u64)row_of[i] * vocabulary + ids[i];
  float l = *at, r = repetition[i];
  *at = (l > 0 ? l / r : l * r) + add[i];
}

enum { CHUNK = 4096 };

struct Best {
  float value;
  i32 id;
};
/* The larger, of equals the lower id. A NaN loses against everything. */
DEVICE Best better(Best a, Best b) {
  bool second = b.value > a.value || (b.value == a.value && b.id < a.id);
  return second ? b : a;
}
DEVICE Best warp_best(Best best) {
  UNROLL for (int mask = 16; mask > 0; mask /= 2) {
    best = better(best, Best{shuffle_xor(best.value, mask), shuffle_xor(best.id, mask)});
  }
  return best;
}

/* Of a chunk of one row: {max, its id, sum of exp(l - max), 0}. */
KERNEL(256, 1) row_stats(u32* stats, const float* logits, int vocabulary) {
  SHARED float sums[32];
  SHARED float values[8];
  SHARED i32 ids[8];
  await_inputs();
  const float* row = logits + (u64)BLOCK_Y * vocabulary;
  int from = CHUNK * BLOCK_X, to = least(vocabulary, from + CHUNK);
  Best best = {as_float(0xff800000), from};
  for (int i = from + THREAD; i < to; i += 256) { best = better(best, Best{row[i], i}); }
  best = warp_best(best);
  if (LANE == 0) {
    values[WARP] = best.value;
    ids[WARP] = best.id;
  }
  BARRIER();
  best = Best{values[0], ids[0]};
  for (int w = 1; w < 8; w++) { best = better(best, Best{values[w], ids[w]}); }
  // A chunk of nothing but banned ids has no sum; infinity minus itself would be NaN.
  float base = best.value == as_float(0xff800000) ? 0 : best.value;
  float sum = 0;
  for (int i = from + THREAD; i < to; i += 256) { sum += exp2_fast((row[i] - base) * LOG2_E); }
  sum = block_sum(sum, sums);
  if (THREAD == 0) {
    store16(stats + 4 * ((u64)BLOCK_Y * BLOCKS_X + BLOCK_X),
            u32x4{as_bits(best.value), (u32)best.id, as_bits(sum), 0});
  }
}

/* Of a whole row: {id, logit, log(sum(exp)), 0}. */
KERNEL(32, 1) row_best(u32* out, const u32* stats, int chunks) {
  await_inputs();
  const u32* row = stats + 4 * (u64)BLOCK_X * chunks;
  Best best = {as_float(0xff800000), 0x7fffffff};
  for (int i = LANE; i < chunks; i += 32) {
    best = better(best, Best{as_float(row[4 * i]), (i32)row[4 * i + 1]});
  }
  best = warp_best(best);
  float base = best.value == as_float(0xff800000) ? 0 : best.value;
  float sum = 0;
  for (int i = LANE; i < chunks; i += 32) {
    float max = as_float(row[4 * i]);
    float factor = max == as_float(0xff800000) ? 0 : exp2_fast((max - base) * LOG2_E);
    sum = fma(as_float(row[4 * i + 2]), factor, sum);
  }
  sum = warp_sum(sum);
  if (LANE == 0) {
    float log_sum = base + __nvvm_lg2_approx_f(sum) * 0.693147181f;
    store16(out + 4 * (u64)BLOCK_X, u32x4{(u32)best.id, as_bits(best.value), as_bits(log_sum), 0});
  }
}

enum { SORTED = 2048 };

/* Sorts as the logit does, of equals the lower id above; 0 is below all. A NaN counts as -inf. */
DEVICE u64 key_of(float logit, int id) {
  // Adding zero makes -0 and 0 the same.
  u32 bits = as_bits(logit == logit ? logit + 0.0f : as_float(0xff800000));
  bits = bits & 0x80000000u ? ~bits : bits | 0x80000000u;
  return (u64)bits << 32 | (u32)~id;
}

/* Bitonic, descending, 1024 threads. */
DEVICE void sort(u64* keys) {
  for (int size = 2; size <= SORTED; size *= 2) {
    for (int distance = size / 2; distance > 0; distance /= 2) {
      BARRIER();
      int low = 2 * distance * (THREAD / distance) + THREAD % distance, high = low + distance;
      bool descending = (low & size) == 0;
      u64 a = keys[low], b = keys[high];
      if ((a < b) == descending) {
        keys[low] = b;
        keys[high] = a;
      }
    }
  }
  BARRIER();
}

DEVICE void keep(u64* out, const u64* keys, int k) {
  u64* to = out + ((u64)BLOCK_Y * BLOCKS_X + BLOCK_X) * k;
  for (int i = THREAD; i < k; i += 1024) { to[i] = keys[i]; }
}

/* The k best of 2048 logits of a row. */
KERNEL(1024, 1) topk_first(u64* out, const float* logits, int vocabulary, int k) {
  SHARED u64 keys[SORTED];
  await_inputs();
  const float* row = logits + (u64)BLOCK_Y * vocabulary;
  UNROLL for (int i = 0; i < 2; i++) {
    int slot = THREAD + 1024 * i, id = SORTED * BLOCK_X + slot;
    keys[slot] = id < vocabulary ? key_of(row[id], id) : 0;
  }
  sort(keys);
  keep(out, keys, k);
}

/* The k best of 2048 keys of a row. */
KERNEL(1024, 1) topk_next(u64* out, const u64* in, int count, int k) {
  SHARED u64 keys[SORTED];
  await_inputs();
  const u64* row = in + (u64)BLOCK_Y * count;
  UNROLL for (int i = 0; i < 2; i++) {
    int slot = THREAD + 1024 * i, at = SORTED * BLOCK_X + slot;
    keys[slot] = at < count ? row[at] : 0;
  }
  sort(keys);
  keep(out, keys, k);
}
