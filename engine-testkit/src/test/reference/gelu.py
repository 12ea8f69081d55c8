"""GELU as llama.cpp's CPU code has it, to tell this difference from all others."""

import torch
from torch.nn.functional import gelu


class TabulatedGelu(torch.nn.Module):
    """The tanh form at the nearest f16 value, as f16 (ggml: src/ggml-cpu/vec.h)."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        looked_up = gelu(x.half().float(), approximate="tanh").half().float()
        return torch.where(x <= -10, torch.zeros_like(x), torch.where(x >= 10, x, looked_up))


def tabulate(model: torch.nn.Module) -> bool:
    """Puts the table in place of every GELU; whether there was any."""
    places = [
        (parent, name)
        for parent in model.modules()
        for name, child in parent.named_children()
        if "GELU" in type(child).__name__
    ]
    for parent, name in places:
        setattr(parent, name, TabulatedGelu())
    return bool(places)
