"""Writes folders with quantized weights and what transformers answers with their values; README.md says how to run it.

The libraries that make such files need a GPU or the network. So the layouts are written here from their sources: GPTQ
(ModelCloud/GPTQModel: gptqmodel/nn_modules/qlinear), AWQ (casper-hansen/AutoAWQ: awq/utils/packing_utils.py),
compressed-tensors (compressors/pack_quantized.py) and fine-grained FP8 (transformers: integrations/finegrained_fp8.py).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Callable

import numpy
import torch
import transformers
from safetensors.torch import save_file
from transformers import LlamaConfig, LlamaForCausalLM

from case import TOKENS, VOCAB, draw
from make import HERE, written
from prompts import prompts, recorded, vocabulary

GROUP = 32
AWQ_ORDER = [0, 2, 4, 6, 1, 3, 5, 7]
Parts = dict[str, torch.Tensor]
Stored = tuple[Parts, torch.Tensor]  # what is stored, and what it is worth

CONFIG = LlamaConfig(
    **TOKENS,
    hidden_size=64,
    intermediate_size=128,
    num_hidden_layers=2,
    num_attention_heads=4,
    num_key_value_heads=2,
    max_position_embeddings=512,
    rope_parameters={"rope_type": "default", "rope_theta": 1e4},
)


def packed(codes: torch.Tensor, bits: int) -> torch.Tensor:
    """Rows of unsigned codes as words of 32 bits, the first code in the lowest bits."""
    each = 32 // bits
    rows, cols = codes.shape
    padded = torch.nn.functional.pad(codes, (0, -cols % each)).reshape(rows, -1, each).to(torch.int64)
    words = (padded << torch.arange(0, 32, bits)).sum(-1)
    return torch.from_numpy(words.numpy().astype(numpy.uint32).view(numpy.int32))


def affine(w: torch.Tensor, groups: torch.Tensor, bits: int, symmetric: bool, dtype: torch.dtype):
    """Codes [out, in], scales and zeros [out, groups] of columns that belong to these groups."""
    count, top = int(groups.max()) + 1, 2**bits - 1
    scales, zeros = torch.empty(len(w), count), torch.empty(len(w), count, dtype=torch.int64)
    for g in range(count):
        part = w[:, groups == g]
        low, high = part.amin(1).clamp(max=0), part.amax(1).clamp(min=0)
        if symmetric:
            scales[:, g] = part.abs().amax(1) / (2 ** (bits - 1) - 1)
            zeros[:, g] = 2 ** (bits - 1)
        else:
            scales[:, g] = (high - low) / top
            zeros[:, g] = (-low / scales[:, g]).round().clamp(0, top).long()
    scales = scales.to(dtype)
    used, zero = scales.float()[:, groups], zeros[:, groups]
    codes = (w / used + zero).round().clamp(0, top).long()
    return codes, scales, zeros, used * (codes - zero)


def contiguous(w: torch.Tensor, size: int = GROUP) -> torch.Tensor:
    return torch.arange(w.shape[1]) // size


def gptq(symmetric: bool, act_order: bool) -> Callable[[torch.Tensor], Stored]:
    def store(w: torch.Tensor) -> Stored:
        groups = contiguous(w)
        if act_order:
            groups = groups[torch.randperm(len(groups), generator=torch.Generator().manual_seed(len(groups)))]
        codes, scales, zeros, worth = affine(w, groups, 4, symmetric, torch.float16)
        parts = {
            "qweight": packed(codes, 4).T.contiguous(),
            "qzeros": packed(zeros.T - (0 if act_order else 1), 4),
            "scales": scales.T.contiguous(),
            "g_idx": groups.to(torch.int32),
        }
        return parts, worth

    return store


def awq(w: torch.Tensor) -> Stored:
    codes, scales, zeros, worth = affine(w, contiguous(w), 4, False, torch.float16)

    def order(columns: torch.Tensor) -> torch.Tensor:
        return columns.reshape(len(columns), -1, 8)[..., AWQ_ORDER].reshape(len(columns), -1)

    parts = {
        "qweight": packed(order(codes.T), 4),
        "qzeros": packed(order(zeros.T), 4),
        "scales": scales.T.contiguous(),
    }
    return parts, worth


def pack_quantized(w: torch.Tensor) -> Stored:
    codes, scales, zeros, worth = affine(w, contiguous(w), 4, False, torch.bfloat16)
    parts = {
        "weight_packed": packed(codes, 4),
        "weight_scale": scales,
        "weight_zero_point": packed(zeros.T, 4).T.contiguous(),
        "weight_shape": torch.tensor(w.shape),
    }
    return parts, worth


def int8(w: torch.Tensor) -> Stored:
    codes, scales, _, worth = affine(w, contiguous(w, w.shape[1]), 8, True, torch.bfloat16)
    return {"weight": (codes - 128).to(torch.int8), "weight_scale": scales}, worth


def fp8(rows: int, cols: int, scale_name: str) -> Callable[[torch.Tensor], Stored]:
    def store(w: torch.Tensor) -> Stored:
        r, c = min(rows, len(w)), min(cols, w.shape[1])
        blocks = w.reshape(len(w) // r, r, w.shape[1] // c, c)
        scales = blocks.abs().amax((1, 3), keepdim=True) / 448
        codes = (blocks / scales).to(torch.float8_e4m3fn)
        worth = (codes.float() * scales).reshape(w.shape)
        return {"weight": codes.reshape(w.shape), scale_name: scales[:, 0, :, 0].contiguous()}, worth

    return store


def compressed(form: str, **weights: object) -> dict:
    group = {"targets": ["Linear"], "weights": weights, "input_activations": None}
    return {
        "quant_method": "compressed-tensors",
        "format": form,
        "config_groups": {"group_0": group},
        "ignore": ["lm_head"],
        "quantization_status": "compressed",
    }


FORMS = {
    "gptq": (
        gptq(True, False),
        dict(quant_method="gptq", bits=4, group_size=GROUP, sym=True, desc_act=False, checkpoint_format="gptq"),
        1e-3,
    ),
    "gptq-act-order": (
        gptq(False, True),
        dict(quant_method="gptq", bits=4, group_size=GROUP, sym=False, desc_act=True, checkpoint_format="gptq_v2"),
        0.05,
    ),
    "awq": (
        awq,
        dict(quant_method="awq", bits=4, group_size=GROUP, zero_point=True, version="gemm"),
        1e-3,
    ),
    "pack-quantized": (pack_quantized, compressed("pack-quantized", num_bits=4, group_size=GROUP), 1e-3),
    "int-quantized": (int8, compressed("int-quantized", num_bits=8, strategy="channel"), 1e-3),
    "float-quantized": (
        fp8(1, 1 << 20, "weight_scale"),
        compressed("float-quantized", num_bits=8, strategy="channel"),
        0.15,
    ),
    "fp8": (
        fp8(32, 32, "weight_scale_inv"),
        dict(quant_method="fp8", weight_block_size=[32, 32], activation_scheme="dynamic"),
        0.15,
    ),
}


def main() -> None:
    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()
    for name in FORMS:
        make(name)


def make(name: str) -> None:
    store, description, tolerance = FORMS[name]
    model = LlamaForCausalLM._from_config(CONFIG, dtype=torch.float32, attn_implementation="eager").eval()
    draw(model, seed=1300)
    stored: Parts = {}
    with torch.no_grad():
        for weight, tensor in model.state_dict().items():
            if "_proj." in weight:
                parts, worth = store(tensor)
                stored |= {weight.replace("weight", part): value for part, value in parts.items()}
            else:
                stored[weight] = tensor.to(torch.float16)
                worth = stored[weight].float()
            tensor.copy_(worth)
    folder = HERE / name
    (folder / "hf").mkdir(parents=True, exist_ok=True)
    save_file({k: v.contiguous() for k, v in stored.items()}, folder / "hf" / "model.safetensors", {"format": "pt"})
    config = json.loads(CONFIG.to_json_string()) | {"architectures": ["LlamaForCausalLM"]}
    config |= {"quantization_config": description}
    (folder / "hf" / "config.json").write_text(json.dumps(config, indent=1) + "\n")
    vocab = {text: i for i, (text, _, _) in enumerate(vocabulary())}
    tokenizer = {"model": {"type": "BPE", "vocab": vocab, "merges": []}, "added_tokens": []}
    (folder / "hf" / "tokenizer.json").write_text(json.dumps(tokenizer) + "\n")
    (folder / "manifest.json").write_text(written(manifest(name, model, folder, tolerance)) + "\n")


def manifest(name: str, model: torch.nn.Module, folder: Path, tolerance: float) -> dict:
    asked = {}
    for prompt in ("p7", "p64"):
        ids = prompts()[prompt]
        with torch.inference_mode():
            logits = model(input_ids=torch.tensor([ids])).logits[0]
        positions = recorded(len(ids))
        file = f"{prompt}.logits.f32"
        logits[positions].numpy().astype("<f4").tofile(folder / file)
        described = {"file": file, "shape": [len(positions), VOCAB], "positions": positions}
        asked[prompt] = {"ids": ids, "logits": described, "greedy": [], "greedy_margins": []}
    versions = {"torch": torch.__version__, "transformers": transformers.__version__}
    return {"name": name, "architecture": "llama", "tolerance": tolerance, "prompts": asked, "versions": versions}


if __name__ == "__main__":
    main()
