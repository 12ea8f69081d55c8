// What stands around the products of a mixture of experts: which experts a token takes, their slots put
// together by expert, and the sum of what they made. A slot is a choice of a token: token * used + choice;
// `routing` has per slot the number of the expert and its share.
#include "activation.cuh"

static constexpr int MAX_EXPERTS = 512, TILE = 64, CHUNK = 1024, WARPS = 4;

/* In the order of the engine's ExpertOp.Scoring. */
enum Scoring { BY_SOFTMAX, BY_SIGMOID, BY_SOFTMAX_OF_CHOSEN };

/* The greatest of a warp, of equals the one with the lowest number, in every lane; a NaN is greatest. */
struct Best {
  float value;
  int at;
  DEVICE Best of(float value, int at) { return {value == value ? value : as_float(0x7f800000), at}; }
  DEVICE Best better(Best a, Best b) {
    bool second = b.value > a.value || (b.value == a.value && b.at < a.at);
    return second ? b : a;
  }
  DEVICE Best of_warp(Best b) {
    UNROLL for (int mask = 16; mask > 0; mask /= 2) {
      b = better(b, {shuffle_xor(b.value, mask), shuffle_xor(b.at, mask)});
    }
    return b;
  }
};

/* A token's logits and what they become. */
struct Logits {
  const float* x;
  int experts, scoring;
  float max, sum;
  DEVICE Logits of(const float* x, int experts, int scoring) {
    Logits l = {x, experts, scoring, as_float(0xff800000), 0};
    if (scoring != BY_SOFTMAX) { return l; }
    for (int i = LANE; i < experts; i += 32) { l.max = __builtin_fmaxf(l.max, x[i]); }
    l.max = warp_max(l.max);
    for (int i = LANE; i < experts; i += 32) { l.sum += exp_precise(x[i] - l.max); }
    l.sum = warp_sum(l.sum);
    return l;
  }
  DEVICE float score(const Logits& l, int expert) {
    float x = l.x[expert];
    return l.scoring == BY_SOFTMAX ? exp_precise(x - l.max) / l.sum
           : l.scoring == BY_SIGMOID ? sigmoid(x) : x;
  }
};

/* Bits of the groups whose best score, or two best, have the highest sums; a lane takes a group. */
DEVICE u32 best_groups(const Logits& l, const float* bias, int groups, int used, int of_group) {
  if (used >= groups) { return ~0u; }
  int size = l.experts / groups;
  float best = as_float(0xff800000), second = best;
  for (int i = 0; i < size && LANE < groups; i++) {
    int x = LANE * size + i;
    float score = Logits::score(l, x) + (bias ? bias[x] : 0);
    second = score > best ? best : __builtin_fmaxf(second, score);
    best = score > best ? score : best;
  }
  WARP_BARRIER();
  float sum = size > 1 && of_group > 1 ? best + second : best;
  Best mine = LANE < groups ? Best::of(sum, LANE) : Best{as_float(0xff800000), 32};
  u32 open = 0;
  for (int i = 0; i < used; i++) {
    Best b = Best::of_warp(mine);
    open |= 1u << b.at;
    if (LANE == b.at) { mine.value = as_float(0xff800000), mine.at = 32; }
  }
  return open;
}

/*
 * A warp takes a token. Where nothing is added to scores experts are chosen by logits, which rise with
 * them: so no choice hangs on how a score was rounded.
 */
KERNEL(128, 1)
route(float* routing, const float* logits, const float* bias, const float* factors, int tokens,
      int experts, int used, int scoring, int normalized, float scale, int groups, int used_groups,
      int of_group) {
  SHARED float ranks[WARPS][MAX_EXPERTS];
  await_inputs();
  int token = WARPS * BLOCK_X + WARP;
  if (token >= tokens) { return; }
  float* rank = ranks[WARP];
  Logits l = Logits::of(logits + (u64)token * experts, experts, scoring);
  u32 open = best_groups(l, bias, groups, used_groups, of_group);
  int size = experts / groups;
  for (int x = LANE; x < experts; x += 32) {
    bool is_open = used_groups >= groups || (open >> (x / size) & 1);
    float by = bias ? Logits::score(l, x) + bias[x] : l.x[x];
    rank[x] = is_open ? by : as_float(0xff800000);
  }
  int expert = 0;  // lane i has choice i
  float share = 0;
  for (int j = 0; j < used; j++) {
    WARP_BARRIER();
    Best b = {as_float(0xff800000), MAX_EXPERTS};
    for (int x = LANE; x < experts; x += 32) { b = Best::better(b, Best::of(rank[x], x)); }
    WARP_BARRIER();
    b = Best::of_warp(b);
    int chosen = least(b.at, experts - 1);
    float score = Logits::score(l, chosen);
    if (LANE == j) {
      expert = chosen;
      share = score;
      rank[chosen] = as_float(0xff800000);
    }
  }
  bool mine = LANE < used;
  if (scoring == BY_SOFTMAX_OF_CHOSEN) {
    float max = warp_max(mine ? share : as_float(0xff800000));
    share = mine ? exp_precise(share - max) : 0;
    share /= warp_sum(share);
  }
  float sum = warp_sum(mine ? share : 0);
  if (mine) {
    u64 slot = (u64)token * used + LANE;
    routing[2 * slot] = (float)expert;
    share = (normalized ? share / sum : share) * scale;
    routing[2 * slot + 1] = factors ? share * factors[expert] : share;
  }
}

/*
 * order[slots]: slots by expert, each expert's in ascending order; tiles {expert, first in order, count}
 * of up to 64 slots of one expert, those that are left over of count 0. A thread takes an expert and
 * looks at all slots, a chunk of which lies in shared memory at a time.
 */
KERNEL(512, 1)
group_slots(i32* order, i32* tiles, const float* routing, int slots, int experts, int most_tiles) {
  SHARED i32 chunk[CHUNK];
  SHARED i32 counts[MAX_EXPERTS];
  await_inputs();
  int expert = THREAD, count = 0, first = 0, first_tile = 0, all_tiles = 0;
  for (int pass = 0; pass < 2; pass++) {
    int at = first;
    for (int from = 0; from < slots; from += CHUNK) {
      BARRIER();  // the chunk before is read
      for (int i = THREAD; i < CHUNK; i += THREADS) {
        chunk[i] = from + i < slots ? (i32)routing[2 * (u64)(from + i)] : -1;
      }
      BARRIER();
      for (int i = 0; i < CHUNK && from + i < slots; i += 4) {
        u32x4 four = *(const u32x4*)(chunk + i);
        UNROLL for (int j = 0; j < 4; j++) {
          bool mine = (i32)four[j] == expert;
          if (mine && pass == 1) { order[at] = from + i + j; }
          at += mine;
        }
      }
    }
    if (pass == 1) { break; }
    count = at;
    if (expert < MAX_EXPERTS) { counts[expert] = count; }
    BARRIER();
    for (int e = 0; e < experts; e++) {
      if (e == expert) { first_tile = all_tiles; }
      first += e < expert ? counts[e] : 0;
      all_tiles += ceil_div(counts[e], TILE);
    }
  }
  for (int done = 0; expert < experts && done < count; done += TILE) {
    i32* tile = tiles + 3 * (first_tile + done / TILE);
    tile[0] = expert;
    tile[1] = first + done;
    tile[2] = least(TILE, count - done);
  }
  for (int i = all_tiles + THREAD; i < most_tiles; i += THREADS) {
    tiles[3 * i] = tiles[3 * i + 1] = tiles[3 * i + 2] = 0;
  }
}

/* out[t] = the sum of its slots' parts [T * used, width], by their shares where `weighted` (+ residual). */
KERNEL(256, 1)
mix(float* out, const float* parts, const float* routing, const float* residual, int weighted, int used,
    int width) {
  await_inputs();
  int i = 256 * BLOCK_X + THREAD, token = BLOCK_Y;
  if (i >= width) { return; }
  float sum = 0;
  for (int j = 0; j < used; j++) {
    u64 slot = (u64)token * used + j;
    sum = fma(weighted ? routing[2 * slot + 1] : 1, parts[slot * width + i], sum);
  }
  u64 at = (u64)token * width + i;
  out[at] = residual ? sum + residual[at] : sum;
}
