"""Models that answer with vectors or scores."""

import torch
from transformers import (
    BertConfig,
    BertModel,
    Gemma3TextConfig,
    Gemma3TextModel,
    ModernBertConfig,
    ModernBertModel,
    Qwen3Config,
    Qwen3ForCausalLM,
    RobertaConfig,
    RobertaForSequenceClassification,
)

from case import TOKENS, Case, reference
from decoders import GELU_FORM, SMALL, rope
from prompts import encode

WINDOW, FULL = "sliding_attention", "full_attention"
YES, NO = encode("the")[0], encode("and")[0]


@reference
def modern_bert() -> Case:
    config = ModernBertConfig(
        **TOKENS,
        hidden_size=32,
        intermediate_size=32,
        num_hidden_layers=6,
        num_attention_heads=4,
        max_position_embeddings=512,
        layer_types=[FULL, WINDOW, WINDOW] * 2,
        local_attention=32,
        rope_parameters={WINDOW: rope(1e4), FULL: rope(1.6e5)},
    )
    return Case(
        ModernBertModel,
        config,
        seed=601,
        answer="hidden",
        pooling="cls",
        published={"global_attn_every_n_layers": 3, "layer_norm_eps": 1e-5},
        notes=["sees both ways, two of three layers 16 positions far; two bases of rope; GELU (erf)"],
        tolerance=GELU_FORM,
        off={
            "sliding_window": {"local_attention": 1024},
            "dual_rope": {"rope_parameters": {WINDOW: rope(1.6e5), FULL: rope(1.6e5)}},
        },
    )


@reference
def gemma_embedding() -> Case:
    config = Gemma3TextConfig(
        **SMALL | dict(num_hidden_layers=6, intermediate_size=32, num_key_value_heads=1),
        head_dim=8,
        query_pre_attn_scalar=8,
        layer_types=[WINDOW] * 5 + [FULL],
        sliding_window=32,
        use_bidirectional_attention=True,
        rope_parameters={WINDOW: rope(1e4), FULL: rope(1e6)},
    )
    return Case(
        Gemma3TextModel,
        config,
        seed=602,
        answer="hidden",
        pooling="mean",
        notes=["gemma3 that sees both ways, five of six layers 16 positions far"],
        off={
            "sliding_window": {"sliding_window": 1024},
            "dual_rope": {"rope_parameters": {WINDOW: rope(1e6), FULL: rope(1e6)}},
        },
    )


@reference
def qwen3_reranker() -> Case:
    config = Qwen3Config(**SMALL, head_dim=16, rope_parameters=rope(1e6), tie_word_embeddings=True)
    return Case(
        Qwen3ForCausalLM,
        config,
        seed=603,
        answer="score",
        score=lambda logits: logits[-1, [YES, NO]].softmax(0),
        notes=[
            "probabilities of two tokens, 'yes' and 'no', after the last position: cls.output has their rows"
        ],
        gguf=asks_yes_or_no,
    )


def asks_yes_or_no(converter: object) -> None:
    """The converter knows a reranker by the name of its folder."""
    converter.is_rerank = converter.is_tied_embeddings = True
    converter.token_true_id, converter.token_false_id = YES, NO


@reference
def bert_reranker() -> Case:
    config = RobertaConfig(
        **TOKENS,
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=4,
        max_position_embeddings=320,
        type_vocab_size=1,
        num_labels=1,
    )
    return Case(
        RobertaForSequenceClassification,
        config,
        seed=604,
        answer="score",
        notes=["a cross-encoder: dense layer, tanh and one output on the first position; GELU (erf)"],
        tolerance=GELU_FORM,
        weights=louder_head,
        off={"head_activation": linear_head},
    )


def louder_head(model: torch.nn.Module) -> None:
    model.classifier.out_proj.weight.mul_(4)


def linear_head(model: torch.nn.Module) -> None:
    """tanh(x) is x where x is small."""
    head = model.classifier
    head.dense.weight.mul_(1e-3)
    head.dense.bias.mul_(1e-3)
    head.out_proj.weight.mul_(1e3)


class GatedMlp(torch.nn.Module):
    """GELU of one half times the other, from one matrix (arXiv 2002.05202)."""

    def __init__(self, config: BertConfig):
        super().__init__()
        self.dense = torch.nn.Linear(config.hidden_size, 2 * config.intermediate_size, bias=False)
        self.activation = torch.nn.GELU()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        gate, up = self.dense(x).chunk(2, dim=-1)
        return self.activation(gate) * up


class JinaBertModel(BertModel):
    """transformers does not have it: BERT with ALiBi (arXiv 2108.12409), seen both ways, and GEGLU."""

    def __init__(self, config: BertConfig):
        super().__init__(config, add_pooling_layer=False)
        for layer in self.encoder.layer:
            layer.intermediate = GatedMlp(config)

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> object:
        heads, positions = self.config.num_attention_heads, torch.arange(input_ids.shape[1])
        slopes = self.config.alibi_scale * 2.0 ** (-8.0 * torch.arange(1, heads + 1) / heads)
        distances = (positions[None, :] - positions[:, None]).abs()
        bias = (-slopes[:, None, None] * distances).to(self.dtype)
        return super().forward(input_ids, attention_mask=bias[None])


@reference
def jina_bert_v2() -> Case:
    config = BertConfig(
        **TOKENS,
        hidden_size=32,
        intermediate_size=32,
        num_hidden_layers=2,
        num_attention_heads=4,
        max_position_embeddings=320,
        alibi_scale=1.0,
    )
    return Case(
        JinaBertModel,
        config,
        seed=605,
        answer="hidden",
        pooling="mean",
        notes=["BERT with ALiBi and gated MLPs, in the form of jina-embeddings-v2; GELU (erf)"],
        tolerance=GELU_FORM,
        weights=no_positions,
        off={"alibi": {"alibi_scale": 0.0}},
        gguf=lambda converter: converter.model_tensors.pop("embeddings.position_embeddings.weight"),
    )


def no_positions(model: torch.nn.Module) -> None:
    model.embeddings.position_embeddings.weight.zero_()
