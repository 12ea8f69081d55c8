"""Models whose layers are not all attention: short convolutions, gated delta nets, mamba2."""

import torch
from transformers import (
    FalconH1Config,
    FalconH1ForCausalLM,
    GraniteMoeHybridConfig,
    GraniteMoeHybridForCausalLM,
    Lfm2Config,
    Lfm2ForCausalLM,
    Lfm2MoeConfig,
    Lfm2MoeForCausalLM,
    Mamba2Config,
    Mamba2ForCausalLM,
    Qwen3_5ForCausalLM,
    Qwen3_5MoeForCausalLM,
    Qwen3_5MoeTextConfig,
    Qwen3_5TextConfig,
    Qwen3NextConfig,
    Qwen3NextForCausalLM,
)

from case import TOKENS, Case, no_expert_bias, reference

CONV, FULL, LINEAR = "conv", "full_attention", "linear_attention"

MAMBA_TOO = ["mamba", "attention", "mamba", "attention"]

# Two value heads to each key head, so that their order counts.
DELTA = dict(
    linear_conv_kernel_dim=4,
    linear_key_head_dim=16,
    linear_value_head_dim=16,
    linear_num_key_heads=2,
    linear_num_value_heads=4,
)


@reference
def lfm2() -> Case:
    config = Lfm2Config(
        **TOKENS,
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=4,
        num_attention_heads=4,
        num_key_value_heads=2,
        layer_types=[CONV, FULL] * 2,
        conv_L_cache=3,
        block_auto_adjust_ff_dim=False,
        max_position_embeddings=512,
        rope_parameters={"rope_type": "default", "rope_theta": 1e6},
    )
    return Case(
        Lfm2ForCausalLM,
        config,
        seed=201,
        notes=["gated short convolutions of 3 positions between attention layers; tied"],
        off={"convolution": only_the_newest},
    )


def only_the_newest(model: torch.nn.Module) -> None:
    """Convolutions that look at no earlier position."""
    for name, weight in model.named_parameters():
        if "conv" in name and weight.dim() == 3:
            weight[..., :-1] = 0


@reference
def qwen3next() -> Case:
    config = Qwen3NextConfig(
        **TOKENS,
        **DELTA,
        hidden_size=32,
        num_hidden_layers=4,
        full_attention_interval=2,
        num_attention_heads=3,
        num_key_value_heads=1,
        head_dim=16,
        num_experts=5,
        num_experts_per_tok=2,
        moe_intermediate_size=16,
        shared_expert_intermediate_size=16,
        intermediate_size=64,
        max_position_embeddings=512,
        rope_parameters={"rope_type": "default", "rope_theta": 1e4, "partial_rotary_factor": 0.5},
    )
    return Case(
        Qwen3NextForCausalLM,
        config,
        seed=402,
        notes=[
            "gated delta nets (chunks of 64) alternate with gated attention, rope on half a head",
            "experts with a gated shared one",
        ],
        tolerance=2e-3,
        off={"norm_topk_prob": {"norm_topk_prob": False}, "convolution": only_the_newest},
    )


@reference
def qwen35() -> Case:
    config = Qwen3_5TextConfig(
        **TOKENS,
        **DELTA,
        hidden_size=32,
        num_hidden_layers=4,
        full_attention_interval=2,
        num_attention_heads=3,
        num_key_value_heads=1,
        head_dim=16,
        intermediate_size=64,
        max_position_embeddings=512,
        rope_parameters=interleaved(),
    )
    return Case(
        Qwen3_5ForCausalLM,
        config,
        seed=203,
        notes=["as qwen3next, dense, and rope in three interleaved sections (equal for text)"],
        tolerance=2e-3,
        off={"convolution": only_the_newest},
    )


@reference
def qwen35moe() -> Case:
    config = Qwen3_5MoeTextConfig(
        **TOKENS,
        **DELTA,
        hidden_size=32,
        num_hidden_layers=4,
        full_attention_interval=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        head_dim=16,
        num_experts=5,
        num_experts_per_tok=2,
        moe_intermediate_size=16,
        shared_expert_intermediate_size=16,
        max_position_embeddings=512,
        rope_parameters=interleaved(),
    )
    return Case(
        Qwen3_5MoeForCausalLM,
        config,
        seed=204,
        notes=["as qwen35, with experts and a gated shared one"],
        tolerance=2e-3,
        off={"convolution": only_the_newest},
    )


@reference
def granitehybrid() -> Case:
    config = GraniteMoeHybridConfig(
        **TOKENS,
        hidden_size=32,
        num_hidden_layers=4,
        layer_types=MAMBA_TOO,
        num_attention_heads=4,
        num_key_value_heads=2,
        intermediate_size=16,
        num_local_experts=5,
        num_experts_per_tok=2,
        shared_intermediate_size=32,
        mamba_n_heads=4,
        mamba_d_head=16,
        mamba_d_state=16,
        mamba_n_groups=1,
        tie_word_embeddings=True,
        max_position_embeddings=512,
        embedding_multiplier=3.0,
        residual_multiplier=0.6,
        attention_multiplier=0.2,
        logits_scaling=0.8,
    )
    return Case(
        GraniteMoeHybridForCausalLM,
        config,
        seed=205,
        published={"layer_types": MAMBA_TOO},
        notes=[
            "mamba2 (chunks of 256) alternates with attention without rope",
            "experts and a shared one; tied",
        ],
        off={
            "embedding_scale": {"embedding_multiplier": 1.0},
            "residual_scale": {"residual_multiplier": 1.0},
            "attention_scale": {"attention_multiplier": 8**-0.5},
            "logit_scale": {"logits_scaling": 1.0},
            "convolution": only_the_newest,
        },
    )


@reference
def lfm2moe() -> Case:
    config = Lfm2MoeConfig(
        **TOKENS,
        hidden_size=32,
        intermediate_size=32,
        moe_intermediate_size=16,
        num_hidden_layers=4,
        num_dense_layers=1,
        num_experts=5,
        num_experts_per_tok=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        layer_types=[CONV, FULL] * 2,
        max_position_embeddings=512,
        rope_parameters={"rope_type": "default", "rope_theta": 1e6},
    )
    return Case(
        Lfm2MoeForCausalLM,
        config,
        seed=206,
        notes=["lfm2 whose layers but the first have experts chosen by biased sigmoids; tied"],
        off={
            "convolution": only_the_newest,
            "norm_topk_prob": {"norm_topk_prob": False},
            "expert_bias": no_expert_bias,
        },
    )


@reference
def mamba2() -> Case:
    config = Mamba2Config(
        **TOKENS,
        hidden_size=32,
        expand=2,
        num_heads=4,
        head_dim=16,
        state_size=16,
        n_groups=1,
        num_hidden_layers=3,
        chunk_size=256,
        tie_word_embeddings=True,
    )
    return Case(
        Mamba2ForCausalLM,
        config,
        seed=207,
        notes=["nothing but mamba2 layers (chunks of 256), one group; tied"],
        off={"convolution": only_the_newest},
    )


@reference
def falcon_h1() -> Case:
    config = FalconH1Config(
        **TOKENS,
        hidden_size=32,
        intermediate_size=32,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        head_dim=8,
        mamba_d_ssm=64,
        mamba_n_heads=4,
        mamba_d_head=16,
        mamba_n_groups=2,
        mamba_d_state=16,
        max_position_embeddings=512,
        rope_parameters={"rope_type": "default", "rope_theta": 1e4},
        key_multiplier=0.8,
        attention_out_multiplier=0.7,
        ssm_out_multiplier=1.3,
        ssm_multipliers=[0.9, 1.1, 0.8, 1.2, 0.7],
        mlp_multipliers=[0.9, 1.2],
        embedding_multiplier=1.5,
        lm_head_multiplier=0.8,
    )
    return Case(
        FalconH1ForCausalLM,
        config,
        seed=208,
        notes=[
            "attention and mamba2 side by side after one norm; two groups; multipliers are in the weights"
        ],
        off={
            "convolution": only_the_newest,
            "ssm_multipliers": {"ssm_multipliers": [1.0] * 5},
            "mlp_multipliers": {"mlp_multipliers": [1.0, 1.0]},
        },
    )


def interleaved() -> dict:
    return {
        "rope_type": "default",
        "rope_theta": 1e4,
        "partial_rotary_factor": 0.5,
        "mrope_section": [2, 1, 1],
        "mrope_interleaved": True,
    }
