"""Dense decoders: what differs is where norms, residuals, windows and positions stand."""

import torch
from transformers import (
    Cohere2Config,
    Cohere2ForCausalLM,
    CohereConfig,
    CohereForCausalLM,
    Exaone4Config,
    Exaone4ForCausalLM,
    GemmaConfig,
    GemmaForCausalLM,
    Glm4Config,
    Glm4ForCausalLM,
    GPTNeoXConfig,
    GPTNeoXForCausalLM,
    LlamaConfig,
    LlamaForCausalLM,
    Ministral3Config,
    Ministral3ForCausalLM,
    PhiConfig,
    PhiForCausalLM,
)

from case import TOKENS, Case, reference

# The smallest model in which heads share keys and rows fill a quantization block.
SMALL = TOKENS | dict(
    hidden_size=32,
    intermediate_size=64,
    num_hidden_layers=2,
    num_attention_heads=4,
    num_key_value_heads=2,
    max_position_embeddings=512,
)

# What a table of GELU values, or the other of its two forms, costs.
GELU_FORM = 1e-2


def rope(theta: float = 1e4, **more: object) -> dict:
    return {"rope_type": "default", "rope_theta": theta} | more


@reference
def gemma() -> Case:
    config = GemmaConfig(
        **SMALL | dict(num_attention_heads=3, num_key_value_heads=1), head_dim=16, rope_parameters=rope()
    )
    return Case(
        GemmaForCausalLM,
        config,
        seed=301,
        notes=[
            "heads wider than the model (3 of 16 for 32), one key head, GELU (tanh), embeddings scaled; tied"
        ],
        off={"gelu_tanh": {"hidden_act": "silu"}},
    )


@reference
def phi2() -> Case:
    config = PhiConfig(
        **SMALL | dict(num_key_value_heads=4, intermediate_size=128),
        hidden_act="gelu_new",
        rope_parameters=rope(partial_rotary_factor=0.5),
    )
    return Case(
        PhiForCausalLM,
        config,
        seed=542,
        notes=["attention and MLP side by side after one norm, rope on half a head, biases everywhere"],
        off={
            "output_bias": no_output_bias,
            "partial_rope": {"rope_parameters": rope(partial_rotary_factor=1.0)},
        },
    )


def no_output_bias(model: torch.nn.Module) -> None:
    model.lm_head.bias.zero_()


def neox(parallel: bool, seed: int, note: str) -> Case:
    config = GPTNeoXConfig(
        **{k: v for k, v in SMALL.items() if k != "num_key_value_heads"},
        use_parallel_residual=parallel,
        rope_parameters=rope(partial_rotary_factor=0.5),
    )
    return Case(
        GPTNeoXForCausalLM,
        config,
        seed=seed,
        published={"rotary_pct": 0.5},
        notes=[note, "rope on half a head; GELU (erf), of which GGUF says nothing: llama.cpp takes tanh"],
        tolerance=GELU_FORM,
        off={"parallel_residual": {"use_parallel_residual": not parallel}},
    )


@reference
def gptneox_parallel() -> Case:
    return neox(True, 303, "attention and MLP side by side, each after its norm")


@reference
def gptneox_sequential() -> Case:
    return neox(False, 304, "attention, then MLP")


@reference
def command_r() -> Case:
    config = CohereConfig(**SMALL, logit_scale=0.6, rope_parameters=rope(5e5))
    return Case(
        CohereForCausalLM,
        config,
        seed=305,
        notes=["attention and MLP side by side after one norm without bias, scaled logits; tied"],
        off={"logit_scale": {"logit_scale": 1.0}},
    )


@reference
def cohere2() -> Case:
    config = Cohere2Config(
        **SMALL | dict(num_hidden_layers=8, intermediate_size=32),
        head_dim=8,
        logit_scale=0.6,
        sliding_window=48,
        sliding_window_pattern=4,
        rope_parameters=rope(),
    )
    return Case(
        Cohere2ForCausalLM,
        config,
        seed=506,
        published={"rotary_pct": 1.0},
        notes=["as command-r; three layers with a window of 48 and rope, then one with neither"],
        off={
            "sliding_window": {"sliding_window": 4096},
            "no_rope_layers": {"layer_types": ["sliding_attention"] * 8},
        },
    )


@reference
def exaone4() -> Case:
    config = Exaone4Config(
        **SMALL, layer_types=["full_attention"] * 2, sliding_window=None, rope_parameters=rope(1e6)
    )
    return Case(
        Exaone4ForCausalLM,
        config,
        seed=307,
        notes=["norms behind attention and MLP, none before; q and k normed by head"],
        off={"qk_norm_weights": plain_qk_norm},
    )


def plain_qk_norm(model: torch.nn.Module) -> None:
    for name, tensor in model.named_parameters():
        if name.endswith(("q_norm.weight", "k_norm.weight")):
            tensor.fill_(1)


@reference
def glm4() -> Case:
    config = Glm4Config(
        **SMALL | dict(num_attention_heads=3, num_key_value_heads=1),
        head_dim=16,
        attention_bias=True,
        rope_parameters=rope(partial_rotary_factor=0.5),
    )
    return Case(
        Glm4ForCausalLM,
        config,
        seed=308,
        notes=["norms before and behind attention and MLP, rope on half a head, gate and up in one matrix"],
        off={"partial_rope": {"rope_parameters": rope(partial_rotary_factor=1.0)}},
    )


@reference
def ministral3() -> Case:
    stretched = dict(
        rope_type="yarn",
        rope_theta=1e6,
        factor=4.0,
        original_max_position_embeddings=64,
        beta_fast=32.0,
        beta_slow=1.0,
        mscale=1.0,
        mscale_all_dim=1.0,
        llama_4_scaling_beta=0.3,
    )
    config = Ministral3Config(**SMALL, head_dim=16, rope_parameters=stretched)
    return Case(
        Ministral3ForCausalLM,
        config,
        seed=309,
        notes=["YaRN from 64 positions; from there queries grow with the logarithm of the position"],
        off={
            "attention_temperature": {"rope_parameters": stretched | {"llama_4_scaling_beta": 0.0}},
            "yarn": {"rope_parameters": stretched | {"factor": 1.0}},
        },
    )


def stretched_llama(seed: int, note: str, scaling: dict) -> Case:
    config = LlamaConfig(**SMALL, head_dim=16, rope_parameters=scaling)
    return Case(
        LlamaForCausalLM, config, seed=seed, notes=[note], off={"scaling": {"rope_parameters": rope()}}
    )


@reference
def llama_yarn() -> Case:
    return stretched_llama(
        310,
        "YaRN of factor 4 from 64 positions",
        dict(rope_type="yarn", rope_theta=1e4, factor=4.0, original_max_position_embeddings=64),
    )


@reference
def llama_linear() -> Case:
    return stretched_llama(
        311, "positions divided by 4", dict(rope_type="linear", rope_theta=1e4, factor=4.0)
    )
