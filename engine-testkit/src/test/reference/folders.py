"""Writes, for each reference model, the folder that transformers saves of it; README.md says how to run it.

The weights are those of the GGUF file beside it, so only where they lie is written down: tensors.json has, for each
tensor, runs of rows of tensors there (name, first row, step, count), or the numbers themselves where the converter
changed them (base64, little-endian f32).
"""

from __future__ import annotations

import argparse
import base64
import json
import tempfile
from pathlib import Path

import numpy
import torch
import transformers
from gguf import GGUFReader
from safetensors import safe_open

import cases  # noqa: F401
from case import CASES, Case
from make import HERE, beside, written

# Folders that say something else than the GGUF file: see README.md.
LEFT_OUT = {"deepseek-kv-b", "qwen3-reranker"}

# Models whose folders are not read.
NOT_READ = {"jina-bert-v2", "nemotron-h", "nemotron-h-latent", "nemotron-h-moe", "phimoe"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="models to make; all of them if none is named")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()
    for name in arguments.names or CASES:
        if name not in LEFT_OUT | NOT_READ:
            with tempfile.TemporaryDirectory() as work:
                make(CASES[name](), Path(work))


def make(case: Case, work: Path) -> None:
    case.build().save_pretrained(work)
    folder = HERE / case.name / "hf"
    folder.mkdir(exist_ok=True)
    config = json.loads((work / "config.json").read_text()) | case.published
    if case.name == "minicpm":
        config = published_minicpm(config)
    (folder / "config.json").write_text(json.dumps(config, indent=1) + "\n")
    for file, content in beside(case).items():
        if file != "tokenizer.json":
            (folder / file).parent.mkdir(exist_ok=True)
            (folder / file).write_text(json.dumps(content) + "\n")
    rows = rows_of(HERE / case.name / f"{case.name}-f32.gguf")
    tensors = {}
    with safe_open(work / "model.safetensors", "np") as file:
        for name in sorted(file.keys()):
            tensors[name] = described(file.get_tensor(name), rows)
    (folder / "tensors.json").write_text(written(tensors) + "\n")
    numbers = sum(t.size for t in map(numbers_of, tensors.values()))
    print(f"{case.name}: {len(tensors)} tensors, {numbers} numbers by themselves")


def published_minicpm(config: dict) -> dict:
    """As its makers publish it: transformers has only granite, which computes the same."""
    granite = ("attention_multiplier", "embedding_multiplier", "residual_multiplier", "logits_scaling")
    return {k: v for k, v in config.items() if k not in granite} | {"model_type": "minicpm"}


def numbers_of(tensor: dict) -> numpy.ndarray:
    return numpy.frombuffer(base64.b64decode(tensor.get("data", "")), "<f4")


def rows_of(gguf: Path) -> dict[bytes, tuple[str, int]]:
    """Where each row lies: the bytes of rows do not occur twice."""
    places = {}
    for tensor in GGUFReader(gguf).tensors:
        data = numpy.ascontiguousarray(tensor.data)
        for i, row in enumerate(data.reshape(-1, data.shape[-1])):
            places.setdefault(row.tobytes(), (tensor.name, i))
        if data.ndim == 1:
            for i, value in enumerate(data):
                places.setdefault(value.tobytes(), (tensor.name, i))
    return places


def described(tensor: numpy.ndarray, places: dict[bytes, tuple[str, int]]) -> dict:
    shape = list(tensor.shape)
    flat = numpy.ascontiguousarray(tensor, "<f4").reshape(-1, shape[-1] if len(shape) > 1 else tensor.size)
    runs: list[list] = []
    for row in flat:
        place = places.get(row.tobytes())
        if place is None:
            return {"shape": shape, "data": base64.b64encode(flat.tobytes()).decode()}
        extend(runs, *place)
    return {"shape": shape, "rows": [f"{name} {first} {step} {count}" for name, first, step, count in runs]}


def extend(runs: list[list], name: str, row: int) -> None:
    if runs and runs[-1][0] == name:
        _, first, step, count = runs[-1]
        if count == 1:
            runs[-1][2:] = [row - first, 2]
            return
        if row == first + step * count:
            runs[-1][3] += 1
            return
    runs.append([name, row, 1, 1])


if __name__ == "__main__":
    main()
