"""The corpus: question groups read from corpus/*.jsonl (format: README.md)."""

import json
from dataclasses import dataclass
from pathlib import Path

CORPUS = Path(__file__).parent / "corpus"


@dataclass(frozen=True)
class Group:
    name: str
    ask: tuple[str, ...]
    held_out: tuple[str, ...]
    answer: str
    must: tuple[str, ...]
    place: str  # file:line, for messages

    @property
    def topic(self) -> str:
        return self.place.split(".", 1)[0]


def load_groups(folder: Path = CORPUS) -> list[Group]:
    """Reads every group, in the order of file names and lines. A malformed line raises with its place."""
    groups = []
    for path in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if not line.strip():
                continue
            place = f"{path.name}:{number}"
            try:
                entry = json.loads(line)
                group = Group(
                    entry["group"],
                    tuple(entry["ask"]),
                    tuple(entry["held_out"]),
                    entry["answer"].strip(),
                    tuple(entry["must"]),
                    place,
                )
            except (json.JSONDecodeError, KeyError, TypeError) as problem:
                raise ValueError(f"{place}: {problem!r}") from problem
            groups.append(group)
    return groups


def is_correct(answer: str, must: tuple[str, ...]) -> bool:
    """Whether the answer contains each required phrase, or one of its `|` alternatives, whatever the case."""
    text = answer.lower()
    return all(any(choice.lower() in text for choice in phrase.split("|")) for phrase in must)
