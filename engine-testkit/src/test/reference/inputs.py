"""Makes inputs/: what the matrices of some models of this folder are multiplied with in llama.cpp.

Sums of squares by column, and counts, in the form of llama.cpp's importance matrices. Its tool for these is in
no package, so this does what tools/imatrix does, from the same callback:

    python inputs.py --libraries LIBRARIES

LIBRARIES is the folder of libllama v0.5.0 (npm's @node-llama-cpp/linux-x64 3.22.1, bins/linux-x64). Needs
numpy 2.4.6 and gguf 0.19.0. Sums are in f64, and rounded once.
"""

from __future__ import annotations

import argparse
import ctypes
import json
from ctypes import POINTER, Structure, c_bool, c_char, c_char_p, c_float, c_int, c_int8, c_int32, c_int64, c_size_t, c_uint32, c_void_p
from pathlib import Path

import gguf
import numpy

HERE = Path(__file__).parent
OUT = HERE.parent / "inputs"
PROMPTS = ("p64", "p300")

# One of each way to multiply: apart, in one tensor, experts with a shared one, shares before the
# experts, gate and up of experts in one tensor, a matrix for each head, recurrent layers.
MODELS = ("ministral3", "glm4", "qwen2moe", "llama4", "gemma4-moe", "deepseek-mla", "falcon-h1")

MUL_MAT_OPS = ("MUL_MAT", "MUL_MAT_ID")
F32 = 0


class Tensor(Structure):
    """ggml_tensor of ggml.h."""


Tensor._fields_ = [
    ("type", c_int),
    ("buffer", c_void_p),
    ("ne", c_int64 * 4),
    ("nb", c_size_t * 4),
    ("op", c_int),
    ("op_params", c_int32 * 16),
    ("flags", c_int32),
    ("src", POINTER(Tensor) * 10),
    ("view_src", c_void_p),
    ("view_offs", c_size_t),
    ("data", c_void_p),
    ("name", c_char * 64),
]

Callback = ctypes.CFUNCTYPE(c_bool, POINTER(Tensor), c_bool, c_void_p)


class ModelParams(Structure):
    """llama_model_params as the package has it; what is unnamed stays as it is by default."""

    _fields_ = [
        ("devices", c_void_p),
        ("overrides", c_void_p),
        ("gpu_layers", c_int32),
        ("split_mode", c_int),
        ("unnamed", c_int32 * 2),
        ("main_gpu", c_int32),
        ("tensor_split", c_void_p),
        ("progress", c_void_p),
        ("progress_data", c_void_p),
        ("kv_overrides", c_void_p),
        ("flags", c_bool * 8),
    ]


class ContextParams(Structure):
    """llama_context_params, likewise."""

    _fields_ = [
        ("n_ctx", c_uint32),
        ("n_batch", c_uint32),
        ("n_ubatch", c_uint32),
        ("n_seq_max", c_uint32),
        ("n_rs_seq", c_uint32),
        ("n_outputs_max", c_uint32),
        ("unnamed", c_uint32),
        ("n_threads", c_int32),
        ("n_threads_batch", c_int32),
        ("ctx_type", c_int),
        ("rope_scaling_type", c_int),
        ("pooling_type", c_int),
        ("attention_type", c_int),
        ("flash_attn_type", c_int),
        ("rope", c_float * 6),
        ("yarn_orig_ctx", c_uint32),
        ("defrag_thold", c_float),
        ("cb_eval", Callback),
        ("cb_eval_data", c_void_p),
        ("type_k", c_int),
        ("type_v", c_int),
        ("abort", c_void_p),
        ("abort_data", c_void_p),
        ("flags", c_bool * 6),
        ("samplers", c_void_p),
        ("n_samplers", c_size_t),
    ]


class Batch(Structure):
    _fields_ = [
        ("n_tokens", c_int32),
        ("token", POINTER(c_int32)),
        ("embd", c_void_p),
        ("pos", POINTER(c_int32)),
        ("n_seq_id", POINTER(c_int32)),
        ("seq_id", POINTER(POINTER(c_int32))),
        ("logits", POINTER(c_int8)),
    ]


def values(tensor: Tensor, dtype: type) -> numpy.ndarray:
    """The elements [ne3, ne2, ne1, ne0], wherever they lie."""
    shape = tuple(tensor.ne)
    size = sum((n - 1) * b for n, b in zip(shape, tensor.nb)) + numpy.dtype(dtype).itemsize
    raw = numpy.frombuffer((ctypes.c_ubyte * size).from_address(tensor.data), dtype=numpy.uint8)
    return numpy.ndarray(shape[::-1], dtype, raw.tobytes(), strides=tuple(tensor.nb)[::-1]).copy()


class Collector:
    """Sums [matrices, cols] and counts by weight, as tools/imatrix has them."""

    def __init__(self, base: ctypes.CDLL):
        self.op_name = base.ggml_op_name
        self.op_name.restype = c_char_p
        self.sums: dict[str, numpy.ndarray] = {}
        self.counts: dict[str, numpy.ndarray] = {}

    def __call__(self, pointer, ask: bool, _) -> bool:
        tensor = pointer.contents
        op = self.op_name(tensor.op).decode()
        if op not in MUL_MAT_OPS:
            return not ask
        weight, x = tensor.src[0].contents, tensor.src[1].contents
        name = weight.name.decode()
        wanted = op == "MUL_MAT_ID" or (x.ne[1] >= 16 and x.type == F32 and name.startswith("blk."))
        if not ask and wanted:
            if op == "MUL_MAT_ID":
                self.experts(name, weight, x, tensor.src[2].contents)
            else:
                self.dense(name, weight, x)
        return wanted or not ask

    def dense(self, name: str, weight: Tensor, x: Tensor) -> None:
        matrices = weight.ne[2] * weight.ne[3]
        squares = values(x, numpy.float32).astype(numpy.float64) ** 2  # [ne3, ne2, rows, cols]
        sums = self.sums.setdefault(name, numpy.zeros((matrices, x.ne[0])))
        counts = self.counts.setdefault(name, numpy.zeros(1))
        for i3 in range(x.ne[3]):
            for i2 in range(x.ne[2]):
                matrix = (i3 % weight.ne[3]) * weight.ne[2] + i2 % weight.ne[2]
                sums[matrix] += squares[i3, i2].sum(axis=0)
        counts += x.ne[1] * x.ne[2] * x.ne[3] // matrices

    def experts(self, name: str, weight: Tensor, x: Tensor, ids: Tensor) -> None:
        squares = values(x, numpy.float32).astype(numpy.float64)[0] ** 2  # [tokens, 1 or used, cols]
        chosen = values(ids, numpy.int32)[0, 0]  # [tokens, used]
        sums = self.sums.setdefault(name, numpy.zeros((weight.ne[2], x.ne[0])))
        counts = self.counts.setdefault(name, numpy.zeros(weight.ne[2]))
        for token, row in enumerate(chosen):
            for k, expert in enumerate(row):
                sums[expert] += squares[token, k % x.ne[1]]
                counts[expert] += 1

    def write(self, path: Path, chunks: int) -> None:
        writer = gguf.GGUFWriter(path, "", use_temp_file=False)
        writer.add_string("general.type", "imatrix")
        writer.add_array("imatrix.datasets", ["prompts.py"])
        writer.add_uint32("imatrix.chunk_count", chunks)
        for name in sorted(self.sums):
            counts = self.counts[name].astype(numpy.float32).reshape(-1, 1)
            sums = self.sums[name].astype(numpy.float32).reshape(len(counts), -1)
            writer.add_tensor(name + ".in_sum2", sums)
            writer.add_tensor(name + ".counts", counts)
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()


class Llama:
    def __init__(self, libraries: Path):
        self.base = ctypes.CDLL(str(libraries / "libggml-base.so"), ctypes.RTLD_GLOBAL)
        ggml = ctypes.CDLL(str(libraries / "libggml.v0.5.0.so"), ctypes.RTLD_GLOBAL)
        self.lib = ctypes.CDLL(str(libraries / "libllama.v0.5.0.so"), ctypes.RTLD_GLOBAL)
        self.quiet = ctypes.CFUNCTYPE(None, c_int, c_char_p, c_void_p)(lambda *_: None)
        self.lib.llama_log_set(self.quiet, None)
        ggml.ggml_backend_load_all_from_path(str(libraries).encode())
        self.lib.llama_model_default_params.restype = ModelParams
        self.lib.llama_model_load_from_file.restype = c_void_p
        self.lib.llama_model_load_from_file.argtypes = [c_char_p, ModelParams]
        self.lib.llama_context_default_params.restype = ContextParams
        self.lib.llama_init_from_model.restype = c_void_p
        self.lib.llama_init_from_model.argtypes = [c_void_p, ContextParams]
        self.lib.llama_batch_init.restype = Batch
        self.lib.llama_decode.argtypes = [c_void_p, Batch]
        self.lib.llama_get_memory.restype = c_void_p
        self.lib.llama_get_memory.argtypes = [c_void_p]
        self.lib.llama_memory_clear.argtypes = [c_void_p, c_bool]

    def collect(self, file: Path, texts: list[list[int]]) -> Collector:
        params = self.lib.llama_model_default_params()
        params.flags[2] = False  # use_extra_bufts: weights stay as they are
        model = self.lib.llama_model_load_from_file(str(file).encode(), params)
        collector = Collector(self.base)
        callback = Callback(collector)
        cp = self.lib.llama_context_default_params()
        assert (cp.n_ctx, cp.n_batch, cp.n_ubatch, cp.yarn_orig_ctx) == (512, 2048, 512, 0), "another version"
        cp.n_batch = 512
        cp.n_threads = cp.n_threads_batch = 1
        cp.type_k = cp.type_v = F32
        cp.flash_attn_type = 0
        cp.cb_eval = callback
        context = self.lib.llama_init_from_model(model, cp)
        for ids in texts:
            self.lib.llama_memory_clear(self.lib.llama_get_memory(context), True)
            batch = self.lib.llama_batch_init(len(ids), 0, 1)
            batch.n_tokens = len(ids)
            for i, token in enumerate(ids):
                batch.token[i], batch.pos[i], batch.n_seq_id[i], batch.logits[i] = token, i, 1, 1
                batch.seq_id[i][0] = 0
            assert self.lib.llama_decode(context, batch) == 0, file
        return collector


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--libraries", type=Path, required=True)
    llama = Llama(parser.parse_args().libraries.resolve())
    OUT.mkdir(exist_ok=True)
    for name in MODELS:
        prompts = json.loads((HERE / name / "manifest.json").read_text())["prompts"]
        texts = [prompts[p]["ids"] for p in PROMPTS]
        collector = llama.collect(HERE / name / f"{name}-f32.gguf", texts)
        collector.write(OUT / f"{name}.imatrix.gguf", len(texts))
        print(name, len(collector.sums), sum(s.size for s in collector.sums.values()))


if __name__ == "__main__":
    main()
