"""A bag-of-words classifier of questions, trained in seconds; the guide learns from it which answer a question wants.

It sees whole words and their four-letter pieces, so it generalizes to new phrasings better than a small transformer
that sees the same few thousand questions. Its votes on any text, also on questions cut up and mixed at random, give
the transformer far more to learn from than the phrasings themselves.
"""

import random
import re
import zlib

import torch
import torch.nn.functional as nn_f
from torch import nn

from augment import varied

SLOTS, WIDTH, BATCH = 1 << 16, 128, 128
RATES = [3e-3, 3e-3, 3e-3, 1.5e-3, 5e-4]  # one for each epoch


def features(text: str) -> list[int]:
    words = re.findall(r"[a-z0-9_]+|[^\sa-z0-9]", text.lower())
    pieces = [w[at : at + 4] for w in (f"^{w}$" for w in words) for at in range(len(w) - 3)]
    return [zlib.crc32(f.encode()) % SLOTS for f in words + ["#" + p for p in pieces]] or [0]


class Teacher(nn.Module):
    def __init__(self, num_answers: int):
        super().__init__()
        self.words = nn.EmbeddingBag(SLOTS, WIDTH, mode="mean")
        nn.init.normal_(self.words.weight, std=0.1)
        self.choice = nn.Linear(WIDTH, num_answers)

    def forward(self, texts: list[str]) -> torch.Tensor:
        """Logits [len(texts), answers]"""
        bags = [features(t) for t in texts]
        starts = torch.tensor([0] + [len(b) for b in bags[:-1]]).cumsum(0)
        bag = self.words(torch.tensor([f for b in bags for f in b]), starts)
        return self.choice(nn_f.rms_norm(bag, (WIDTH,)))

    @torch.no_grad()
    def votes(self, texts: list[str]) -> torch.Tensor:
        """Probabilities [len(texts), answers]"""
        return self(texts).softmax(-1)


def taught(turns: list[tuple[int, str]], num_answers: int, rng: random.Random) -> Teacher:
    """A teacher trained on (answer, phrasing) pairs."""
    teacher = Teacher(num_answers)
    optimizer = torch.optim.Adam(teacher.parameters())
    for rate in RATES:
        optimizer.param_groups[0]["lr"] = rate
        shuffled = rng.sample(turns, len(turns))
        for at in range(0, len(shuffled), BATCH):
            part = shuffled[at : at + BATCH]
            logits = teacher([varied(ask, rng) for _, ask in part])
            loss = nn_f.cross_entropy(logits, torch.tensor([answer for answer, _ in part]))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    return teacher
