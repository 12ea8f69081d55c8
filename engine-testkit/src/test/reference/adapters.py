"""Makes the adapters of ../adapters: low-rank changes of models of this folder, in the forms of PEFT and
GGUF, and what transformers answers with them. README.md there says how to run it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

import gguf
import numpy
import torch
import transformers
from safetensors.torch import save_file

import cases
from case import CASES
from make import answer, architecture, written
from prompts import prompts, recorded

HERE = Path(__file__).parent
OUT = HERE.parent / "adapters"
GREEDY = 12
SMALLEST_MARGIN = 1e-2
PROMPTS = ("p7", "p64")


@dataclass(frozen=True)
class Adapter:
    """One adapter.

    base      the model of this folder that it changes
    modules   last parts of the names of the linears that it changes
    rank, alpha, rslora, rank_pattern, alpha_pattern: as in adapter_config.json
    dtype     in which PEFT's form is stored
    """

    base: str
    modules: tuple[str, ...]
    rank: int
    alpha: float
    seed: int
    dtype: torch.dtype = torch.float32
    rslora: bool = False
    rank_pattern: dict[str, int] = field(default_factory=dict)
    alpha_pattern: dict[str, float] = field(default_factory=dict)

    def of(self, pattern: dict, name: str, usual: float) -> float:
        return next((value for key, value in pattern.items() if name.endswith(key)), usual)

    def rank_of(self, name: str) -> int:
        return int(self.of(self.rank_pattern, name, self.rank))

    def scale_of(self, name: str) -> float:
        rank = self.rank_of(name)
        alpha = self.of(self.alpha_pattern, name, self.alpha)
        return alpha / rank**0.5 if self.rslora else alpha / rank


ALL = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj", "lm_head")

ADAPTERS = {
    "poet": Adapter("llama-linear", ALL, rank=4, alpha=8, seed=901),
    "clerk": Adapter(
        "llama-linear",
        ("q_proj", "v_proj", "down_proj"),
        rank=3,
        alpha=2,
        seed=902,
        dtype=torch.bfloat16,
        rslora=True,
        rank_pattern={"layers.1.self_attn.q_proj": 5},
        alpha_pattern={"layers.0.mlp.down_proj": 1},
    ),
    "joiner": Adapter(
        "glm4",
        ("q_proj", "k_proj", "gate_up_proj", "down_proj"),
        rank=8,
        alpha=16,
        seed=903,
        dtype=torch.float16,
    ),
}

# Whose files of GGUF have the rows of q and k in another order, for rope of neighbouring pairs.
PERMUTED = ("llama",)


def main() -> None:
    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()
    for name, adapter in ADAPTERS.items():
        make(name, adapter)


def make(name: str, adapter: Adapter) -> None:
    folder = OUT / name
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    case = CASES[adapter.base]()
    model = case.build()
    base = HERE / adapter.base / f"{adapter.base}-f32.gguf"
    require_same(case, model, base.parent)
    pairs = drawn(adapter, model)
    write_peft(adapter, pairs, folder)
    write_gguf(adapter, pairs, model.config, architecture(base), folder / f"{name}.gguf")
    before = {prompt: answer(case, model, prompts()[prompt]) for prompt in PROMPTS}
    hook(adapter, pairs, model)
    manifest = {"name": name, "base": f"{adapter.base}/{base.name}", "seed": adapter.seed, "prompts": {}}
    for prompt in PROMPTS:
        ids = prompts()[prompt]
        logits = answer(case, model, ids)
        positions = recorded(len(ids))
        file = folder / f"{prompt}.logits.f32"
        logits[positions].numpy().astype("<f4").tofile(file)
        greedy, margin = continued(case, model, ids)
        manifest["prompts"][prompt] = {
            "ids": ids,
            "positions": positions,
            "logits": file.name,
            "greedy": greedy,
            "greedy_min_margin": margin,
            "max_abs_diff_without": float((logits - before[prompt]).abs().max()),
        }
    manifest["versions"] = {"torch": torch.__version__, "transformers": transformers.__version__}
    (folder / "manifest.json").write_text(written(manifest) + "\n")
    moved = [p["max_abs_diff_without"] for p in manifest["prompts"].values()]
    print(name, "moves logits by", moved)


def require_same(case, model: torch.nn.Module, folder: Path) -> None:
    """The weights are drawn anew: they must be those of the file."""
    ids = prompts()["p7"]
    known = torch.from_numpy(numpy.fromfile(folder / "p7.logits.f32", "<f4").copy())
    difference = float((answer(case, model, ids).reshape(-1) - known).abs().max())
    if difference > 1e-4:
        raise SystemExit(f"{folder.name}: the model differs from its file by {difference:.1e}")


def drawn(adapter: Adapter, model: torch.nn.Module) -> dict[str, tuple[torch.Tensor, torch.Tensor]]:
    """A [rank, in] and B [out, rank] of each linear, as they are stored."""
    generator = torch.Generator().manual_seed(adapter.seed)
    pairs = {}
    for name, module in model.named_modules():
        if isinstance(module, torch.nn.Linear) and name.split(".")[-1] in adapter.modules:
            rank = adapter.rank_of(name)
            a = torch.randn(rank, module.in_features, generator=generator) / module.in_features**0.5
            b = 0.4 * torch.randn(module.out_features, rank, generator=generator)
            pairs[name] = (a.to(adapter.dtype), b.to(adapter.dtype))
    return pairs


def hook(adapter: Adapter, pairs: dict, model: torch.nn.Module) -> None:
    for name, (a, b) in pairs.items():
        scale = adapter.scale_of(name)
        a, b = a.float(), b.float()

        def added(_, inputs, output, a=a, b=b, scale=scale):
            return output + scale * ((inputs[0] @ a.T) @ b.T)

        model.get_submodule(name).register_forward_hook(added)


def continued(case, model: torch.nn.Module, ids: list[int]) -> tuple[list[int], float]:
    ids, margins = list(ids), []
    for _ in range(GREEDY):
        best = answer(case, model, ids)[-1].topk(2)
        margins.append(float(best.values[0] - best.values[1]))
        ids.append(int(best.indices[0]))
    if min(margins) < SMALLEST_MARGIN:
        raise SystemExit(f"a margin of {min(margins):.1e} is too small, take another seed")
    return ids[-GREEDY:], min(margins)


def write_peft(adapter: Adapter, pairs: dict, folder: Path) -> None:
    """As PEFT 0.17 saves it (huggingface/peft: src/peft/utils/save_and_load.py)."""
    tensors = {}
    for name, (a, b) in pairs.items():
        tensors[f"base_model.model.{name}.lora_A.weight"] = a.contiguous()
        tensors[f"base_model.model.{name}.lora_B.weight"] = b.contiguous()
    save_file(tensors, folder / "adapter_model.safetensors", metadata={"format": "pt"})
    config = {
        "alpha_pattern": adapter.alpha_pattern,
        "auto_mapping": None,
        "base_model_name_or_path": adapter.base,
        "bias": "none",
        "corda_config": None,
        "eva_config": None,
        "exclude_modules": None,
        "fan_in_fan_out": False,
        "inference_mode": True,
        "init_lora_weights": True,
        "layer_replication": None,
        "layers_pattern": None,
        "layers_to_transform": None,
        "loftq_config": {},
        "lora_alpha": adapter.alpha,
        "lora_bias": False,
        "lora_dropout": 0.05,
        "megatron_config": None,
        "megatron_core": "megatron.core",
        "modules_to_save": None,
        "peft_type": "LORA",
        "qalora_group_size": 16,
        "r": adapter.rank,
        "rank_pattern": adapter.rank_pattern,
        "revision": None,
        "target_modules": sorted(adapter.modules),
        "target_parameters": None,
        "task_type": "CAUSAL_LM",
        "trainable_token_indices": None,
        "use_dora": False,
        "use_qalora": False,
        "use_rslora": adapter.rslora,
    }
    (folder / "adapter_config.json").write_text(json.dumps(config, indent=2) + "\n")


def write_gguf(adapter: Adapter, pairs: dict, config, arch: str, path: Path) -> None:
    """As llama.cpp's convert_lora_to_gguf.py writes it; it has one alpha for all, so a scale that
    differs goes into B."""
    writer = gguf.GGUFWriter(path, arch)
    writer.add_string("general.type", "adapter")
    writer.add_string("general.name", path.stem)
    writer.add_string("adapter.type", "lora")
    uniform = len({adapter.scale_of(name) for name in pairs} | {adapter.alpha / adapter.rank}) == 1
    if uniform:
        writer.add_float32("adapter.lora.alpha", adapter.alpha)
    number = next(k for k, v in gguf.MODEL_ARCH_NAMES.items() if v == arch)
    names = gguf.get_tensor_name_map(number, config.num_hidden_layers)
    for name, (a, b) in pairs.items():
        tensor = names.get_name(name) + ".weight"
        b = b.float() if uniform else b.float() * adapter.scale_of(name)
        heads = {"q_proj": config.num_attention_heads, "k_proj": config.num_key_value_heads}
        last = name.split(".")[-1]
        if arch in PERMUTED and last in heads:
            b = permuted(b, heads[last])
        writer.add_tensor(f"{tensor}.lora_a", a.float().numpy())
        writer.add_tensor(f"{tensor}.lora_b", b.contiguous().numpy())
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def permuted(rows: torch.Tensor, heads: int) -> torch.Tensor:
    """From halves to neighbouring pairs, head by head."""
    half = rows.shape[0] // heads // 2
    return rows.reshape(heads, 2, half, *rows.shape[1:]).swapaxes(1, 2).reshape(rows.shape)


if __name__ == "__main__":
    main()
