#!/usr/bin/env python3
"""Writes frames.tsv: streams of bytes, and what a decoder of the link must find in them.

Written from the table of docs/board.md, and neither from the C nor from the Java decoder: it looks at a whole stream at
once, where they take bytes one by one. The rows "by hand" have what is expected written out; the model must agree.
"""
import pathlib
import random

MAGIC = b"\x53\xb0"
HEADER, CRC, MOST_PAYLOAD = 6, 2, 192


def crc(data):
    """CRC-16/CCITT-FALSE, a bit at a time."""
    value = 0xFFFF
    for byte in data:
        for bit in range(7, -1, -1):
            out = (value >> 15) ^ (byte >> bit & 1)
            value = (value << 1 & 0xFFFF) ^ (0x1021 if out else 0)
    return value


assert crc(b"123456789") == 0x29B1


def frame(kind, sequence, payload=b"", version=1):
    head = MAGIC + bytes([version, kind, sequence, len(payload)]) + payload
    return head + crc(head).to_bytes(2, "little")


def decode(parts):
    """Parts are what comes between two silences; behind the last there is none. Returns frames, bad, skipped, held."""
    frames, bad, skipped, held = [], 0, 0, 0
    for number, part in enumerate(parts):
        quiet = number + 1 < len(parts)
        at = 0
        while at < len(part):
            rest = part[at:]
            if not (rest[:2] == MAGIC or rest == MAGIC[:1]):
                at, skipped = at + 1, skipped + 1
                continue
            length = rest[5] if len(rest) > 5 else None
            end = HEADER + length + CRC if length is not None else None
            begun = length is None or (length <= MOST_PAYLOAD and len(rest) < end)
            if begun and not quiet:
                held = len(rest)
                break
            if not begun and length <= MOST_PAYLOAD and crc(rest[: end - 2]) == int.from_bytes(rest[end - 2 : end], "little"):
                frames.append((rest[2], rest[3], rest[4], rest[6 : end - 2]))
                at += end
                continue
            bad += len(rest) >= 2
            at, skipped = at + 1, skipped + 1
    return frames, bad, skipped, held


STATUS = frame(0x02, 7)
EVENTS = frame(0x03, 8, bytes([1, 0, 0, 0]))
ON = frame(0x12, 9)
INNER = frame(0x82, 3, frame(0x12, 4))  # a frame in a frame's payload
LONG = frame(0x83, 255, bytes(range(192)))

# name, parts, frames as (version, type, sequence, payload), bad, skipped, held
BY_HAND = [
    ("nothing", [b""], [], 0, 0, 0),
    ("one frame", [bytes.fromhex("53b001020100bfb5")], [(1, 2, 1, b"")], 0, 0, 0),
    ("two frames at once", [STATUS + ON], [(1, 2, 7, b""), (1, 0x12, 9, b"")], 0, 0, 0),
    ("the longest frame", [LONG], [(1, 0x83, 255, bytes(range(192)))], 0, 0, 0),
    ("another version", [frame(0x02, 1, b"xy", 9)], [(9, 2, 1, b"xy")], 0, 0, 0),
    ("noise before", [b"\x00\xffhello" + STATUS], [(1, 2, 7, b"")], 0, 7, 0),
    ("noise between", [STATUS + b"\x00\x00" + ON], [(1, 2, 7, b""), (1, 0x12, 9, b"")], 0, 2, 0),
    ("noise behind", [STATUS + b"\r\n"], [(1, 2, 7, b"")], 0, 2, 0),
    ("half a magic is held", [b"\x53"], [], 0, 0, 1),
    ("half a magic and another byte", [b"\x53\x00"], [], 0, 2, 0),
    ("first halves of a magic", [b"\x53\x53\x53" + STATUS], [(1, 2, 7, b"")], 0, 3, 0),
    ("half a magic, then silence", [b"\x53", b""], [], 0, 1, 0),
    ("a header is held", [STATUS[:6]], [], 0, 0, 6),
    ("a cut frame, then silence", [STATUS[:6], b""], [], 1, 6, 0),
    ("a cut frame, silence, a whole one", [STATUS[:5], ON], [(1, 0x12, 9, b"")], 1, 5, 0),
    ("all but the last byte, then a whole one", [STATUS[:7] + ON], [(1, 0x12, 9, b"")], 1, 7, 0),
    ("a cut frame that waits for the next", [EVENTS[:8] + ON], [(1, 0x12, 9, b"")], 1, 8, 0),
    ("a cut long frame holds a whole one", [LONG[:20] + ON], [], 0, 0, 28),
    ("a cut long frame lets it go in silence", [LONG[:20] + ON, b""], [(1, 0x12, 9, b"")], 1, 20, 0),
    ("a cut long frame lets several go", [LONG[:20] + ON + STATUS, b""], [(1, 0x12, 9, b""), (1, 2, 7, b"")], 1, 20, 0),
    ("a length beyond the most", [bytes.fromhex("53b0010201c1") + ON], [(1, 0x12, 9, b"")], 1, 6, 0),
    ("the highest length", [bytes.fromhex("53b0010201ff") + ON], [(1, 0x12, 9, b"")], 1, 6, 0),
    ("a frame in a frame is payload", [INNER], [(1, 0x82, 3, frame(0x12, 4))], 0, 0, 0),
    ("a frame in a frame whose CRC is wrong", [INNER[:-1] + bytes([INNER[-1] ^ 1])], [(1, 0x12, 4, b"")], 1, 8, 0),
    ("a CRC with its bytes the wrong way round", [STATUS[:6] + STATUS[7:] + STATUS[6:7]], [], 1, 8, 0),
    ("a CRC that is all zero", [STATUS[:6] + b"\x00\x00"], [], 1, 8, 0),
    ("an echo of ours", [STATUS + STATUS], [(1, 2, 7, b""), (1, 2, 7, b"")], 0, 0, 0),
    ("a magic in a magic", [b"\x53\x53\xb0" + STATUS[2:]], [(1, 2, 7, b"")], 0, 1, 0),
    ("shifted by four, as SPI does", [b"\x00\x00\x00\x00" + EVENTS + b"\x00\x00"], [(1, 3, 8, bytes([1, 0, 0, 0]))], 0, 6, 0),
    ("nothing but silence", [b"", b"", b""], [], 0, 0, 0),
]


def made(rng):
    """A stream of frames, whole, cut, changed and put together, with noise and silences."""
    parts = [b""]
    for _ in range(rng.randint(1, 6)):
        size = rng.choice([0, 0, 1, 2, 4, 16, 38, 128, 192])
        payload = rng.randbytes(size)
        if rng.random() < 0.2:
            payload = (frame(rng.randrange(256), 1, payload[:20]) + payload)[:192]
        piece = frame(rng.randrange(256), rng.randrange(256), payload, rng.choice([1, 1, 1, 2, 0]))
        deed = rng.random()
        if deed < 0.2:
            piece = piece[: rng.randint(1, len(piece))]
        elif deed < 0.4:
            piece = bytearray(piece)
            piece[rng.randrange(len(piece))] ^= 1 << rng.randrange(8)
            piece = bytes(piece)
        elif deed < 0.5:
            piece = rng.choice([b"\x53", b"\x53\xb0", b"\x53\xb0" * 5, rng.randbytes(9)]) + piece
        elif deed < 0.55:
            piece = piece[rng.randint(1, 4) :]
        parts[-1] += piece
        if rng.random() < 0.25:
            parts.append(b"")
    return parts


def row(name, parts, frames, bad, skipped, held):
    stream = "~".join(part.hex() for part in parts) or "-"
    found = " ".join(f"{v:02x}.{t:02x}.{s:02x}.{p.hex()}" for v, t, s, p in frames) or "-"
    return f"{name}\t{stream}\t{found}\t{len(frames)}\t{bad}\t{skipped}\t{held}\n"


def main():
    rng = random.Random(21)
    lines = [
        "# Written by frames.py. A stream in hexadecimal, with ~ where the line is quiet; the frames in it, as\n",
        "# version.type.sequence.payload; how many frames, bad ones, bytes let go, and bytes held in the end; - is nothing.\n",
        "# name\tstream\tframes\tgood\tbad\tskipped\theld\n",
    ]
    for name, parts, *expected in BY_HAND:
        found = list(decode(parts))
        assert found == list(expected), (name, found, expected)
        lines.append(row(name, parts, *expected))
    for number in range(200):
        parts = made(rng)
        lines.append(row(f"made {number}", parts, *decode(parts)))
    pathlib.Path(__file__).with_name("frames.tsv").write_text("".join(lines))


if __name__ == "__main__":
    main()
