"""Byte-level BPE of the guide's own (GPT-2 pre-tokenizer) and its chat format (ChatML)."""

from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers

END_OF_TEXT, START, END = "<|endoftext|>", "<|im_start|>", "<|im_end|>"
SPECIALS = [END_OF_TEXT, START, END]  # ids 0, 1, 2

CHAT_TEMPLATE = (
    "{% for message in messages %}"
    "{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] | trim + '<|im_end|>\\n' }}"
    "{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"
)


def with_vocab(vocab: dict[str, int], merges: list[tuple[str, str]], dropout: float | None = None) -> Tokenizer:
    """The tokenizer of a vocabulary. `dropout` skips merges at random, which varies how a text is split."""
    tokenizer = Tokenizer(models.BPE(vocab=vocab, merges=merges, dropout=dropout))
    return dressed(tokenizer)


def dressed(tokenizer: Tokenizer) -> Tokenizer:
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([AddedToken(s, special=True, normalized=False) for s in SPECIALS])
    return tokenizer


def trained(texts: list[str], vocab_size: int) -> tuple[dict[str, int], list[tuple[str, str]]]:
    """Learns (vocabulary, merges) from texts; all 256 bytes are in the vocabulary."""
    import json

    tokenizer = dressed(Tokenizer(models.BPE()))
    trainer = trainers.BpeTrainer(
        vocab_size=vocab_size,
        min_frequency=2,
        special_tokens=SPECIALS,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    model = json.loads(tokenizer.to_str())["model"]
    merges = [tuple(m.split(" ")) if isinstance(m, str) else tuple(m) for m in model["merges"]]
    return model["vocab"], merges


def turn(role: str, text: str) -> str:
    return f"{START}{role}\n{text.strip()}{END}\n"


def prompt_of(question: str) -> str:
    """What the chat template makes of one question."""
    return turn("user", question) + f"{START}assistant\n"
