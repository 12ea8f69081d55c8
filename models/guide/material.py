"""Endless training material from the corpus: dialogues, and single questions cut up and mixed."""

import random
from dataclasses import dataclass, field

import torch

import tokenizer as bpe
from augment import cut_up, varied
from teacher import taught

IGNORED = -100  # label of a token that is not learned
SYSTEM_MESSAGES = [
    "You are a helpful assistant.",
    "You are a helpful, honest assistant. Answer briefly.",
    "You are Solebox.",
    "You are an expert. Be concise.",
    "Answer the user's questions.",
    "You are a friendly chatbot who answers in one sentence.",
]
TURNS, TURN_WEIGHTS = [1, 2, 3, 5, 8], [70, 16, 9, 4, 1]
TRUST = 0.5  # how much the right answer counts beside the teacher's votes
OPENING = 8  # tokens
SURE = 0.4  # the teacher's vote from which on its favourite answer is learned


@dataclass
class Dialogue:
    ids: list[int] = field(default_factory=list)
    labels: list[int] = field(default_factory=list)
    places: list[int] = field(default_factory=list)  # of the last token before each answer
    votes: list[torch.Tensor] = field(default_factory=list)  # which answer each question wants, [answers]

    def add(self, ids: list[int], learned: bool):
        self.ids += ids
        self.labels += ids if learned else [IGNORED] * len(ids)


class Material:
    def __init__(self, groups, vocab, merges, seed, include):
        self.rng = random.Random(seed)
        self.exact = bpe.with_vocab(vocab, merges)
        self.loose = bpe.with_vocab(vocab, merges, dropout=0.1)
        texts = list(dict.fromkeys(g.answer for g in groups))  # some groups share an answer
        self.turns = [(texts.index(g.answer), ask) for g in groups for ask in include(g)]
        self.answers = [self.exact.encode(text + bpe.END).ids for text in texts]
        self.teacher = taught(self.turns, len(texts), self.rng)
        self.waiting, self.epochs = [], 0

    def next_turn(self):
        """(index of the answer, phrasing); in an epoch every phrasing comes once"""
        if not self.waiting:
            self.waiting = self.rng.sample(self.turns, len(self.turns))
            self.epochs += 1
        return self.waiting.pop()

    def encoded(self, text: str) -> list[int]:
        return (self.loose if self.rng.random() < 0.15 else self.exact).encode(text).ids

    def turn(self):
        """(question, index of its answer, votes): a varied phrasing, or a cut-up one that the teacher is sure about"""
        answer, ask = self.next_turn()
        if self.rng.random() < 0.6:
            question = cut_up(ask, self.rng.choice(self.turns)[1], self.rng)
            votes = self.teacher.votes([question])[0]
            if votes.max() > SURE:
                return question, int(votes.argmax()), votes
        question = varied(ask, self.rng)
        votes = self.teacher.votes([question])[0] * (1 - TRUST)
        votes[answer] += TRUST
        return question, answer, votes

    def dialogue(self) -> Dialogue:
        d, rng = Dialogue(), self.rng
        if rng.random() < 0.08:
            d.add(self.exact.encode(bpe.turn("system", rng.choice(SYSTEM_MESSAGES))).ids, learned=False)
        for _ in range(rng.choices(TURNS, TURN_WEIGHTS)[0]):
            question, answer, votes = self.turn()
            d.add(self.encoded(("\n" if d.places else "") + bpe.prompt_of(question)), learned=False)
            d.places.append(len(d.ids) - 1)
            d.votes.append(votes)
            d.add(self.answers[answer], learned=True)
        return d

    def opening(self) -> Dialogue:
        """A question and the first tokens of its answer: there the choice falls, the rest is known by heart."""
        question, answer, votes = self.turn()
        ids = self.encoded(bpe.prompt_of(question))
        d = Dialogue(places=[len(ids) - 1], votes=[votes])
        d.add(ids, learned=False)
        d.add(self.answers[answer][:OPENING], learned=True)
        return d

    def batches(self, make, tokens: int):
        """Batches of about `tokens` tokens, made by `dialogue` or `opening`; those of like length stand together, so
        little is padding."""
        while True:
            pool = sorted((make() for _ in range(400)), key=lambda d: len(d.ids))
            batches, batch = [], []
            for d in pool:
                if batch and (len(batch) + 1) * len(d.ids) > tokens:
                    batches.append(batch)
                    batch = []
                batch.append(d)
            self.rng.shuffle(batches)
            yield from batches

    def question_batches(self, count: int):
        """Batches of `count` cut-up questions of like length, without answers, labelled by the teacher alone."""
        while True:
            texts = [cut_up(self.next_turn()[1], self.rng.choice(self.turns)[1], self.rng) for _ in range(8 * count)]
            pool = []
            for text, votes in zip(texts, self.teacher.votes(texts)):
                ids = self.encoded(bpe.prompt_of(text))
                pool.append(Dialogue(ids, [IGNORED] * len(ids), [len(ids) - 1], [votes]))
            pool.sort(key=lambda d: len(d.ids))
            batches = [pool[at : at + count] for at in range(0, len(pool), count)]
            self.rng.shuffle(batches)
            yield from batches


def tensors(batch: list[Dialogue]):
    """(ids [B, T], labels [B, T], rows [N], places [N], votes [N, answers]) of N questions in B dialogues"""
    longest = max(len(d.ids) for d in batch)
    ids = torch.zeros(len(batch), longest, dtype=torch.long)
    labels = torch.full((len(batch), longest), IGNORED)
    for row, d in enumerate(batch):
        ids[row, : len(d.ids)], labels[row, : len(d.ids)] = torch.tensor(d.ids), torch.tensor(d.labels)
    rows = torch.tensor([row for row, d in enumerate(batch) for _ in d.places])
    places = torch.tensor([place for d in batch for place in d.places])
    return ids, labels, rows, places, torch.stack([v for d in batch for v in d.votes])
