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

/* The ids whose bit is not set become minus infinity; a mask has a bit per id. */
KERNEL(256, 1)
apply_mask(float* logits, const i32* row_of, const u32* masks, int words, int vocabulary) {
  await_inputs();
  int id = 256 * BLOCK_X + THREAD;
  if (id >= vocabulary) { return; }
  if (masks[(u64)BLOCK_Y * words + id / 32] >> (id % 32) & 1) { return; }
  logits[(u64)row_of[BLOCK_Y] * vocabulary + id] = as_float(0xff800000);
}

/* Of a chunk of one row: {max, its id, sum of exp(l - max), whether one is no number or infinite}. */
KERNEL(256, 1) row_stats(u32* stats, const float* logits, int vocabulary) {
  SHARED float sums[32];
  SHARED float values[8];
  SHARED i32 ids[8];
  SHARED u32 broken[8];
  await_inputs();
  const float* row = logits + (u64)BLOCK_Y * vocabulary;
  int from = CHUNK * BLOCK_X, to = least(vocabulary, from + CHUNK);
  Best best = {as_float(0xff800000), from};
  u32 bad = 0;
  for (int i = from + THREAD; i < to; i += 256) {
    float l = row[i];
    best = better(best, Best{l, i});
    bad |= l < as_float(0x7f800000) ? 0 : 1;
  }
  best = warp_best(best);
  UNROLL for (int mask = 16; mask > 0; mask /= 2) { bad |= shuffle_xor(bad, mask); }
  if (LANE == 0) {
    values[WARP] = best.value;
    ids[WARP] = best.id;
    broken[WARP] = bad;
  }
  BARRIER();
  best = Best{values[0], ids[0]};
  bad = broken[0];
  for (int w = 1; w < 8; w++) {
    best = better(best, Best{values[w], ids[w]});
    bad |= broken[w];
  }
  // A chunk of nothing but banned ids has no sum; infinity minus itself would be NaN.
  float base = best.value == as_float(0xff800000) ? 0 : best.value;
  float sum = 0;
  for (int i = from + THREAD; i < to; i += 256) { sum += exp2_fast((row[i] - base) * LOG2_E); }
  sum = block_sum(sum, sums);
  if (THREAD == 0) {
    store16(stats + 4 * ((u64)BLOCK_Y * BLOCKS_X + BLOCK_X),
            u32x4{as_bits(best.value), (u32)best.id, as_bits(sum), bad});
  }
}

/* Of a whole row: {id, logit, log(sum(exp)), whether one is no number or infinite}. */
KERNEL(32, 1) row_best(u32* out, const u32* stats, int chunks) {
  await_inputs();
  const u32* row = stats + 4 * (u64)BLOCK_X * chunks;
  Best best = {as_float(0xff800000), 0x7fffffff};
  u32 bad = 0;
  for (int i = LANE; i < chunks; i += 32) {
    best = better(best, Best{as_float(row[4 * i]), (i32)row[4 * i + 1]});
    bad |= row[4 * i + 3];
  }
  best = warp_best(best);
  UNROLL for (int mask = 16; mask > 0; mask /= 2) { bad |= shuffle_xor(bad, mask); }
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
    store16(out + 4 * (u64)BLOCK_X, u32x4{(u32)best.id, as_bits(best.value), as_bits(log_sum), bad});
  }
}

/* out[i] = the logit of id ids[i] in row row_of[i]. */
KERNEL(256, 1)
pick(float* out, const float* logits, const i32* row_of, const i32* ids, int vocabulary, int count) {
  await_inputs();
  int i = 256 * BLOCK_X + THREAD;
  if (i < count) { out[i] = logits[(u64)row_of[i] * vocabulary + ids[i]]; }
}

/*
 * Draws: the first id at which the sum of weights exp((l - max) * inverse) exceeds u times that of all.
 * `best` is what row_best leaves, of the logits as they are now.
 */
DEVICE float weight_of(float logit, float max, float inverse) {
  return exp2_fast((logit - max) * inverse * LOG2_E);
}

/* Of a chunk of a row the sum of its weights. */
KERNEL(256, 1)
draw_sums(float* out, const float* logits, const u32* best, const i32* row_of, const float* inverses,
          int vocabulary) {
  SHARED float sums[32];
  await_inputs();
  int row = row_of[BLOCK_Y], from = CHUNK * BLOCK_X, to = least(vocabulary, from + CHUNK);
  float max = as_float(best[4 * row + 1]), inverse = inverses[BLOCK_Y], sum = 0;
  for (int i = from + THREAD; i < to; i += 256) {
    sum += weight_of(logits[(u64)row * vocabulary + i], max, inverse);
  }
  sum = block_sum(sum, sums);
  if (THREAD == 0) { out[(u64)BLOCK_Y * BLOCKS_X + BLOCK_X] = sum; }
}

/* {id, logit}: the chunk is sought in `sums`, then a thread looks through 16 neighbours. */
KERNEL(256, 1)
draw(u32* out, const float* logits, const float* sums, const u32* best, const i32* row_of,
     const float* inverses, const float* us, int vocabulary, int chunks) {
  SHARED float parts[256];
  await_inputs();
  const float* mine = sums + (u64)BLOCK_X * chunks;
  float all = 0;
  int weighty = 0;  // the last chunk that weighs anything
  for (int i = 0; i < chunks; i++) {
    all += mine[i];
    weighty = mine[i] > 0 ? i : weighty;
  }
  float left = us[BLOCK_X] * all;
  int chunk = 0;
  while (chunk < weighty && left >= mine[chunk]) { left -= mine[chunk++]; }

  int row = row_of[BLOCK_X], from = CHUNK * chunk + 16 * THREAD;
  const float* at = logits + (u64)row * vocabulary;
  float max = as_float(best[4 * row + 1]), inverse = inverses[BLOCK_X], sum = 0;
  for (int i = from; i < least(vocabulary, from + 16); i++) { sum += weight_of(at[i], max, inverse); }
  parts[THREAD] = sum;
  BARRIER();
  if (THREAD > 0) { return; }
  int part = 0, last = 0;
  for (int i = 0; i < 256; i++) { last = parts[i] > 0 ? i : last; }
  while (part < last && left >= parts[part]) { left -= parts[part++]; }
  int start = CHUNK * chunk + 16 * part, id = start;
  for (int i = start; i < least(vocabulary, start + 16); i++) {
    float weight = weight_of(at[i], max, inverse);
    id = weight > 0 ? i : id;
    left -= weight;
    if (left < 0) { break; }
  }
  out[2 * BLOCK_X] = (u32)id;
  out[2 * BLOCK_X + 1] = as_bits(at[id]);
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
