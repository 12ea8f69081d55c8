"""Varies a question the way people do: other words, openings, case, punctuation, dropped words, slips of the keyboard.

With a few thousand phrasings there is no other source of variety; without it the model only knows the corpus by heart.
"""

import random
import re

# Each line holds words that may stand for each other in a question about Solebox.
INTERCHANGEABLE = [
    line.split("|")
    for line in """\
how do i|how can i|how to|how would i|how do you|what is the way to|how does one|how should i
what is|what's|whats|what does it mean,|define|explain|describe|tell me about
can i|could i|may i|is it possible to|am i able to|are we able to
can it|could it|is it able to|does it know how to
does it|does solebox|will it|will solebox
is there|do you have|does solebox have|do we have|is there such a thing as
why does|how come|why would|for what reason does
where is|where's|where do i find|where can i find|in which place is
which|what
show me|show|give me|print|display|list
i want to|i'd like to|i need to|i would like to|let me|help me
tell me|explain|please explain|describe|say
add|install|put in|bring in|set up
change|set|adjust|modify|alter|configure
use|run|work with|employ
start|launch|run|boot|fire up
stop|quit|exit|end|terminate|shut down
delete|remove|erase|get rid of
download|get|fetch
error|failure|problem|fault
model|llm|language model
file|model file
folder|directory
command|cli command|subcommand
flag|option|switch|argument
machine|computer|box|pc
gpu|graphics card|video card|graphics processor
fast|quick|speedy
slow|sluggish|not fast
big|large|huge
small|tiny|little
allowed|permitted
support|handle|understand
supported|handled|understood
answer|reply|response
question|prompt|query
picture|image|photo
memory|ram
purpose|point|goal
mean|stand for|refer to
example|sample
create|make|build
safe|secure
private|confidential
need|require
works|functions|runs
""".splitlines()
]
CHOICES = {phrase: others for others in INTERCHANGEABLE for phrase in others}
PHRASES = re.compile(r"\b(" + "|".join(sorted(map(re.escape, CHOICES), key=len, reverse=True)) + r")(?!\w)", re.I)

OPENINGS = """\
please|hi,|hello,|hey,|hey!|ok,|okay,|so,|and|but|um,|well,|sorry,|excuse me,|quick question:|question:|one more thing:|also,|now,|can you tell me|\
could you tell me|do you know|please tell me|tell me|i was wondering|i want to know|i'd like to know|i have a question:|\
just curious,|help:|help me:|maybe you know:|in solebox,|with solebox,|about solebox:|solebox:|for solebox:""".split("|")
ENDINGS = "please|thanks|thank you|here|now|exactly|again|in solebox|with solebox|for me|pls|then|today|on my machine|briefly|in short".split("|")
LITTLE_WORDS = set("a an the of to is are do does i my it in on for with and or me you can be this that its at please".split())
NEIGHBOURS = {
    "a": "sq", "b": "vn", "c": "xv", "d": "sf", "e": "wr", "f": "dg", "g": "fh", "h": "gj", "i": "uo", "j": "hk", "k": "jl",
    "l": "ko", "m": "n", "n": "bm", "o": "ip", "p": "o", "q": "wa", "r": "et", "s": "ad", "t": "ry", "u": "yi", "v": "cb",
    "w": "qe", "x": "zc", "y": "tu", "z": "x",
}  # fmt: skip


def with_other_words(text: str, rng: random.Random, rate: float) -> str:
    def choose(match):
        return rng.choice(CHOICES[match[0].lower()]) if rng.random() < rate else match[0]

    return PHRASES.sub(choose, text)


def with_slip(word: str, rng: random.Random) -> str:
    """One slip in a word: a letter lost, doubled, swapped with the next, or its neighbour on the keyboard."""
    at = rng.randrange(len(word) - 1)
    kind = rng.randrange(4)
    if kind == 0:
        return word[:at] + word[at + 1 :]
    if kind == 1:
        return word[:at] + word[at] + word[at:]
    if kind == 2:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return word[:at] + rng.choice(NEIGHBOURS.get(word[at].lower(), word[at])) + word[at + 1 :]


def with_fewer_words(words: list[str], rng: random.Random) -> list[str]:
    """Drops little words often and others seldom, and sometimes swaps two neighbours."""
    drop_little, drop_other = rng.choice([(0.1, 0.0), (0.3, 0.06), (0.7, 0.08), (1.0, 0.03)])
    kept = [w for w in words if rng.random() >= (drop_little if w.lower().strip("?.,!") in LITTLE_WORDS else drop_other)]
    if len(kept) > 3 and rng.random() < 0.15:
        at = rng.randrange(len(kept) - 1)
        kept[at], kept[at + 1] = kept[at + 1], kept[at]
    return kept if len(kept) >= min(2, len(words)) else words


def varied(question: str, rng: random.Random) -> str:
    """A phrasing that means the same as `question`; now and then the question itself."""
    if rng.random() < 0.3:
        return question
    text = with_other_words(question, rng, rng.choice([0.0, 0.25, 0.5]))
    words = text.split()
    if rng.random() < 0.3:
        words = with_fewer_words(words, rng)
    if rng.random() < 0.1:
        words = [with_slip(w, rng) if len(w) > 3 and w.isalpha() and rng.random() < 0.2 else w for w in words]
    text = " ".join(words)
    if rng.random() < 0.2:
        text = f"{rng.choice(OPENINGS)} {text[:1].lower() + text[1:] if rng.random() < 0.7 else text}"
    if rng.random() < 0.1:
        text = f"{text.rstrip('?.! ')} {rng.choice(ENDINGS)}{rng.choice(['', '?', '.'])}"
    return with_other_case(with_other_end(text, rng), rng)


def with_other_end(text: str, rng: random.Random) -> str:
    if rng.random() < 0.5:
        return text
    return text.rstrip("?.! ") + rng.choice(["", "", "?", "?", ".", "!", "??", " ?", "..."])


def with_other_case(text: str, rng: random.Random) -> str:
    chance = rng.random()
    if chance < 0.35:
        return text.lower()
    if chance < 0.36:
        return text.upper()
    if chance < 0.6:
        return text[:1].upper() + text[1:]
    return text


def cut_up(question: str, other: str, rng: random.Random) -> str:
    """A question with many words missing, or words of two questions mixed; only a teacher can say what it wants."""
    words = varied(question, rng).split()
    if rng.random() < 0.6:
        rate = 0.7 * rng.random()
        words = [w for w in words if rng.random() >= rate] or words
    if rng.random() < 0.3:
        words += varied(other, rng).split()
        words = rng.sample(words, max(2, len(words) // 2))
    return " ".join(words)
