"""Gemma 4: two sizes of heads, shared keys and values, inputs to each layer, experts beside the MLP."""

import torch
from transformers import Gemma4ForCausalLM, Gemma4TextConfig

from case import VOCAB, Case, reference
from decoders import SMALL

# The last two layers use the keys and values of the last ones of their kind.
PATTERN = ["sliding_attention", "full_attention"] * 3
ROPES = {
    "sliding_attention": {"rope_type": "default", "rope_theta": 1e4},
    "full_attention": {"rope_type": "proportional", "partial_rotary_factor": 0.25, "rope_theta": 1e6},
}


def config(pattern: list[str], **more: object) -> Gemma4TextConfig:
    return Gemma4TextConfig(
        **SMALL
        | dict(
            num_attention_heads=2, num_key_value_heads=1, num_hidden_layers=len(pattern), intermediate_size=32
        )
        | more,
        layer_types=pattern,
        rope_parameters=ROPES,
        head_dim=16,
        global_head_dim=32,
        sliding_window=48,
        final_logit_softcapping=10.0,
        vocab_size_per_layer_input=VOCAB,
    )


@reference
def gemma4() -> Case:
    return Case(
        Gemma4ForCausalLM,
        config(PATTERN, num_kv_shared_layers=2, hidden_size_per_layer_input=8, use_double_wide_mlp=True),
        seed=501,
        notes=[
            "windows of 48 with heads of 16, full layers with heads of 32 and rope on a quarter",
            "layers 4 and 5 use the keys and values of 2 and 3 and a wider MLP; inputs to each layer; tied",
        ],
        weights=softer,
        off={
            "sliding_window": {"sliding_window": 4096},
            "final_softcap": {"final_logit_softcapping": None},
            "per_layer_input": no_per_layer_input,
            "layer_output_scale": no_layer_scale,
        },
    )


@reference
def gemma4_moe() -> Case:
    return Case(
        Gemma4ForCausalLM,
        config(
            PATTERN[:4],
            hidden_size_per_layer_input=0,
            attention_k_eq_v=True,
            num_key_value_heads=2,
            num_global_key_value_heads=1,
            enable_moe_block=True,
            num_experts=5,
            top_k_experts=2,
            moe_intermediate_size=16,
        ),
        seed=502,
        notes=["experts beside the MLP, each with its norms; full layers whose values are their keys; tied"],
        weights=softer,
        off={"layer_output_scale": no_layer_scale, "router_scale": no_router_scale},
    )


def softer(model: torch.nn.Module) -> None:
    """Attention here is not scaled at all: with weights of 1 it would see one position only."""
    for name, tensor in model.named_parameters():
        if name.endswith(("q_norm.weight", "k_norm.weight")):
            tensor.mul_(0.6)


def no_per_layer_input(model: torch.nn.Module) -> None:
    model.model.embed_tokens_per_layer.weight.zero_()


def no_layer_scale(model: torch.nn.Module) -> None:
    for name, tensor in model.named_buffers():
        if name.endswith("layer_scalar"):
            tensor.fill_(1)


def no_router_scale(model: torch.nn.Module) -> None:
    for name, tensor in model.named_parameters():
        if name.endswith("router.scale"):
            tensor.fill_(1)
