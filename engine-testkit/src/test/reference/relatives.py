"""Close relatives of other architectures, and what little each of them does differently."""

import torch
from transformers import (
    Ernie4_5_MoeConfig,
    Ernie4_5_MoeForCausalLM,
    Ernie4_5Config,
    Ernie4_5ForCausalLM,
    GraniteConfig,
    GraniteForCausalLM,
    HunYuanDenseV1Config,
    HunYuanDenseV1ForCausalLM,
    Llama4ForCausalLM,
    Llama4TextConfig,
    NemotronConfig,
    NemotronForCausalLM,
    Olmo3Config,
    Olmo3ForCausalLM,
    SeedOssConfig,
    SeedOssForCausalLM,
)

from case import Case, no_expert_bias, reference
from decoders import SMALL, rope
from experts import ROUTED

FULL, WINDOW, CHUNK = "full_attention", "sliding_attention", "chunked_attention"


@reference
def olmo3() -> Case:
    yarn = dict(rope_type="yarn", rope_theta=1e4, factor=4.0, original_max_position_embeddings=64)
    config = Olmo3Config(
        **SMALL | dict(num_hidden_layers=4, intermediate_size=32),
        layer_types=[WINDOW, FULL] * 2,
        sliding_window=48,
        rope_parameters={WINDOW: rope(), FULL: yarn},
    )
    return Case(
        Olmo3ForCausalLM,
        config,
        seed=701,
        notes=["olmo2 with windows of 48 in every other layer; only full layers have YaRN"],
        off={
            "sliding_window": {"sliding_window": 4096},
            "yarn": {"rope_parameters": {WINDOW: rope(), FULL: rope()}},
        },
    )


@reference
def nemotron() -> Case:
    config = NemotronConfig(**SMALL, head_dim=8, rope_parameters=rope(partial_rotary_factor=0.5))
    return Case(
        NemotronForCausalLM,
        config,
        seed=702,
        notes=["squared ReLU without a gate, norms with bias, rope on half a head"],
        off={"squared": {"hidden_act": "relu"}},
    )


@reference
def seed_oss() -> Case:
    config = SeedOssConfig(**SMALL, head_dim=16, attention_bias=True, rope_parameters=rope(1e7))
    return Case(SeedOssForCausalLM, config, seed=703, notes=["biases of q, k and v"], off={"bias": no_bias})


def no_bias(model: torch.nn.Module) -> None:
    for name, tensor in model.named_parameters():
        if name.endswith("bias"):
            tensor.zero_()


@reference
def ernie4_5() -> Case:
    config = Ernie4_5Config(**SMALL, head_dim=16, tie_word_embeddings=True, rope_parameters=rope(5e5))
    return Case(Ernie4_5ForCausalLM, config, seed=704, notes=["llama, tied"])


@reference
def ernie4_5_moe() -> Case:
    config = Ernie4_5_MoeConfig(
        **SMALL | dict(num_hidden_layers=3),
        tie_word_embeddings=True,
        moe_num_experts=5,
        moe_k=2,
        moe_num_shared_experts=2,
        moe_intermediate_size=16,
        moe_layer_start_index=1,
        moe_layer_end_index=2,
        moe_layer_interval=1,
        rope_parameters=rope(5e5),
    )
    return Case(
        Ernie4_5_MoeForCausalLM,
        config,
        seed=805,
        notes=["a dense layer, then experts chosen by biased probabilities, and two shared ones; tied"],
        off={"expert_bias": no_expert_bias},
    )


@reference
def hunyuan_dense() -> Case:
    scaled = {"rope_type": "dynamic", "rope_theta": 1e4, "alpha": 50.0, "factor": 1.0}
    config = HunYuanDenseV1Config(
        **SMALL | dict(max_position_embeddings=32768),
        head_dim=16,
        tie_word_embeddings=True,
        rope_parameters=scaled,
    )
    return Case(
        HunYuanDenseV1ForCausalLM,
        config,
        seed=906,
        notes=["q and k normed by head, after rope; a base of rope scaled by alpha; tied"],
        off={"rope_alpha": {"rope_parameters": rope()}},
    )


@reference
def minicpm() -> Case:
    """transformers knows it no longer, but granite, which computes the same."""
    layers, width, base = 2, 32, 8
    config = GraniteConfig(
        **SMALL,
        rope_parameters=rope(),
        embedding_multiplier=2.0,
        residual_multiplier=0.8 / layers**0.5,
        attention_multiplier=(width // 4) ** -0.5,
        logits_scaling=width / base,
    )
    return Case(
        GraniteForCausalLM,
        config,
        seed=707,
        published={
            "architectures": ["MiniCPMForCausalLM"],
            "scale_emb": 2.0,
            "scale_depth": 0.8,
            "dim_model_base": base,
        },
        notes=["scaled embeddings, residuals and logits; computed by transformers' granite"],
        weights=louder,
        off={
            "embedding_scale": {"embedding_multiplier": 1.0},
            "residual_scale": {"residual_multiplier": 1.0},
            "logit_scale": {"logits_scaling": 1.0},
        },
    )


def louder(model: torch.nn.Module) -> None:
    model.lm_head.weight.mul_(4)


@reference
def llama4() -> Case:
    layers = 4
    config = Llama4TextConfig(
        **ROUTED | dict(num_hidden_layers=layers, num_experts_per_tok=1, intermediate_size=16),
        intermediate_size_mlp=32,
        head_dim=8,
        num_local_experts=5,
        interleave_moe_layer_step=2,
        layer_types=[CHUNK] * 3 + [FULL],
        attention_chunk_size=8192,
        rope_parameters=rope(5e5),
    )
    return Case(
        Llama4ForCausalLM,
        config,
        seed=709,
        notes=[
            "every other layer has one expert and a shared one; the fourth has no positions",
            "chunks are of 8192, which no prompt here reaches",
        ],
        off={"qk_norm": {"use_qk_norm": False}},
    )
