"""Trains the guide on the corpus and saves checkpoints; see README.md for the one line that runs it."""

import argparse
import time
from dataclasses import replace
from pathlib import Path

import torch
import torch.nn.functional as nn_f

import tokenizer as bpe
from corpus import load_groups
from material import IGNORED, Material, tensors
from model import Config, Guide, parameter_count

class Choices(torch.nn.Module):
    """Reads which answer a question wants off hidden states; thrown away after training."""

    def __init__(self, hidden: int, num_answers: int):
        super().__init__()
        self.first = torch.nn.Linear(hidden, num_answers, bias=False)
        self.middle = torch.nn.Linear(hidden, num_answers, bias=False)
        torch.nn.init.zeros_(self.first.weight)
        torch.nn.init.zeros_(self.middle.weight)

    @staticmethod
    def loss(head, x, votes):
        return nn_f.cross_entropy(head(nn_f.rms_norm(x, x.shape[-1:])).float(), votes)


def first_choice_loss(model, choices, batch):
    """How badly the first layer alone knows the wanted answers. This is cheap: the layer runs at one place only."""
    ids, _, _, places, votes = tensors(batch)
    return Choices.loss(choices.first, model.first_at(ids, places), votes)


def losses_of(model, choices, batch):
    """(loss of the choice of answers, loss of the answers' tokens).

    The choice is read off a middle layer just before an answer. That teaches the lower layers to tell questions
    apart, which the answers' tokens alone teach slowly.
    """
    ids, labels, rows, places, votes = tensors(batch)
    middle = model.config.layers - 1
    with torch.autocast("cpu", dtype=torch.bfloat16):
        x = model.through(model.embedded(ids), range(middle))
        choice = Choices.loss(choices.middle, x[rows, places], votes)
        kept = labels[:, 1:] != IGNORED
        x = model.through(x, range(middle, model.config.layers))
        return choice, nn_f.cross_entropy(model.logits(x[:, :-1][kept]).float(), labels[:, 1:][kept])


def optimizer_of(model, choices, args):
    matrices = [p for p in model.parameters() if p.dim() == 2] + list(choices.parameters())
    vectors = [p for p in model.parameters() if p.dim() == 1]
    groups = [{"params": matrices, "weight_decay": args.decay}, {"params": vectors, "weight_decay": 0.0}]
    return torch.optim.AdamW(groups, lr=args.rate, betas=(0.9, 0.98))


def share_of_time(done):
    """Learning-rate factor when `done` of the time (0 to 1) has passed: warm-up, then a straight line to nearly 0."""
    return min(done / 0.02, 1.0) * (1.0 - 0.98 * done)


def parsed_args():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder for checkpoint.pt")
    parser.add_argument("--start", type=Path, help="a checkpoint to go on from; its shape and vocabulary are kept")
    parser.add_argument("--minutes", type=float, default=45, help="training time")
    parser.add_argument("--dev", action="store_true", help="leave out the last phrasing of each group, for tuning")
    parser.add_argument("--vocab", type=int, default=2048)
    parser.add_argument("--hidden", type=int, default=256)
    parser.add_argument("--layers", type=int, default=4)
    parser.add_argument("--ffn", type=int, default=640)
    parser.add_argument("--questions-first", type=float, default=0.1, help="share of the time without answers")
    parser.add_argument("--rate", type=float, default=2.5e-3)
    parser.add_argument("--decay", type=float, default=0.1)
    parser.add_argument("--dropout", type=float, default=0.0)
    parser.add_argument("--batch", type=int, default=2048, help="tokens in a batch")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def fresh(args, groups, include):
    """(new model, vocabulary, merges)"""
    vocab, merges = bpe.trained([t for g in groups for t in (*include(g), *[g.answer] * 3)], args.vocab)
    config = Config(vocab=len(vocab), hidden=args.hidden, layers=args.layers, heads=args.hidden // 32,
                    kv_heads=args.hidden // 64, ffn=args.ffn, dropout=args.dropout)  # fmt: skip
    return Guide(config), vocab, merges


def continued(args):
    """(model, vocabulary, merges) of a checkpoint"""
    saved = torch.load(args.start, weights_only=False)
    model = Guide(replace(saved["config"], dropout=args.dropout))
    model.load_state_dict(saved["weights"])
    return model, saved["vocab"], saved["merges"]


def main():
    args = parsed_args()
    args.out.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    groups = load_groups()
    include = (lambda g: g.ask[:-1]) if args.dev else (lambda g: g.ask)
    model, vocab, merges = continued(args) if args.start else fresh(args, groups, include)
    material = Material(groups, vocab, merges, args.seed, include)
    choices = Choices(model.config.hidden, len(material.answers))
    print(f"{parameter_count(model)} parameters, {len(groups)} groups, {len(material.turns)} phrasings,"
          f" {len(material.answers)} answers", flush=True)  # fmt: skip

    def save():
        saved = {"config": model.config, "weights": model.state_dict(), "vocab": vocab, "merges": merges}
        torch.save(saved, args.out / "new.pt")
        (args.out / "new.pt").rename(args.out / "checkpoint.pt")

    for step in steps(model, choices, material, args):
        if step % 250 == 0:
            save()
    save()


def steps(model, choices, material, args):
    """Trains until the time is over; yields the number of each step."""
    optimizer = optimizer_of(model, choices, args)
    dialogues, openings = (material.batches(make, args.batch) for make in (material.dialogue, material.opening))
    questions = material.question_batches(128)
    begin, step, log = time.time(), 0, {"first": [], "choice": [], "answer": []}
    while (done := (time.time() - begin) / (args.minutes * 60)) < 1:
        step += 1
        for g in optimizer.param_groups:
            g["lr"] = args.rate * share_of_time(done)
        loss = first_choice_loss(model, choices, next(questions))
        log["first"].append(loss.item())
        if done >= args.questions_first:
            choice, answer = losses_of(model, choices, next(dialogues if step % 3 == 0 else openings))
            loss = 0.3 * loss + 0.3 * choice + answer
            log["choice"].append(choice.item())
            log["answer"].append(answer.item())
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        if step % 100 == 0:
            means = {name: round(sum(v) / max(len(v), 1), 4) for name, v in log.items()}
            print(f"{time.time() - begin:.0f} s, step {step}, epoch {material.epochs}, {means}", flush=True)
            log = {name: [] for name in log}
        yield step


if __name__ == "__main__":
    main()
