"""From the files of transformers to GGUF, with llama.cpp's own converter."""

from __future__ import annotations

import logging
import sys
from pathlib import Path

import torch

from case import BOS, EOS, PAD, Case
from prompts import vocabulary


def convert(case: Case, llama_cpp: Path, source: Path, target: Path) -> None:
    """Writes f32 weights. The vocabulary is ours: the converter knows only published ones."""
    sys.path[:0] = [str(llama_cpp), str(llama_cpp / "gguf-py")]
    import gguf
    from conversion import ModelBase, ModelType, get_model_architecture, get_model_class

    logging.disable(logging.WARNING)
    hparams = ModelBase.load_hparams(source, False) | case.published
    hparams = {k: v for k, v in hparams.items() if v is not None or k not in case.published}
    converter_class = get_model_class(get_model_architecture(hparams, ModelType.TEXT))
    converter_class.no_mtp = True
    with torch.inference_mode():
        converter = converter_class(
            source, gguf.LlamaFileType.ALL_F32, target, model_name=case.name, eager=True, hparams=hparams
        )
        converter = getattr(converter, "impl", converter)
        converter.set_vocab = lambda: write_vocabulary(converter)
        case.gguf(converter)
        converter.write()
    logging.disable(logging.NOTSET)


def write_vocabulary(converter: object) -> None:
    writer = converter.gguf_writer
    texts, scores, kinds = zip(*vocabulary())
    writer.add_tokenizer_model("llama")
    writer.add_tokenizer_pre("default")
    writer.add_token_list(list(texts))
    writer.add_token_scores(list(scores))
    writer.add_token_types(list(kinds))
    writer.add_bos_token_id(BOS)
    writer.add_eos_token_id(EOS)
    writer.add_unk_token_id(PAD)
    writer.add_add_bos_token(False)
    if "type_vocab_size" in converter.hparams:
        writer.add_token_type_count(converter.hparams["type_vocab_size"])
