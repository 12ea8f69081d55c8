"""Grades a GGUF of the guide: greedy answers to the held-out phrasings, from the quantized weights.

An answer is correct if it contains the group's required phrases. Prints the share, overall and per topic, and the
misses; writes them to grade.json beside this file unless another place is named.
"""

import argparse
import json
from collections import defaultdict
from pathlib import Path

import gguf
import torch
from gguf.quants import dequantize

import tokenizer as bpe
from corpus import is_correct, load_groups
from model import Config, Guide, parameter_count

LONGEST_ANSWER = 120  # tokens


def loaded(path: str):
    """(model with the file's weights, tokenizer) of a GGUF that export.py wrote."""
    reader = gguf.GGUFReader(path)

    def value(key):
        return reader.fields[key].contents()

    tokens = value("tokenizer.ggml.tokens")
    merges = [tuple(m.split(" ")) for m in value("tokenizer.ggml.merges")]
    config = Config(
        vocab=len(tokens), hidden=value("llama.embedding_length"), layers=value("llama.block_count"),
        heads=value("llama.attention.head_count"), kv_heads=value("llama.attention.head_count_kv"),
        ffn=value("llama.feed_forward_length"), context=value("llama.context_length"),
        rope_base=value("llama.rope.freq_base"), norm_eps=value("llama.attention.layer_norm_rms_epsilon"),
    )  # fmt: skip
    model = Guide(config)
    weights = {t.name: torch.tensor(dequantize(t.data, t.tensor_type)) for t in reader.tensors}
    model.load_state_dict(weights)
    return model.eval(), bpe.with_vocab({t: i for i, t in enumerate(tokens)}, merges)


def answer_to(model, tokenizer, question: str) -> str:
    ids = tokenizer.encode(bpe.prompt_of(question)).ids
    return tokenizer.decode(model.greedy(ids, tokenizer.token_to_id(bpe.END), LONGEST_ANSWER))


def graded(model, tokenizer, questions):
    """questions: [(group, phrasing)] to [(group, phrasing, answer, correct)]"""
    for group, question in questions:
        answer = answer_to(model, tokenizer, question)
        yield group, question, answer, is_correct(answer, group.must)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("gguf")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "grade.json")
    parser.add_argument("--dev", action="store_true", help="grade the phrasings that `train.py --dev` left out instead")
    args = parser.parse_args()
    torch.set_num_threads(1)
    model, tokenizer = loaded(args.gguf)
    groups = load_groups()
    questions = [(g, q) for g in groups for q in ((g.ask[-1],) if args.dev else g.held_out)]
    results = list(graded(model, tokenizer, questions))
    topics = defaultdict(list)
    for group, _, _, correct in results:
        topics[group.topic].append(correct)
    misses = [{"group": g.name, "question": q, "answer": a} for g, q, a, correct in results if not correct]
    report = {
        "parameters": parameter_count(model),
        "groups": len(groups),
        "questions": len(results),
        "correct": len(results) - len(misses),
        "share": round(1 - len(misses) / len(results), 4),
        "topics": {t: {"questions": len(c), "correct": sum(c)} for t, c in sorted(topics.items())},
        "misses": misses,
    }
    args.out.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(json.dumps({k: v for k, v in report.items() if k != "misses"}, indent=1))


if __name__ == "__main__":
    main()
