"""A GGUF file whose model says the same as another one's and is larger: layers that change nothing are added.

A layer adds to its input what attention and feed-forward give; where the last matrices of both are zero, that is nothing.
"""

import struct

SIZES = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}  # of GGUF's kinds of values
STRING, ARRAY, UINT32, F32 = 8, 9, 4, 0
ALIGNMENT = 32
ZERO = ("attn_output.weight", "ffn_down.weight")


class Reader:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, count):
        self.at += count
        return self.data[self.at - count : self.at]

    def number(self, form):
        return struct.unpack("<" + form, self.take(struct.calcsize(form)))[0]

    def string(self):
        return self.take(self.number("Q"))

    def skip(self, kind):
        if kind == STRING:
            self.string()
        elif kind == ARRAY:
            of, count = self.number("I"), self.number("Q")
            for _ in range(count):
                self.skip(of)
        else:
            self.take(SIZES[kind])


def string(text):
    return struct.pack("<Q", len(text)) + text


def padded(size):
    return (size + ALIGNMENT - 1) // ALIGNMENT * ALIGNMENT


def deepen(data, layers):
    """The file with that many layers in all."""
    r = Reader(data)
    magic, _, tensor_count, key_count = r.take(4), r.number("I"), r.number("Q"), r.number("Q")
    assert magic == b"GGUF"
    keys = []
    for _ in range(key_count):
        start, key = r.at, r.string()
        kind = r.number("I")
        value = r.at
        r.skip(kind)
        if key.endswith(b".block_count"):
            assert kind == UINT32
            before = struct.unpack("<I", data[value : r.at])[0]
            keys.append(data[start:value] + struct.pack("<I", layers))
        else:
            keys.append(data[start : r.at])
    infos = []
    for _ in range(tensor_count):
        name, dims = r.string(), r.number("I")
        shape = [r.number("Q") for _ in range(dims)]
        kind, offset = r.number("I"), r.number("Q")
        assert kind == F32
        infos.append((name, shape, offset))
    base = padded(r.at)
    tensors = []
    for name, shape, offset in infos:
        size = 4
        for extent in shape:
            size *= extent
        tensors.append((name, shape, data[base + offset : base + offset + size]))
    first = [(name, shape, content) for name, shape, content in tensors if name.startswith(b"blk.0.")]
    for layer in range(before, layers):
        for name, shape, content in first:
            rest = name[len(b"blk.0.") :]
            zero = rest.decode() in ZERO
            tensors.append((b"blk.%d." % layer + rest, shape, bytes(len(content)) if zero else content))
    out = [b"GGUF", struct.pack("<IQQ", 3, len(tensors), key_count), *keys]
    offset = 0
    for name, shape, content in tensors:
        out.append(string(name) + struct.pack("<I", len(shape)) + struct.pack("<%dQ" % len(shape), *shape))
        out.append(struct.pack("<IQ", F32, offset))
        offset += padded(len(content))
    head = sum(map(len, out))
    out.append(bytes(padded(head) - head))
    for _, _, content in tensors:
        out.append(content + bytes(padded(len(content)) - len(content)))
    return b"".join(out)
