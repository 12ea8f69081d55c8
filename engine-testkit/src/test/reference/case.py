"""What one reference model is, and how its random weights are drawn."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field, replace
from typing import Callable

import torch

VOCAB = 128
BOS, EOS, PAD = 1, 2, 0

# Keys that every configuration takes.
TOKENS = dict(vocab_size=VOCAB, bos_token_id=BOS, eos_token_id=EOS, pad_token_id=PAD)


# Name -> what makes the case. The modules named in cases.py fill it.
CASES: dict[str, Callable[[], "Case"]] = {}


def reference(make: Callable[[], "Case"]) -> Callable[[], "Case"]:
    """Enters a function that makes a case; the model is named as the function is."""
    name = make.__name__.replace("_", "-")
    CASES[name] = lambda: replace(make(), name=name)
    return make


FINAL_NORMS = ("model.norm.weight", "model.embedding_norm.weight", "backbone.norm_f.weight")

Off = dict | Callable[[torch.nn.Module], None]


@dataclass(frozen=True)
class Case:
    """One reference model.

    model     class of transformers
    config    its configuration
    seed      of the weights
    notes     what is special about it, for the manifest
    off       name of a feature -> what turns it off: changes of the configuration or the weights
    answer    "logits", "hidden" (an embedding model) or "score" (a reranker)
    pooling   of an embedding model, as in GGUF: "mean", "cls" or "last"
    score     of a reranker, from the logits of transformers
    tolerance largest allowed difference of a logit, f32 against f32
    context   what llama.cpp is told the context is; longrope depends on it
    published keys of config.json that publishers write otherwise than transformers; None for none
    weights   changes made to the drawn weights
    gguf      changes made to the converter before it runs
    name      folder and file name; @reference sets it
    """

    model: type
    config: object
    seed: int
    notes: list[str] = field(default_factory=list)
    off: dict[str, Off] = field(default_factory=dict)
    answer: str = "logits"
    pooling: str | None = None
    score: Callable[[torch.Tensor], torch.Tensor] = lambda logits: logits
    tolerance: float = 1e-3
    context: int = 512
    published: dict = field(default_factory=dict)
    weights: Callable[[torch.nn.Module], None] = lambda model: None
    gguf: Callable[[object], None] = lambda converter: None
    name: str = ""

    def build(self) -> torch.nn.Module:
        """The model with its weights, in f32 and with the plain attention."""
        model = self.instance(self.config)
        draw(model, self.seed)
        with torch.no_grad():
            self.weights(model)
        return model

    def without(self, off: Off, model: torch.nn.Module) -> torch.nn.Module:
        """The same model but for one feature."""
        config = copy.deepcopy(self.config)
        for key, value in (off if isinstance(off, dict) else {}).items():
            setattr(config, key, value)
        other = self.instance(config)
        other.load_state_dict(model.state_dict(), strict=False)
        if callable(off):
            with torch.no_grad():
                off(other)
        return other

    def instance(self, config: object) -> torch.nn.Module:
        config = copy.deepcopy(config)
        config._attn_implementation = config._experts_implementation = "eager"
        torch.manual_seed(0)
        return self.model._from_config(config, dtype=torch.float32).eval()


def draw(model: torch.nn.Module, seed: int) -> None:
    """Draws all weights, by name in alphabetical order, so that each of them moves the logits."""
    generator = torch.Generator().manual_seed(seed)

    def normal(shape: torch.Size) -> torch.Tensor:
        return torch.randn(shape, generator=generator)

    tied = getattr(model.config.get_text_config(), "tie_word_embeddings", False)
    learned = dict(model.named_parameters())
    learned.update(
        (n, b)
        for n, b in model.named_buffers()
        if n.endswith(("correction_bias", "expert_bias", "layer_scalar"))
    )
    with torch.no_grad():
        for name in sorted(learned):
            tensor = learned[name]
            start = tensor.reshape(-1)[0].item()
            tensor.copy_(drawn(name, tensor, normal, tied))
            if tied and name in FINAL_NORMS:
                # Where the output is the embedding, a token would predict itself for ever: turn
                # every other dimension over (transformers adds 1 to weights that start with 0).
                tensor[1::2] = -tensor[1::2] - 2 * (1 - start)


def drawn(name: str, tensor: torch.Tensor, normal: Callable, tied: bool) -> torch.Tensor:
    """New values of one tensor. Norms keep the value they start with (1, or 0 where transformers
    adds 1) and stray from it; matrices keep the size of what passes through them."""
    noise = normal(tensor.shape)
    last = name.split(".")[-2] if name.endswith((".weight", ".bias")) else name.split(".")[-1]
    if last == "A_log":
        return (1 + 7 * torch.sigmoid(noise)).log()
    if last == "dt_bias" or name.endswith(("correction_bias", "expert_bias")):
        return 0.3 * noise
    if name.endswith("bias") or last.endswith("_bias") or last == "sinks":
        return 0.1 * noise
    if tensor.dim() < 2 or "norm" in last:
        return tensor.reshape(-1)[0] + 0.2 * noise
    if "conv" in last:
        return 0.5 * noise
    if "embed" in last or last == "wte":
        return noise * (2.5 / tensor.shape[-1] ** 0.5 if tied else 1)
    gain = 1.0
    if last in ("q_proj", "k_proj"):
        gain = 1.4
    elif "router" in name or name.endswith("gate.weight"):
        gain = 2.0
    elif last in ("lm_head", "embed_out"):
        gain = 2.5
    return noise * (gain / tensor.shape[-1] ** 0.5)


def no_expert_bias(model: torch.nn.Module) -> None:
    """Turns off what is added to the scores of experts when they are chosen."""
    for name, tensor in [*model.named_parameters(), *model.named_buffers()]:
        if name.endswith(("correction_bias", "expert_bias")):
            tensor.zero_()


def only_the_newest(model: torch.nn.Module) -> None:
    """Convolutions that look at no earlier position."""
    for name, weight in model.named_parameters():
        if "conv" in name and weight.dim() == 3:
            weight[..., :-1] = 0
