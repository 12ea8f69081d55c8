"""Models with short convolutions or gated delta nets between their attention layers."""

from transformers import (
    Lfm2Config,
    Lfm2ForCausalLM,
    Lfm2MoeConfig,
    Lfm2MoeForCausalLM,
    Qwen3_5ForCausalLM,
    Qwen3_5MoeForCausalLM,
    Qwen3_5MoeTextConfig,
    Qwen3_5TextConfig,
    Qwen3NextConfig,
    Qwen3NextForCausalLM,
)

from case import TOKENS, Case, no_expert_bias, only_the_newest, reference

CONV, FULL = "conv", "full_attention"

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


def interleaved() -> dict:
    return {
        "rope_type": "default",
        "rope_theta": 1e4,
        "partial_rotary_factor": 0.5,
        "mrope_section": [2, 1, 1],
        "mrope_interleaved": True,
    }
