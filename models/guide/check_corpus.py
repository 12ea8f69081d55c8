"""Checks the corpus and prints what is wrong with it; exit code 1 if anything is."""

import re
import sys
from collections import Counter

from corpus import load_groups

MIN_GROUPS, MIN_ASK, MAX_WORDS = 350, 9, 70


def normalized(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", text.lower()).strip()


def problems(groups):
    owner = {}  # normalized phrasing -> group that has it
    for name, count in Counter(g.name for g in groups).items():
        if count > 1:
            yield f"{name}: {count} groups of this name"
    for g in groups:
        at = f"{g.place} {g.name}:"
        if len(g.ask) < MIN_ASK:
            yield f"{at} only {len(g.ask)} phrasings"
        if not g.held_out:
            yield f"{at} no held-out phrasing"
        if not 1 <= len(g.must) <= 3:
            yield f"{at} {len(g.must)} required phrases"
        if len(g.answer.split()) > MAX_WORDS:
            yield f"{at} answer of {len(g.answer.split())} words"
        for phrase in g.must:
            if not any(choice.lower() in g.answer.lower() for choice in phrase.split("|")):
                yield f"{at} the answer lacks the required phrase {phrase!r}"
        for text in g.ask + g.held_out:
            key = normalized(text) or text
            if key in owner:
                yield f"{at} {text!r} is also in {owner[key]}"
            owner[key] = g.name


def main():
    groups = load_groups()
    found = list(problems(groups))
    if len(groups) < MIN_GROUPS:
        found.append(f"{len(groups)} groups, at least {MIN_GROUPS} expected")
    print(*found, sep="\n")
    topics = Counter(g.topic for g in groups)
    print(f"{len(groups)} groups, {sum(len(g.ask) for g in groups)} phrasings,", end=" ")
    print(f"{sum(len(g.held_out) for g in groups)} held out; {dict(sorted(topics.items()))}")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
