"""A Llama-architecture decoder, small: RMSNorm, grouped-query attention, RoPE on adjacent pairs, SwiGLU, tied output.

Letters as in the engine: T tokens, E hidden, H heads, K kv heads, D head dim, F ffn, V vocab, L layers.
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as nn_f
from torch import nn


@dataclass(frozen=True)
class Config:
    vocab: int
    hidden: int = 256
    layers: int = 5
    heads: int = 8
    kv_heads: int = 4
    ffn: int = 640
    context: int = 1024
    rope_base: float = 10000.0
    norm_eps: float = 1e-5
    dropout: float = 0.1

    @property
    def head_dim(self) -> int:
        return self.hidden // self.heads


def rope_table(config: Config) -> torch.Tensor:
    """cos and sin, [context, D/2, 2]."""
    rates = config.rope_base ** (-torch.arange(0, config.head_dim, 2).float() / config.head_dim)
    angles = torch.outer(torch.arange(config.context).float(), rates)
    return torch.stack((angles.cos(), angles.sin()), dim=-1)


def rotated(x: torch.Tensor, table: torch.Tensor) -> torch.Tensor:
    """Rotates the pairs (2i, 2i+1) of x [B, heads, T, D], as GGUF's `llama` architecture expects."""
    even, odd = x[..., 0::2], x[..., 1::2]
    cos, sin = table[..., 0].to(x.dtype), table[..., 1].to(x.dtype)
    return torch.stack((even * cos - odd * sin, even * sin + odd * cos), dim=-1).flatten(-2)


class Layer(nn.Module):
    def __init__(self, config: Config):
        super().__init__()
        e, kv = config.hidden, config.kv_heads * config.head_dim
        self.config = config
        self.attn_norm = nn.RMSNorm(e, eps=config.norm_eps)
        self.attn_q = nn.Linear(e, e, bias=False)
        self.attn_k = nn.Linear(e, kv, bias=False)
        self.attn_v = nn.Linear(e, kv, bias=False)
        self.attn_output = nn.Linear(e, e, bias=False)
        self.ffn_norm = nn.RMSNorm(e, eps=config.norm_eps)
        self.ffn_gate = nn.Linear(e, config.ffn, bias=False)
        self.ffn_up = nn.Linear(e, config.ffn, bias=False)
        self.ffn_down = nn.Linear(config.ffn, e, bias=False)
        self.dropout = nn.Dropout(config.dropout)

    def forward(self, x, table, past=None):
        """x [B, T, E]; `past` is a list [keys, values] that grows along T, for generation."""
        b, t, _ = x.shape
        c, h = self.config, self.attn_norm(x)
        q = rotated(self.attn_q(h).view(b, t, c.heads, c.head_dim).transpose(1, 2), table)
        k = rotated(self.attn_k(h).view(b, t, c.kv_heads, c.head_dim).transpose(1, 2), table)
        v = self.attn_v(h).view(b, t, c.kv_heads, c.head_dim).transpose(1, 2)
        if past is not None:
            k, v = (torch.cat((p, n), dim=2) for p, n in zip(past, (k, v))) if past else (k, v)
            past[:] = [k, v]
        repeat = c.heads // c.kv_heads
        k, v = k.repeat_interleave(repeat, dim=1), v.repeat_interleave(repeat, dim=1)
        mixed = nn_f.scaled_dot_product_attention(q, k, v, is_causal=t > 1)
        x = x + self.dropout(self.attn_output(mixed.transpose(1, 2).reshape(b, t, -1)))
        h = self.ffn_norm(x)
        return x + self.dropout(self.ffn_down(nn_f.silu(self.ffn_gate(h)) * self.ffn_up(h)))


    def at(self, x, table, places):
        """The rows of forward(x) at one place of each sequence, cheaply: x [B, T, E] and places [B] to [B, E]."""
        b, t, _ = x.shape
        c, h, rows = self.config, self.attn_norm(x), torch.arange(b)
        q = self.attn_q(h[rows, places]).view(b, c.heads, 1, c.head_dim)
        q = rotated(q, table[places].unsqueeze(1).unsqueeze(1))
        k = rotated(self.attn_k(h).view(b, t, c.kv_heads, c.head_dim).transpose(1, 2), table)
        v = self.attn_v(h).view(b, t, c.kv_heads, c.head_dim).transpose(1, 2)
        repeat = c.heads // c.kv_heads
        k, v = k.repeat_interleave(repeat, dim=1), v.repeat_interleave(repeat, dim=1)
        seen = (torch.arange(t) <= places.unsqueeze(1)).view(b, 1, 1, t)
        mixed = nn_f.scaled_dot_product_attention(q, k, v, attn_mask=seen)
        x = x[rows, places] + self.dropout(self.attn_output(mixed.reshape(b, -1)))
        h = self.ffn_norm(x)
        return x + self.dropout(self.ffn_down(nn_f.silu(self.ffn_gate(h)) * self.ffn_up(h)))


class Guide(nn.Module):
    """Parameter names are those of GGUF's tensors, give or take `blk.N`."""

    def __init__(self, config: Config):
        super().__init__()
        self.config = config
        self.token_embd = nn.Embedding(config.vocab, config.hidden)
        self.blk = nn.ModuleList(Layer(config) for _ in range(config.layers))
        self.output_norm = nn.RMSNorm(config.hidden, eps=config.norm_eps)
        self.dropout = nn.Dropout(config.dropout)
        self.register_buffer("table", rope_table(config), persistent=False)
        nn.init.normal_(self.token_embd.weight, std=0.02)
        # Wide matrices beside small embeddings: what attention gathers from the question outweighs the token's own
        # vector from the start, without which training stands still for its first epochs.
        for matrix in (p for p in self.blk.parameters() if p.dim() == 2):
            nn.init.normal_(matrix, std=matrix.shape[1] ** -0.5)

    def embedded(self, ids):
        """ids [B, T] to [B, T, E]"""
        return self.dropout(self.token_embd(ids))

    def through(self, x, layers: range, pasts=None):
        """x [B, T, E] after the given layers; `pasts` holds one list per layer, for generation."""
        start = pasts[layers[0]][0].shape[2] if pasts and pasts[layers[0]] else 0
        table = self.table[start : start + x.shape[1]]
        for index in layers:
            x = self.blk[index](x, table, pasts[index] if pasts else None)
        return x

    def first_at(self, ids, places):
        """ids [B, T] to the output of the first layer at one place of each sequence, [B, E]"""
        x = self.embedded(ids)
        return self.blk[0].at(x, self.table[: x.shape[1]], places)

    def logits(self, x):
        """x after the last layer to logits [..., V]"""
        return self.output_norm(x) @ self.token_embd.weight.T

    @torch.no_grad()
    def greedy(self, ids: list[int], stop: int, limit: int) -> list[int]:
        """The most likely continuation of ids, without the stop token."""
        pasts, out, step = [[] for _ in self.blk], [], torch.tensor([ids])
        while len(out) < limit:
            x = self.through(self.embedded(step), range(self.config.layers), pasts)
            best = int(self.logits(x[0, -1]).argmax())
            if best == stop:
                break
            out.append(best)
            step = torch.tensor([[best]])
        return out


def parameter_count(model: nn.Module) -> int:
    return sum(p.numel() for p in model.parameters())
