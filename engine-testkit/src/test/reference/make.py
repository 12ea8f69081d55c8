"""Makes the reference models of this folder; README.md says how to run it."""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import tempfile
from pathlib import Path

import numpy
import torch
import transformers

import cases
from case import CASES, VOCAB, Case
from convert import convert
from gelu import tabulate
from prompts import prompts, recorded

HERE = Path(__file__).parent
GREEDY = 32

# Below this a greedy step could go either way; another seed is needed then.
SMALLEST_MARGIN = 1e-3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--llama-cpp", type=Path, required=True, help="sources of llama.cpp")
    parser.add_argument("--libraries", type=Path, required=True, help="folder with libllama")
    parser.add_argument("names", nargs="*", help="models to make; all of them if none is named")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()
    with tempfile.TemporaryDirectory() as work:
        opinion = compiled(Path(work), arguments.llama_cpp, arguments.libraries)
        for number, name in enumerate(arguments.names or CASES):
            make(CASES[name](), arguments.llama_cpp, opinion, Path(work) / str(number))


def compiled(work: Path, llama_cpp: Path, libraries: Path) -> list[str]:
    """The command that asks llama.cpp, up to the model's file."""
    binary = work / "logits"
    include = [f"-I{llama_cpp}/include", f"-I{llama_cpp}/ggml/include"]
    names = [
        next(libraries.glob(f"{lib}.so*"), None) or next(libraries.glob(f"{lib}.v*.so"))
        for lib in ("libllama", "libggml", "libggml-base")
    ]
    subprocess.run(
        ["cc", "-O1", *include, HERE / "logits.c", *names, f"-Wl,-rpath,{libraries}", "-o", binary],
        check=True,
    )
    return [str(binary), str(libraries)]


def make(case: Case, llama_cpp: Path, opinion: list[str], work: Path) -> None:
    """One folder: weights, manifest and what transformers answers."""
    source, folder = work / "hf", HERE / case.name
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    model = case.build()
    model.save_pretrained(source)
    for file, content in beside(case).items():
        (source / file).parent.mkdir(exist_ok=True)
        (source / file).write_text(json.dumps(content))
    (source / "config.json").write_text(json.dumps(config_of(model, case), indent=1))
    gguf = folder / f"{case.name}-f32.gguf"
    convert(case, llama_cpp, source, gguf)

    manifest = header(case, model)
    asked = {name: ask(case, model, name, ids, folder) for name, ids in prompts().items()}
    manifest["prompts"] = {name: entry for name, (entry, _) in asked.items()}
    truth = {name: answers for name, (_, answers) in asked.items()}
    manifest["f32_vs_f64_max_abs_diff"] = rounding(case, model, truth)
    manifest["ref_absmax"] = max(float(a.abs().max()) for a in truth.values())
    manifest["ref_std"] = float(truth["p300"].std(correction=0))
    manifest["sensitivity_max_abs_diff_if_feature_off"] = {
        name: differences(answers_of(case, case.without(off, model)), truth) for name, off in case.off.items()
    }
    found = second_opinion(case, gguf, opinion)
    second = {"llama.cpp-v0.5.0": differences(found, truth)}
    tabulated = case.without({}, model)
    if tabulate(tabulated):
        second["llama.cpp-v0.5.0, GELU alike"] = differences(found, answers_of(case, tabulated))
    manifest["gguf"] = {"f32": {"file": gguf.name, "bytes": gguf.stat().st_size} | second}
    manifest["architecture"] = architecture(gguf)
    manifest["versions"] = {
        "torch": torch.__version__,
        "transformers": transformers.__version__,
        "converter": "llama.cpp v0.5.0 convert_hf_to_gguf.py",
    }
    manifest["files"] = {
        f.name: {"bytes": f.stat().st_size, "sha256": hashlib.sha256(f.read_bytes()).hexdigest()}
        for f in sorted(folder.iterdir())
    }
    (folder / "manifest.json").write_text(written(manifest) + "\n")
    report(manifest, folder)


def beside(case: Case) -> dict[str, dict | list]:
    """Files that the converter looks for: how many tokens there are and how they are pooled."""
    files: dict = {"tokenizer.json": {"model": {"vocab": list(range(VOCAB))}, "added_tokens": []}}
    if case.pooling:
        files["modules.json"] = [{"type": "sentence_transformers.models.Pooling", "path": "1_Pooling"}]
        files["1_Pooling/config.json"] = {
            "pooling_mode": {"last": "lasttoken"}.get(case.pooling, case.pooling)
        }
    return files


def header(case: Case, model: torch.nn.Module) -> dict:
    count = sum(p.numel() for p in model.parameters())
    result = {
        "name": case.name,
        "architecture": "",
        "notes": case.notes,
        "seed": case.seed,
        "tolerance": case.tolerance,
        "n_params": count,
    }
    return result | ({"pooling": case.pooling} if case.pooling else {})


def config_of(model: torch.nn.Module, case: Case) -> dict:
    """As it is published: the converter wants the class's name."""
    return json.loads(model.config.to_json_string(use_diff=False)) | {"architectures": [case.model.__name__]}


def answer(case: Case, model: torch.nn.Module, ids: list[int]) -> torch.Tensor:
    """f32 [T, V] of logits, [T, E] of hidden states or [outputs] of scores."""
    with torch.inference_mode():
        out = model(input_ids=torch.tensor([ids]), attention_mask=torch.ones(1, len(ids), dtype=torch.long))
    if case.answer == "hidden":
        return out.last_hidden_state[0]
    return case.score(out.logits[0]) if case.answer == "score" else out.logits[0]


def answers_of(case: Case, model: torch.nn.Module) -> dict[str, torch.Tensor]:
    return {name: answer(case, model, ids) for name, ids in prompts().items()}


def ask(
    case: Case, model: torch.nn.Module, name: str, ids: list[int], folder: Path
) -> tuple[dict, torch.Tensor]:
    """What the manifest says of one prompt, and all that was answered."""
    answers = answer(case, model, ids)
    entry = {"ids": ids}
    if case.answer == "score":
        return entry | {"scores": [float(x) for x in answers]}, answers
    positions = recorded(len(ids))
    file = folder / f"{name}.{case.answer}.f32"
    answers[positions].numpy().astype("<f4").tofile(file)
    entry[case.answer] = {
        "file": file.name,
        "shape": [len(positions), answers.shape[1]],
        "positions": positions,
    }
    return entry | (greedy(case, model, ids) if case.answer == "logits" else pooled(case, answers)), answers


def greedy(case: Case, model: torch.nn.Module, ids: list[int]) -> dict:
    """The whole prompt again at each step: no cache has a say in the truth."""
    ids, margins = list(ids), []
    for _ in range(GREEDY):
        best = answer(case, model, ids)[-1].topk(2)
        margins.append(float(best.values[0] - best.values[1]))
        ids.append(int(best.indices[0]))
    if min(margins) < SMALLEST_MARGIN:
        raise SystemExit(f"{case.name}: a margin of {min(margins):.1e} is too small, take another seed")
    return {
        "greedy": ids[-GREEDY:],
        "greedy_margins": [round(m, 5) for m in margins],
        "greedy_min_margin": min(margins),
    }


def pooled(case: Case, hidden: torch.Tensor) -> dict:
    kinds = {"mean": hidden.mean(0), "cls": hidden[0], "last": hidden[-1]}
    chosen = kinds[case.pooling]
    return {
        "pooled": {kind: vector.tolist() for kind, vector in kinds.items()},
        "embedding_normalized": (chosen / chosen.norm()).tolist(),
    }


def rounding(case: Case, model: torch.nn.Module, truth: dict) -> float:
    """How far f32 is from f64: what no implementation can be blamed for."""
    exact = differences(answers_of(case, case.without({}, model).double()), truth)
    return max(exact.values())


def differences(found: dict, truth: dict) -> dict[str, float]:
    return {name: float((found[name] - truth[name]).abs().max()) for name in truth}


def second_opinion(case: Case, gguf: Path, opinion: list[str]) -> dict[str, torch.Tensor]:
    binary, backends = opinion
    result = {}
    for name, ids in prompts().items():
        command = [binary, gguf, backends, case.answer, case.pooling or "-", str(case.context)]
        out = subprocess.run(
            command, input=numpy.array(ids, "i4").tobytes(), stdout=subprocess.PIPE, check=True
        )
        values = torch.from_numpy(numpy.frombuffer(out.stdout, "f4").copy())
        result[name] = values if case.answer == "score" else values.reshape(len(ids), -1)
    return result


def architecture(gguf: Path) -> str:
    from gguf import GGUFReader

    return GGUFReader(gguf).get_field("general.architecture").contents()


def written(manifest: dict) -> str:
    """JSON with one line for each list, however deep."""
    lists: list[str] = []

    def folded(value: object) -> object:
        if isinstance(value, dict):
            return {key: folded(inner) for key, inner in value.items()}
        if isinstance(value, list):
            lists.append(json.dumps(value))
            return f"@{len(lists) - 1}@"
        return value

    text = json.dumps(folded(manifest), indent=1)
    for i, each in enumerate(lists):
        text = text.replace(f'"@{i}@"', each)
    return text


def report(manifest: dict, folder: Path) -> None:
    """The row of README.md's table, and the features that a test would notice."""
    size = sum(f.stat().st_size for f in folder.iterdir()) // 1024
    row = [manifest["name"], manifest["architecture"], manifest["n_params"], size]
    row += [f"{manifest['ref_absmax']:.1f}", f"{manifest['f32_vs_f64_max_abs_diff']:.0e}"]
    opinions = [moved for key, moved in manifest["gguf"]["f32"].items() if key.startswith("llama.cpp")]
    row += [" / ".join(f"{max(moved.values()):.1e}" for moved in opinions)]
    print("| " + " | ".join(str(cell) for cell in row) + " |")
    for name, moved in manifest["sensitivity_max_abs_diff_if_feature_off"].items():
        print(f"    without {name}: {max(moved.values()):.2g}")


if __name__ == "__main__":
    main()
