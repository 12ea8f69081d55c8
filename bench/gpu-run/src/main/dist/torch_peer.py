#!/usr/bin/env python3
"""The peer of `measure` where PyTorch is installed: a bf16 Llama of the same shape with random weights, a
static KV cache, and each decode step as one captured CUDA graph. Prints JSON with the fields of `solebox bench`.
Needs PyTorch 2.4 or newer, for its RMSNorm.

What is compiled is PyTorch's own: cuBLAS for products, its attention for prompts. A step attends to the
whole cache, which is no longer than context and answer together; what is not written yet is masked."""

import argparse
import json
import statistics
import sys
import time

import torch
import torch.nn.functional as F

# Layers, hidden, ffn, heads, kv heads, vocabulary, tied: the shapes of `solebox synth`.
SHAPES = {
    "1b": (16, 2048, 8192, 32, 8, 128256, True),
    "7b": (32, 4096, 11008, 32, 32, 32000, False),
    "13b": (40, 5120, 13824, 40, 40, 32000, False),
    "tiny": (2, 256, 512, 4, 2, 600, False),
}
EPS = 1e-5
WARM_UP = 3


class Layer:
    def __init__(self, hidden, ffn, heads, kv_heads, new):
        self.head_dim = hidden // heads
        self.heads, self.kv_heads = heads, kv_heads
        self.qkv = new((heads + 2 * kv_heads) * self.head_dim, hidden)
        self.out = new(hidden, hidden)
        self.gate_up = new(2 * ffn, hidden)
        self.down = new(hidden, ffn)
        self.norm1 = torch.ones(hidden, device=self.qkv.device, dtype=self.qkv.dtype)
        self.norm2 = torch.ones_like(self.norm1)

    def attend(self, x, cos, sin, cache, positions, mask):
        batch, tokens, _ = x.shape
        parts = F.linear(x, self.qkv).view(batch, tokens, -1, self.head_dim)
        q, k, v = parts.split([self.heads, self.kv_heads, self.kv_heads], dim=2)
        q, k = rotate(q, cos, sin), rotate(k, cos, sin)
        keys, values = cache
        keys.index_copy_(2, positions, k.transpose(1, 2))
        values.index_copy_(2, positions, v.transpose(1, 2))
        q = q.transpose(1, 2)
        if mask is None:  # a prompt from an empty cache
            k, v = k.transpose(1, 2), v.transpose(1, 2)
            groups = self.heads // self.kv_heads
            y = F.scaled_dot_product_attention(
                q, k.repeat_interleave(groups, 1), v.repeat_interleave(groups, 1), is_causal=True
            )
        else:  # one token: the heads of a group are rows of one product, so that keys are read once
            grouped = q.reshape(batch, self.kv_heads, -1, self.head_dim)
            scores = (grouped @ keys.transpose(2, 3)) * self.head_dim**-0.5 + mask
            y = scores.softmax(-1) @ values
            y = y.reshape(batch, self.heads, 1, self.head_dim)
        return F.linear(y.transpose(1, 2).reshape(batch, tokens, -1), self.out)

    def forward(self, x, cos, sin, cache, positions, mask):
        x = x + self.attend(norm(x, self.norm1), cos, sin, cache, positions, mask)
        gate, up = F.linear(norm(x, self.norm2), self.gate_up).chunk(2, dim=-1)
        return x + F.linear(F.silu(gate) * up, self.down)


def norm(x, gain):
    return F.rms_norm(x, (x.shape[-1],), gain, EPS)


def rotate(x, cos, sin):
    a, b = x.float().chunk(2, dim=-1)
    return torch.cat((a * cos - b * sin, b * cos + a * sin), dim=-1).to(x.dtype)


class Model:
    def __init__(self, shape, length, batch, device, dtype):
        layers, hidden, ffn, heads, kv_heads, vocab, tied = SHAPES[shape]

        def new(rows, cols):
            return torch.randn(rows, cols, device=device, dtype=dtype) * cols**-0.5

        self.layers = [Layer(hidden, ffn, heads, kv_heads, new) for _ in range(layers)]
        self.embedding = new(vocab, hidden)
        self.head = self.embedding if tied else new(vocab, hidden)
        self.norm = torch.ones(hidden, device=device, dtype=dtype)
        self.device, self.dtype, self.length, self.batch = device, dtype, length, batch
        head_dim = hidden // heads
        inverse = 10000.0 ** (-torch.arange(0, head_dim, 2, device=device) / head_dim)
        angles = torch.outer(torch.arange(length, device=device).float(), inverse)
        self.cos, self.sin = angles.cos()[:, None], angles.sin()[:, None]
        shape4 = (batch, kv_heads, length, head_dim)
        self.caches = [
            (torch.zeros(shape4, device=device, dtype=dtype), torch.zeros(shape4, device=device, dtype=dtype))
            for _ in self.layers
        ]
        self.vocab = vocab
        # What a step reads of weights: all matrices, and the table only if it is the head.
        each = sum(w.numel() for l in self.layers for w in (l.qkv, l.out, l.gate_up, l.down))
        self.weight_bytes = 2 * (each + self.head.numel())
        self.kv_bytes = 2 * 2 * kv_heads * head_dim * layers

    def run(self, tokens, positions, mask):
        """Logits of the last token of each sequence."""
        x = F.embedding(tokens, self.embedding)
        cos, sin = self.cos[positions], self.sin[positions]
        for layer, cache in zip(self.layers, self.caches):
            x = layer.forward(x, cos, sin, cache, positions, mask)
        return F.linear(norm(x[:, -1:], self.norm), self.head)

    def prefill(self, tokens):
        return self.run(tokens, torch.arange(tokens.shape[1], device=self.device), None)


class Decoder:
    """One step as a graph: token ids and the position lie in device memory, and the graph moves them on."""

    def __init__(self, model):
        self.model = model
        self.token = torch.zeros(model.batch, 1, dtype=torch.long, device=model.device)
        self.position = torch.zeros(1, dtype=torch.long, device=model.device)
        self.places = torch.arange(model.length, device=model.device)
        self.graph = None
        if model.device == "cuda":
            self.capture()

    def capture(self):
        side = torch.cuda.Stream()
        side.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(side):
            for _ in range(WARM_UP):
                self.step()
        torch.cuda.current_stream().wait_stream(side)
        self.graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(self.graph):
            self.step()

    def step(self):
        model = self.model
        mask = torch.zeros(model.length, device=model.device, dtype=model.dtype)
        mask.masked_fill_(self.places > self.position, float("-inf"))
        logits = model.run(self.token, self.position, mask)
        self.token.copy_(logits.argmax(-1))
        self.position.add_(1)

    def begin(self, position):
        self.position.fill_(position)

    def run(self):
        if self.graph is None:
            self.step()
        else:
            self.graph.replay()


def synchronize(device):
    if device == "cuda":
        torch.cuda.synchronize()


def decode(shape, context, new, batch, repetitions, device, dtype):
    """Tokens per second of all sequences, and the bytes read per token of one."""
    model = Model(shape, context + new + 1, batch, device, dtype)
    decoder = Decoder(model)
    model.prefill(torch.randint(model.vocab, (batch, context), device=device))
    runs = []
    for _ in range(repetitions + 1):
        decoder.begin(context)
        synchronize(device)
        start = time.perf_counter()
        for _ in range(new):
            decoder.run()
        synchronize(device)
        runs.append(batch * new / (time.perf_counter() - start))
    read = model.weight_bytes / batch + model.kv_bytes * (context + new / 2)
    return spread(runs[1:]), read


def prefill(shape, tokens, repetitions, device, dtype):
    model = Model(shape, tokens, 1, device, dtype)
    ids = torch.randint(model.vocab, (1, tokens), device=device)
    runs = []
    for _ in range(repetitions + 1):
        synchronize(device)
        start = time.perf_counter()
        model.prefill(ids).argmax(-1).item()
        runs.append(tokens / (time.perf_counter() - start))
    return spread(runs[1:])


def several_and_prompt(args, context, settings):
    streams, _ = decode(args.shape, context, args.new, args.streams, **settings)
    return {
        "streams": {"batch": args.streams, "decode_tokens_per_second": streams},
        "prompt_tokens": args.prompt,
        "prefill_tokens_per_second": prefill(args.shape, args.prompt, **settings),
    }


def spread(runs):
    return {"median": statistics.median(runs), "min": min(runs), "max": max(runs), "runs": runs}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shape", choices=SHAPES, required=True)
    parser.add_argument("--prompt", type=int, default=4096)
    parser.add_argument("--at", default="512,4096")
    parser.add_argument("--new", type=int, default=128)
    parser.add_argument("--streams", type=int, default=8)
    parser.add_argument("--repetitions", type=int, default=3)
    parser.add_argument("--decode-only", action="store_true", help="neither several streams nor a prompt")
    parser.add_argument("--device", default="cuda")
    args = parser.parse_args()
    torch.manual_seed(1)
    settings = {"repetitions": args.repetitions, "device": args.device, "dtype": torch.bfloat16}
    contexts = [int(c) for c in args.at.split(",")]
    with torch.inference_mode():
        rows = []
        for context in contexts:
            speed, read = decode(args.shape, context, args.new, 1, **settings)
            rows.append({"context": context, "decode_tokens_per_second": speed, "decode_bytes_per_token": read})
        more = {} if args.decode_only else several_and_prompt(args, contexts[0], settings)
    name = torch.cuda.get_device_name() if args.device == "cuda" else args.device
    result = {
        "model": args.shape,
        "format": "bf16, PyTorch " + torch.__version__,
        "device": name,
        "decode_at": rows,
        **more,
    }
    json.dump(result, sys.stdout)


if __name__ == "__main__":
    main()
