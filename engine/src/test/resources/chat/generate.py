"""Writes snippets.jsonl: what Jinja makes of every snippet in snippets.txt.

Run in this folder with jinja2 3.1.6 after changing snippets.txt. The environment is set up as
transformers sets it up for chat templates. Not part of the build.
"""

import datetime
import json

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment

VARIABLES = {
    "s": "Hello, Wörld! 😀 x",
    "e": "",
    "n": 7,
    "f": 2.5,
    "neg": -7,
    "t": True,
    "no": None,
    "l": [3, 1, 2],
    "ls": ["b", "A", "c"],
    "d": {"b": 1, "a": [1, 2.0, None, True], "k'q": 'it\'s "q"'},
    "ms": [
        {"role": "system", "content": " sys "},
        {"role": "user", "content": "hi\nthere"},
        {
            "role": "assistant",
            "content": None,
            "tool_calls": [{"function": {"name": "f", "arguments": {"x": 1, "y": "é<&>"}}}],
        },
        {"role": "user", "content": "end"},
    ],
    "tree": [{"n": "a", "c": [{"n": "b", "c": []}, {"n": "d", "c": [{"n": "e", "c": []}]}]}],
    "ml": "  one\n\n  two\r\nthree\t4\n",
    "w": "The quick brown fox jumps over the lazy dog near the riverbank",
}
NOW = datetime.datetime(2026, 7, 14, 9, 5, 3)


def tojson(x, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
    return json.dumps(
        x, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys
    )


def raise_exception(message):
    raise jinja2.exceptions.TemplateError(message)


environment = ImmutableSandboxedEnvironment(
    trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.loopcontrols"]
)
environment.filters["tojson"] = tojson
environment.globals["raise_exception"] = raise_exception
environment.globals["strftime_now"] = NOW.strftime

with open("snippets.txt", encoding="utf-8", newline="") as source:
    snippets = source.read().removesuffix("\n").split("\n====\n")
with open("snippets.jsonl", "w", encoding="utf-8") as out:
    out.write(json.dumps({"variables": VARIABLES}, ensure_ascii=False) + "\n")
    for snippet in snippets:
        case = {"template": snippet}
        try:
            case["expected"] = environment.from_string(snippet).render(**VARIABLES)
        except Exception as error:  # any failure of Python's is a failure of the template
            case["error"] = f"{type(error).__name__}: {error}"
        out.write(json.dumps(case, ensure_ascii=False) + "\n")
