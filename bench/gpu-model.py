#!/usr/bin/env python3
"""How many tokens a second decode should give by arithmetic on the machine code. Nothing of it is measured.

    bench/gpu-model.py     tables in Markdown: before and after the changes named in docs/cuda-backend.md

A token's time is the sum over its launches, none beside another, and the host's part. Assumed are

  card      measured read bandwidth of the card, latency of a load under load, launch to launch in a graph
            (with programmatic launches on sm_90, where the next kernel has begun already). Guesses from what
            others publish, to be replaced by what the card itself gives.
  L2        what the second-level cache gives; only the old fence in swiglu_ made it matter.
  products  blocks run in waves of as many as fit all multiprocessors. The bytes under way are those of
            the resident warps' loads, of which AVERAGE are on their way at a time, since loads and use alternate
            in a warp; by Little's law, bytes under way / latency is a bound on the rate, the card's bandwidth is
            another, and near where they meet both tell. A last, partial wave wastes TAIL of what it leaves empty.
            One latency passes before anything arrives.
  fence     before: per row of gate and up, the fence emptied the first-level cache, so that activations came from
            L2, REREAD bytes for each byte of weights, and each wave of warps ended with FENCE more.
  attention a block has its 64 positions in rounds; before, each round waited for the id of its block and then for
            its load; now all loads of a split are sent at once, and ids are loaded once. Plus barriers.
  small     norm, rope, combination: microseconds, from counting dependent loads and barriers in the machine code.
  host      from the end of a step to the start of the next.

Blocks per multiprocessor and loads in flight are those of the machine code (machine-code.txt of the tests of
backend-cuda holds them now). AVERAGE, the small kernels and the host's part are set so that the table of `before`
agrees within 5 points of a share with an independent estimate that was made, kernel by kernel, from the machine code
of that time. The errors that all have in common are larger: +-15 %.
"""

import math

AVERAGE = 0.6  # of the loads that a warp can have under way
TAIL = 0.5  # of the slots that a last, partial wave leaves empty, are lost: waves do not end at once
FENCE = 1.5e-6
REREAD = {"Q8_0": 1.6, "Q4_0": 2.1, "Q4_K": 2.1, "Q6_K": 1.8}
PER_WEIGHT = {"F16": 2, "Q8_0": 34 / 32, "Q4_0": 18 / 32, "Q4_K": 144 / 256, "Q6_K": 210 / 256}
UNIT = {"F16": 8, "Q8_0": 16, "Q4_0": 32, "Q4_K": 32, "Q6_K": 32}  # weights of a 16-byte load

# Multiprocessors, bytes a second of memory and of L2, latency and launch in seconds, column of the blocks below.
CARDS = {
    "V100": (80, 0.81e12, 2.3e12, 0.60e-6, 1.7e-6, 0),
    "A100-80": (108, 1.77e12, 4.0e12, 0.65e-6, 1.7e-6, 1),
    "H100-80": (132, 3.00e12, 5.7e12, 0.70e-6, 0.9e-6, 2),
    "H200": (132, 4.35e12, 5.7e12, 0.70e-6, 0.9e-6, 2),
}
# Layers, hidden, ffn, heads, kv heads, head dim, vocabulary.
MODELS = {
    "1b": (16, 2048, 8192, 32, 8, 64, 128256),
    "7b": (32, 4096, 11008, 32, 32, 128, 32000),
    "13b": (40, 5120, 13824, 40, 40, 128, 32000),
}
FORMATS = ("F16", "Q8_0", "Q4_K_M", "Q4_0")


class Before:
    # Loads in flight (Q6_K: two, and two that lanes share), blocks on sm_70, sm_80, sm_90.
    linear = {
        "F16": (4, 9, 9, 9),
        "Q8_0": (4, 6, 6, 6),
        "Q4_0": (4, 7, 7, 7),
        "Q4_K": (2, 6, 6, 6),
        "Q6_K": (3, 7, 7, 7),
    }
    swiglu = {**linear, "Q4_0": (4, 7, 7, 6)}
    fence, splits_columns = True, False
    attention_blocks, barriers = 10, 1.0e-6
    norm, rope, host = 3.0e-6, 2.0e-6, 90e-6

    @staticmethod
    def attention_waits(rounds):
        return 0.7 * rounds  # of a latency: the neighbours are few, so it is not yet that of a loaded card

    @staticmethod
    def combine(splits):
        return (1.6 + 0.11 * splits) * 1e-6


class After:
    linear = {
        "F16": (4, 9, 9, 9),
        "Q8_0": (4, 8, 8, 7),
        "Q4_0": (4, 6, 7, 6),
        "Q4_K": (4, 4, 4, 4),
        "Q6_K": (3, 6, 6, 6),
    }
    swiglu = {
        "F16": (4, 9, 9, 9),
        "Q8_0": (4, 6, 6, 6),
        "Q4_0": (4, 7, 7, 6),
        "Q4_K": (4, 4, 4, 4),
        "Q6_K": (3, 7, 7, 7),
    }
    fence, splits_columns = False, True
    attention_blocks, barriers = 5, 1.5e-6
    norm, rope, host = 1.8e-6, 2.0e-6, 30e-6

    @staticmethod
    def attention_waits(rounds):
        return 3.0  # ids, keys, and what of the values the softmax does not hide; in any number of rounds

    @staticmethod
    def combine(splits):
        return (1.3 + 0.03 * splits) * 1e-6


def both(*times):
    """The longest of bounds on a time, up to 9 % longer where two are close."""
    return sum(t**8 for t in times) ** (1 / 8)


def column_split(rows, cols, kind, multiprocessors):
    """As class ColumnSplit."""
    split = 0
    while split < 2 and (rows / 8) * 2**split < 6 * multiprocessors and cols // UNIT[kind] >= 64 * 2 ** (split + 1):
        split += 1
    return split


def product(card, kernels, rows, cols, kind, gated=False):
    """Seconds of one launch; `gated` is gate and up together, `rows` of each."""
    multiprocessors, bandwidth, l2, latency, launch, column = card
    loads, *blocks_of = (kernels.swiglu if gated else kernels.linear)[kind]
    split = column_split(rows, cols, kind, multiprocessors) if kernels.splits_columns and not gated else 0
    blocks = rows / 4 if gated else rows / 8 * 2**split
    slots = multiprocessors * blocks_of[column]
    size = rows * cols * PER_WEIGHT[kind] * (2 if gated else 1)
    of_block = size / blocks * latency / (AVERAGE * 128 * loads * 16)
    waves = blocks / slots
    waves += TAIL * (math.ceil(waves) - waves) if waves > 1 else 1 - waves
    bounds = [size / bandwidth, of_block * waves]
    time = latency + launch
    if gated and kernels.fence and kind != "F16":
        bounds.append(size * REREAD[kind] / l2)
        time += FENCE * waves / 2  # half of it while other warps still read
    return time + both(*bounds)


def attention(card, kernels, heads, kv_heads, head_dim, context):
    multiprocessors, bandwidth, _, latency, launch, _ = card
    splits = -(-context // 64)
    rounds = 2 * 64 / (4 * 32 / (head_dim / 8))  # of keys and of values
    block = kernels.attention_waits(rounds) * latency + kernels.barriers
    waves = max(1, kv_heads * splits / (multiprocessors * kernels.attention_blocks))
    size = 4 * kv_heads * head_dim * context
    return launch + both(block * waves, size / bandwidth) + launch + kernels.combine(splits)


def kinds(format, layer, layers):
    """Formats of q and k, v, output, gate and up, down; Q4_K_M has half of v and down in Q6_K."""
    if format != "Q4_K_M":
        return (format,) * 5
    more = "Q6_K" if layer < layers // 8 or layer >= 7 * layers // 8 or (layer - layers // 8) % 3 == 2 else "Q4_K"
    return "Q4_K", more, "Q4_K", "Q4_K", more


def step(card, kernels, model, format, context):
    """Seconds of a token, and the bytes that it reads."""
    layers, hidden, ffn, heads, kv_heads, head_dim, vocabulary = model
    launch, kv = card[4], kv_heads * head_dim
    time, size = kernels.host, 0
    for layer in range(layers):
        qk, v, out, gate, down = kinds(format, layer, layers)
        matrices = [(hidden + kv, hidden, qk), (kv, hidden, v)] if qk != v else [(hidden + 2 * kv, hidden, qk)]
        matrices += [(hidden, hidden, out), (hidden, ffn, down)]
        time += sum(product(card, kernels, *m) for m in matrices) + product(card, kernels, ffn, hidden, gate, True)
        size += sum(rows * cols * PER_WEIGHT[kind] for rows, cols, kind in matrices + [(2 * ffn, hidden, gate)])
        time += 2 * (launch + kernels.norm) + launch + kernels.rope
        time += attention(card, kernels, heads, kv_heads, head_dim, context)
        size += 4 * kv * context
    head = "Q6_K" if format == "Q4_K_M" else format
    time += product(card, kernels, vocabulary, hidden, head) + 4 * launch + kernels.norm
    return time, size + vocabulary * hidden * PER_WEIGHT[head]


def table(context):
    print(f"| context {context} |" + "".join(f" {f} |" for f in FORMATS))
    print("|---|" + "---|" * len(FORMATS))
    for card_name, card in CARDS.items():
        for model_name, model in MODELS.items():
            cells = []
            for format in FORMATS:
                steps = [step(card, kernels, model, format, context) for kernels in (Before, After)]
                speeds = " → ".join(f"{1 / time:.0f}" for time, _ in steps)
                shares = " → ".join(f"{100 * size / card[1] / time:.0f}" for time, size in steps)
                cells.append(f"{speeds} ({shares} %)")
            print(f"| {card_name} {model_name} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    print("Estimated tokens a second, before → after (and the share of the assumed bandwidth)")
    for context in (512, 4096):
        print()
        table(context)
