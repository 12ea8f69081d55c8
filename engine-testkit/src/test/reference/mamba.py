"""Models with mamba2 layers: alone, between attention layers, or beside attention."""

from transformers import (
    FalconH1Config,
    FalconH1ForCausalLM,
    GraniteMoeHybridConfig,
    GraniteMoeHybridForCausalLM,
    Mamba2Config,
    Mamba2ForCausalLM,
    NemotronHConfig,
    NemotronHForCausalLM,
)

from case import TOKENS, Case, no_expert_bias, only_the_newest, reference

LAYERS = ["mamba", "attention", "mamba", "attention"]


@reference
def granitehybrid() -> Case:
    config = GraniteMoeHybridConfig(
        **TOKENS,
        hidden_size=32,
        num_hidden_layers=4,
        layer_types=LAYERS,
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
        published={"layer_types": LAYERS},
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


@reference
def nemotron_h_moe() -> Case:
    config = NemotronHConfig(
        **TOKENS,
        hidden_size=32,
        layers_block_type=["linear_attention", "moe", "full_attention"] * 2,
        n_routed_experts=5,
        num_experts_per_tok=2,
        moe_intermediate_size=32,
        moe_shared_expert_intermediate_size=32,
        routed_scaling_factor=1.5,
        num_attention_heads=4,
        num_key_value_heads=2,
        head_dim=16,
        mamba_num_heads=4,
        mamba_head_dim=16,
        ssm_state_size=16,
        n_groups=2,
        max_position_embeddings=512,
    )
    return Case(
        NemotronHForCausalLM,
        config,
        seed=209,
        notes=[
            "a layer is mamba2 of two groups, each with its norm, or attention without rope, or experts",
            "experts without a gate (squared ReLU), chosen by biased sigmoids; an ungated shared one",
        ],
        off={
            "convolution": only_the_newest,
            "expert_bias": no_expert_bias,
            "expert_weights_scale": {"routed_scaling_factor": 1.0},
        },
    )


@reference
def nemotron_h_latent() -> Case:
    config = NemotronHConfig(
        **TOKENS,
        hidden_size=32,
        layers_block_type=["linear_attention", "moe", "full_attention"] * 2,
        n_routed_experts=8,
        num_experts_per_tok=3,
        n_group=4,
        topk_group=2,
        moe_latent_size=16,
        moe_intermediate_size=16,
        moe_shared_expert_intermediate_size=32,
        norm_topk_prob=False,
        num_attention_heads=4,
        num_key_value_heads=2,
        head_dim=8,
        mamba_num_heads=4,
        mamba_head_dim=16,
        ssm_state_size=16,
        n_groups=1,
        max_position_embeddings=512,
    )
    return Case(
        NemotronHForCausalLM,
        config,
        seed=210,
        notes=["nemotron-h-moe whose experts, of two of four groups, read and give 16 of 32 elements"],
        off={"expert_groups": {"topk_group": 4}, "expert_bias": no_expert_bias},
    )


@reference
def nemotron_h() -> Case:
    config = NemotronHConfig(
        **TOKENS,
        hidden_size=32,
        layers_block_type=["linear_attention", "mlp", "full_attention", "mlp"] * 2,
        intermediate_size=48,
        mlp_bias=True,
        attention_bias=True,
        num_attention_heads=4,
        num_key_value_heads=2,
        head_dim=8,
        mamba_num_heads=4,
        mamba_head_dim=16,
        ssm_state_size=16,
        n_groups=2,
        max_position_embeddings=512,
    )
    return Case(
        NemotronHForCausalLM,
        config,
        seed=211,
        published={
            "num_experts_per_tok": None,
            "num_local_experts": None,
            "n_routed_experts": None,
            "n_group": None,
            "topk_group": None,
            "layers_block_type": None,
            "hybrid_override_pattern": "M-*-M-*-",
            "num_hidden_layers": 8,
        },
        notes=["nemotron-h without experts: a layer is mamba2, attention or a network; with biases"],
        off={"convolution": only_the_newest},
    )
