#!/usr/bin/env python3
"""Makes what the tests of the embedding model compare with: 500 texts, and their vectors by ONNX Runtime.

    pip install onnxruntime==1.30.0 tokenizers==0.23.2 numpy==2.4.6
    make.py ../target/source.jar     # once the module is built

Writes texts.txt, a text per line, and vectors.f16: little-endian f16 [500, 384], each of
length 1. Texts that are there already are kept; else they are cut out of this repository's own prose, in lengths
from nothing to the 512 tokens that the model has positions for, with other scripts, signs and long words among them.
"""

import pathlib
import random
import sys
import zipfile

import numpy
import onnxruntime
import tokenizers

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
COUNT = 500
POSITIONS = 512

# What normalization has to get right: accents, case, scripts without spaces, signs, controls, long words.
ODD = [
    "",
    " ",
    "a",
    ".",
    "Crème brûlée, naïve façade; Ångström, ǗǙ and ﬁnest",
    "STRASSE, Straße, İstanbul, ΌΣΟΣ ὈΔΥΣΣΕΎΣ",
    "中文句子没有空格，但是可以分词。",
    "日本語のカタカナとひらがなとガギグゲゴ、ﾊﾝｶｸ。",
    "한국어 문장은 자모로 나뉩니다.",
    "Русский текст и українська їжа, ёж",
    "العربية تُكتب من اليمين إلى اليسار",
    "עברית עם נִקּוּד",
    "हिन्दी में एक वाक्य और ज़्यादा",
    "ภาษาไทยไม่มีช่องว่าง",
    "Tiếng Việt có nhiều dấu thanh",
    "emoji 😀👍🏽 and flags 🇩🇪, ☃ — “quotes” … ½ ™ ①",
    "x" * 100,
    "x" * 101,
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
    "zero\u200bwidth, soft\u00adhyphen, nbsp\u00a0here, tab\tthere, \ufeffmark, \u2028line",
    "f(x) = 3.14159e-10 * (a_b + c->d) && !e || {\"k\": [1, 2, 3]}",
    "[CLS] [SEP] [MASK] [unused7] are written here as text",
    "https://example.org/path?query=a%20b&c=d#fragment user@example.org",
    "1 22 333 4,444 55.555 0x66 7e7",
    "don't can't I'll we've o'clock rock'n'roll",
]


def prose():
    """The words of what this repository says of itself."""
    files = sorted((ROOT / "docs").glob("*.md")) + [ROOT / "README.md", ROOT / "CONTRIBUTING.md"]
    return [word for file in files for word in file.read_text().split()]


def texts(tokenizer):
    """Lengths are spread evenly over their logarithm, with some at the very end."""
    draw = random.Random(20261128)
    words = prose()
    found = list(ODD)
    while len(found) < COUNT:
        most = POSITIONS if len(found) % 10 == 0 else int(numpy.exp(draw.uniform(1.2, numpy.log(POSITIONS))))
        at = draw.randrange(len(words) - POSITIONS)
        take = POSITIONS
        while len(tokenizer.encode(" ".join(words[at : at + take])).ids) > most and take > 1:
            take -= max(1, take // 8) if take > 40 else 1
        text = " ".join(words[at : at + take])
        if len(tokenizer.encode(text).ids) <= POSITIONS:
            found.append(text)
    return found


def vector(session, ids):
    """The mean over the tokens, of length 1."""
    row = numpy.array([ids], dtype=numpy.int64)
    inputs = {"input_ids": row, "attention_mask": numpy.ones_like(row), "token_type_ids": numpy.zeros_like(row)}
    mean = session.run(None, inputs)[0][0].astype(numpy.float64).mean(axis=0)
    return mean / numpy.linalg.norm(mean)


def main():
    with zipfile.ZipFile(sys.argv[1]) as jar:
        session = onnxruntime.InferenceSession(jar.read("all-minilm-l6-v2.onnx"))
        tokenizer = tokenizers.Tokenizer.from_str(jar.read("all-minilm-l6-v2-tokenizer.json").decode())
    tokenizer.no_truncation()
    tokenizer.no_padding()
    file = HERE / "texts.txt"
    found = file.read_bytes().decode().split("\n")[:-1] if file.exists() else texts(tokenizer)
    # What is written as text is no special token; a sign that normalization takes away keeps them apart.
    ids = [tokenizer.encode(text.replace("[", "[\u200b")).ids for text in found]
    assert max(map(len, ids)) <= POSITIONS
    file.write_bytes("".join(text + "\n" for text in found).encode())
    numpy.array([vector(session, row) for row in ids], dtype="<f2").tofile(HERE / "vectors.f16")
    print(len(found), "texts of", min(map(len, ids)), "to", max(map(len, ids)), "tokens,", sum(map(len, ids)), "in all")


if __name__ == "__main__":
    main()
