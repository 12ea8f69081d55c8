"""The vocabulary that all models here share, and the prompts they are asked."""

from __future__ import annotations

import random

from case import BOS, VOCAB

SPACE = "\u2581"
PIECES = ["th", "in", "er", "an", "on", "at", "the", "ing", "and", "is", "he", "re", "ou", "it"]
TEXT = (
    "The lighthouse keeper wound the clock and wrote the hour in a book. At 7 the boats came in, "
    "all but one; he put the lamp in the window again, and counted: 1, 2, 3, 5, 8, 13. "
)


def vocabulary() -> list[tuple[str, float, int]]:
    """Text, score and kind (as in GGUF) of each token: a SentencePiece BPE of ASCII."""
    tokens = [("<unk>", 0.0, 2), ("<s>", 0.0, 3), ("</s>", 0.0, 3), ("<0x0A>", 0.0, 6)]
    letters = [SPACE] + [chr(c) for c in range(0x21, 0x7F)]
    words = PIECES + [SPACE + w for w in ("t", "a", "w", "the", "in", "an", "and")]
    tokens += [(text, -float(rank), 1) for rank, text in enumerate(words)]
    tokens += [(text, -float(len(words) + rank), 1) for rank, text in enumerate(letters)]
    tokens += [(f"<extra_{i}>", 0.0, 4) for i in range(VOCAB - len(tokens))]
    return tokens


def encode(text: str) -> list[int]:
    """The longest token first; which of several encodings it is matters to no model here."""
    ids = {token: i for i, (token, _, kind) in enumerate(vocabulary()) if kind == 1}
    text = SPACE + text.replace(" ", SPACE)
    result = []
    while text:
        piece = next(text[:n] for n in range(5, 0, -1) if text[:n] in ids)
        result.append(ids[piece])
        text = text[len(piece) :]
    return result


def prompts() -> dict[str, list[int]]:
    """p300 alternates between text and random ids; it is longer than every window and chunk."""
    text = encode(TEXT * 4)
    chance = random.Random(300)
    mixed = [BOS]
    while len(mixed) < 300:
        mixed += text[len(mixed) : len(mixed) + 20]
        mixed += [chance.randrange(3, VOCAB) for _ in range(20)]
    return {"p1": [BOS], "p7": [BOS] + text[:6], "p64": [BOS] + text[:63], "p300": mixed[:300]}


def recorded(count: int) -> list[int]:
    """Positions whose answers are kept: all of a short prompt, of a long one some and its end."""
    if count <= 8:
        return list(range(count))
    step = 4 if count <= 64 else 12
    return sorted({*range(0, count, step), *range(count - 6, count)})
