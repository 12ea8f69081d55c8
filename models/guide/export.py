"""Writes a checkpoint of train.py as GGUF v3: matrices Q8_0, norms F32."""

import sys

import gguf
import torch
from gguf.quants import quantize

import tokenizer as bpe


def add_tokenizer(writer: gguf.GGUFWriter, vocab: dict[str, int], merges: list[tuple[str, str]]):
    tokens = sorted(vocab, key=vocab.get)
    kinds = [gguf.TokenType.CONTROL if t in bpe.SPECIALS else gguf.TokenType.NORMAL for t in tokens]
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(tokens)
    writer.add_token_types(kinds)
    writer.add_token_merges([" ".join(pair) for pair in merges])
    writer.add_bos_token_id(vocab[bpe.END_OF_TEXT])
    writer.add_eos_token_id(vocab[bpe.END])
    writer.add_pad_token_id(vocab[bpe.END_OF_TEXT])
    writer.add_add_bos_token(False)
    writer.add_add_eos_token(False)
    writer.add_chat_template(bpe.CHAT_TEMPLATE)


def add_hyperparameters(writer: gguf.GGUFWriter, config):
    writer.add_name("Solebox guide")
    writer.add_description("A very small model that answers questions about Solebox")
    writer.add_license("apache-2.0")
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_Q8_0)
    writer.add_quantization_version(gguf.GGML_QUANT_VERSION)
    writer.add_vocab_size(config.vocab)
    writer.add_context_length(config.context)
    writer.add_embedding_length(config.hidden)
    writer.add_block_count(config.layers)
    writer.add_feed_forward_length(config.ffn)
    writer.add_head_count(config.heads)
    writer.add_head_count_kv(config.kv_heads)
    writer.add_layer_norm_rms_eps(config.norm_eps)
    writer.add_rope_dimension_count(config.head_dim)
    writer.add_rope_freq_base(config.rope_base)
    writer.add_float32("general.sampling.temp", 0.0)  # a model this small has no freedom to give


def main(checkpoint: str, out: str):
    saved = torch.load(checkpoint, weights_only=False)
    writer = gguf.GGUFWriter(out, "llama")
    add_hyperparameters(writer, saved["config"])
    add_tokenizer(writer, saved["vocab"], saved["merges"])
    for name, tensor in saved["weights"].items():
        values = tensor.float().numpy()
        if values.ndim == 2:
            kind = gguf.GGMLQuantizationType.Q8_0
            writer.add_tensor(name, quantize(values, kind), raw_dtype=kind)
        else:
            writer.add_tensor(name, values)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: export.py CHECKPOINT OUT.gguf")
    main(*sys.argv[1:])
