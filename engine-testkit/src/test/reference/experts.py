"""Mixtures of experts: what differs is how they are chosen, weighed and joined by a shared one."""

import torch
from transformers import (
    DeepseekV3Config,
    DeepseekV3ForCausalLM,
    Glm4MoeConfig,
    Glm4MoeForCausalLM,
    GraniteMoeConfig,
    GraniteMoeForCausalLM,
    OlmoeConfig,
    OlmoeForCausalLM,
    PhimoeConfig,
    PhimoeForCausalLM,
    Qwen2MoeConfig,
    Qwen2MoeForCausalLM,
)

from case import Case, no_expert_bias, reference
from decoders import SMALL, rope

# Five experts, so that their number is no power of two.
ROUTED = SMALL | dict(num_experts_per_tok=2)


@reference
def qwen2moe() -> Case:
    config = Qwen2MoeConfig(
        **ROUTED,
        num_experts=5,
        moe_intermediate_size=32,
        shared_expert_intermediate_size=32,
        rope_parameters=rope(1e6),
    )
    return Case(
        Qwen2MoeForCausalLM,
        config,
        seed=501,
        notes=["experts whose weights do not add up to 1, and a gated shared one; biases of q, k and v"],
        off={"weights_not_normalized": {"norm_topk_prob": True}},
    )


@reference
def olmoe() -> Case:
    config = OlmoeConfig(
        **ROUTED | dict(intermediate_size=32, num_key_value_heads=4), num_experts=5, rope_parameters=rope()
    )
    return Case(
        OlmoeForCausalLM,
        config,
        seed=402,
        notes=["q and k normed before they are split into heads; weights of experts do not add up to 1"],
        off={"weights_not_normalized": {"norm_topk_prob": True}},
    )


@reference
def granitemoe() -> Case:
    config = GraniteMoeConfig(
        **ROUTED | dict(intermediate_size=32),
        num_local_experts=5,
        rope_parameters=rope(),
        tie_word_embeddings=True,
        embedding_multiplier=3.0,
        residual_multiplier=0.6,
        attention_multiplier=0.2,
        logits_scaling=0.8,
    )
    return Case(
        GraniteMoeForCausalLM,
        config,
        seed=403,
        notes=["granite's four scales, experts without a shared one; tied"],
        off={
            "embedding_scale": {"embedding_multiplier": 1.0},
            "residual_scale": {"residual_multiplier": 1.0},
            "attention_scale": {"attention_multiplier": 8**-0.5},
            "logit_scale": {"logits_scaling": 1.0},
        },
    )


@reference
def glm4moe() -> Case:
    config = Glm4MoeConfig(
        **ROUTED | dict(num_hidden_layers=3),
        head_dim=16,
        attention_bias=True,
        use_qk_norm=True,
        n_routed_experts=5,
        n_shared_experts=1,
        moe_intermediate_size=16,
        first_k_dense_replace=1,
        routed_scaling_factor=1.5,
        num_nextn_predict_layers=0,
        rope_parameters=rope(partial_rotary_factor=0.5),
    )
    return Case(
        Glm4MoeForCausalLM,
        config,
        seed=504,
        notes=["a dense layer, then experts chosen by biased sigmoids, their weights scaled; a shared one"],
        off={
            "expert_bias": no_expert_bias,
            "expert_weights_scale": {"routed_scaling_factor": 1.0},
            "qk_norm": {"use_qk_norm": False},
        },
    )


def deepseek(seed: int, note: str, gguf: object, **config: object) -> Case:
    yarn = dict(
        rope_type="yarn",
        rope_theta=1e4,
        factor=4.0,
        original_max_position_embeddings=64,
        mscale=1.0,
        mscale_all_dim=1.0,
        beta_fast=32,
        beta_slow=1,
    )
    whole = ROUTED | dict(num_hidden_layers=3, num_key_value_heads=4) | config
    return Case(
        DeepseekV3ForCausalLM,
        DeepseekV3Config(
            **whole,
            kv_lora_rank=16,
            qk_nope_head_dim=16,
            qk_rope_head_dim=8,
            v_head_dim=16,
            n_routed_experts=6,
            n_shared_experts=1,
            n_group=3,
            topk_group=2,
            moe_intermediate_size=16,
            first_k_dense_replace=1,
            routed_scaling_factor=1.5,
            rope_interleave=True,
            rope_parameters=yarn,
        ),
        seed=seed,
        published={"scoring_func": "sigmoid"},
        notes=[note, "YaRN; a dense layer, then six experts in three groups, chosen by biased sigmoids"],
        tolerance=2e-3,
        off={
            "expert_bias": no_expert_bias,
            "expert_groups": {"n_group": 1, "topk_group": 1},
            "expert_weights_scale": {"routed_scaling_factor": 1.0},
            "yarn": {"rope_parameters": rope()},
        },
        gguf=gguf,
    )


@reference
def deepseek_mla() -> Case:
    return deepseek(
        405,
        "keys and values of all heads from one latent vector, as attn_k_b and attn_v_b",
        lambda converter: None,
        q_lora_rank=24,
    )


@reference
def deepseek_kv_b() -> Case:
    return deepseek(
        406,
        "the same attention as files of before April 2025 hold it: attn_kv_b, a key head for each query head",
        whole_kv_b,
        q_lora_rank=24,
    )


def whole_kv_b(converter: object) -> None:
    """Makes the converter write what it wrote before it knew of the absorbed form."""
    split, describe = converter.modify_tensors, converter.set_gguf_parameters

    def modify_tensors(tensor: torch.Tensor, name: str, block: int | None):
        if name.endswith("kv_b_proj.weight"):
            yield converter.map_tensor_name(name), tensor
        else:
            yield from split(tensor, name, block)

    def set_gguf_parameters() -> None:
        heads = converter.hparams["num_key_value_heads"]
        describe()
        sizes, keys = converter.hparams, converter.gguf_writer.kv_data[0]
        attention = "deepseek2.attention."
        keys[attention + "head_count_kv"].value = heads
        keys[attention + "key_length"].value = sizes["qk_nope_head_dim"] + sizes["qk_rope_head_dim"]
        keys[attention + "value_length"].value = sizes["v_head_dim"]
        del keys[attention + "key_length_mla"], keys[attention + "value_length_mla"]

    converter.modify_tensors, converter.set_gguf_parameters = modify_tensors, set_gguf_parameters


class RootMeanSquareNorm(torch.nn.LayerNorm):
    """Divides by the root mean square, and takes no mean away; with a bias."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x * (x.pow(2).mean(-1, keepdim=True) + self.eps).rsqrt() * self.weight + self.bias


class PhimoeAsInGguf(PhimoeForCausalLM):
    """What llama.cpp makes of a phimoe file: norms by the root mean square, and shares that are a
    softmax over all experts, divided by the sum of the chosen ones."""

    def __init__(self, config: PhimoeConfig):
        super().__init__(config)
        norms = [self.model.norm]
        for layer in self.model.layers:
            norms += [layer.input_layernorm, layer.post_attention_layernorm]
            layer.mlp.router.forward = plain_router(layer.mlp.router)
        for norm in norms:
            norm.__class__ = RootMeanSquareNorm


def plain_router(router: torch.nn.Linear) -> object:
    def forward(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        logits = torch.nn.functional.linear(x, router.weight)
        shares, chosen = logits.softmax(-1).topk(router.top_k)
        return logits, shares / shares.sum(-1, keepdim=True), chosen

    return forward


@reference
def phimoe() -> Case:
    config = PhimoeConfig(
        **ROUTED | dict(intermediate_size=32),
        num_local_experts=5,
        attention_bias=True,
        lm_head_bias=True,
        rope_parameters=rope(),
    )
    return Case(
        PhimoeAsInGguf,
        config,
        seed=510,
        notes=[
            "phimoe as llama.cpp reads its files: root mean square norms with biases, plain shares",
            "transformers takes the mean away, and weighs each of two experts against those within a jitter",
        ],
        published={
            "architectures": ["PhiMoEForCausalLM"],
            "rope_parameters": rope() | {"original_max_position_embeddings": 512},
        },
        off={"experts_normalized": {"num_experts_per_tok": 1}},
    )
