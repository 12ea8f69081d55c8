"""Writes folders of what GGUF cannot say, and what transformers answers with them; README.md says how to run it."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Callable

import torch
import transformers
from safetensors.torch import save_file
from transformers import (
    BertConfig,
    BertForSequenceClassification,
    DeepseekV2Config,
    DeepseekV2ForCausalLM,
    Phi3Config,
    Phi3ForCausalLM,
    Qwen3Config,
    Qwen3ForSequenceClassification,
)

from case import TOKENS, VOCAB, draw
from make import HERE, written
from prompts import prompts, recorded, vocabulary

SMALL = dict(**TOKENS, hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=4)

# Name -> class, configuration, architecture in GGUF, tolerance.
MODELS: dict[str, tuple[type, object, str, float]] = {
    "phi3-window": (
        Phi3ForCausalLM,
        Phi3Config(**SMALL, num_key_value_heads=2, max_position_embeddings=512, sliding_window=48),
        "phi3",
        1e-3,
    ),
    "deepseek-v2-groups": (
        DeepseekV2ForCausalLM,
        DeepseekV2Config(
            **SMALL,
            max_position_embeddings=512,
            q_lora_rank=24,
            kv_lora_rank=32,
            qk_nope_head_dim=16,
            qk_rope_head_dim=8,
            v_head_dim=16,
            moe_intermediate_size=16,
            n_routed_experts=16,
            n_shared_experts=1,
            num_experts_per_tok=4,
            n_group=4,
            topk_group=2,
            topk_method="group_limited_greedy",
            routed_scaling_factor=2.5,
            first_k_dense_replace=1,
        ),
        "deepseek2",
        2e-3,
    ),
    "bert-pair": (
        BertForSequenceClassification,
        BertConfig(**SMALL, max_position_embeddings=320, type_vocab_size=2, num_labels=1),
        "bert",
        1e-3,
    ),
    "qwen3-classifier": (
        Qwen3ForSequenceClassification,
        Qwen3Config(**SMALL, num_key_value_heads=2, head_dim=16, max_position_embeddings=512, num_labels=1),
        "qwen3",
        1e-3,
    ),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="models to make; all of them if none is named")
    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()
    for name in parser.parse_args().names or MODELS:
        make(name, *MODELS[name])


def make(name: str, kind: type, config: object, architecture: str, tolerance: float) -> None:
    config._attn_implementation = config._experts_implementation = "eager"
    torch.manual_seed(0)
    model = kind._from_config(config, dtype=torch.float32).eval()
    draw(model, seed=2100)
    stored = {}
    with torch.no_grad():
        for weight, tensor in model.state_dict().items():
            stored[weight] = tensor.to(torch.float16).contiguous()
            tensor.copy_(stored[weight].float())
    folder = HERE / name
    (folder / "hf").mkdir(parents=True, exist_ok=True)
    save_file(stored, folder / "hf" / "model.safetensors", {"format": "pt"})
    published = json.loads(config.to_json_string(use_diff=False)) | {"architectures": [kind.__name__]}
    (folder / "hf" / "config.json").write_text(json.dumps(published, indent=1) + "\n")
    vocab = {text: i for i, (text, _, _) in enumerate(vocabulary())}
    tokenizer = {"model": {"type": "BPE", "vocab": vocab, "merges": []}, "added_tokens": []}
    (folder / "hf" / "tokenizer.json").write_text(json.dumps(tokenizer) + "\n")
    asked = {prompt: ask(model, prompt, ids, folder) for prompt, ids in prompts().items()}
    versions = {"torch": torch.__version__, "transformers": transformers.__version__}
    manifest = {"name": name, "architecture": architecture, "tolerance": tolerance, "prompts": asked}
    (folder / "manifest.json").write_text(written(manifest | {"versions": versions}) + "\n")


def ask(model: torch.nn.Module, prompt: str, ids: list[int], folder: Path) -> dict:
    """Of a model of pairs, the second half is the second text: its ids have the vocabulary's size added."""
    paired = isinstance(model, BertForSequenceClassification)
    types = [int(paired and 2 * i >= len(ids) > 1) for i in range(len(ids))]
    more = {"token_type_ids": torch.tensor([types])} if paired else {}
    mask = torch.ones(1, len(ids), dtype=torch.long)
    with torch.inference_mode():
        logits = model(input_ids=torch.tensor([ids]), attention_mask=mask, **more).logits[0]
        if paired:
            other = model(input_ids=torch.tensor([ids]), attention_mask=mask).logits[0]
            print(prompt, "moved by types:", float((logits - other).abs().max()))
    if logits.dim() == 1:
        return {"ids": [id + VOCAB * type for id, type in zip(ids, types)], "scores": logits.tolist()}
    positions = recorded(len(ids))
    file = f"{prompt}.logits.f32"
    logits[positions].numpy().astype("<f4").tofile(folder / file)
    described = {"file": file, "shape": [len(positions), VOCAB], "positions": positions}
    return {"ids": ids, "logits": described, "greedy": [], "greedy_margins": []}


if __name__ == "__main__":
    main()
