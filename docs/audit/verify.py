#!/usr/bin/env python3
"""Verifies an export of Solebox's audit log: verify.py FILE [FINGERPRINT] [SEQ:DIGEST]. Standard library alone.

FINGERPRINT is what 'solebox box key' shows, SEQ:DIGEST a head that 'solebox audit verify' has printed; both are to be
found then. Exit codes: 0 sound, 1 not. README.md says what is signed.
"""

import base64, hashlib, json, sys

def need(holds, what):
    if not holds:
        raise ValueError(what)


# Ed25519 as RFC 8032, 5.1, has it.
P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
SPKI = bytes.fromhex("302a300506032b6570032100")  # before the 32 bytes of a public key


def point(data):
    """A point of the curve, or None."""
    sign, y = data[31] >> 7, int.from_bytes(data, "little") & (1 << 255) - 1
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(x2, (P + 3) // 8, P)
    x = x if (x * x - x2) % P == 0 else x * pow(2, (P - 1) // 4, P) % P
    bad = y >= P or (x * x - x2) % P != 0 or (x == 0 and sign)
    return None if bad else ((x if x & 1 == sign else P - x), y)


def add(p, q):
    t = D * p[0] * q[0] * p[1] * q[1] % P
    u = pow(1 - t * t, -1, P)
    return (p[0] * q[1] + p[1] * q[0]) * (1 - t) * u % P, (p[1] * q[1] + p[0] * q[0]) * (1 + t) * u % P


def times(s, p):
    q = (0, 1)
    while s > 0:
        q, p, s = add(q, p) if s & 1 else q, add(p, p), s >> 1
    return q


def signed_by(key, message, signature):
    a, r, s = point(key), point(signature[:32]), int.from_bytes(signature[32:], "little")
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % L
    base = point((4 * pow(5, -1, P) % P).to_bytes(32, "little"))
    return len(signature) == 64 and s < L and None not in (a, r) and times(s, base) == add(r, times(h, a))


def fields(*parts):
    """Each part as its length (4 bytes, big-endian) and its bytes; texts as UTF-8, whole numbers in decimal."""
    made = [{bytes: bytes, str: str.encode, int: b"%d".__mod__}[type(part)](part) for part in parts]
    return b"".join(len(part).to_bytes(4, "big") + part for part in made)


def entries(rows):
    digests, at = [bytes(32).hex()], 0  # by the numbers of entries
    for seq, row in enumerate(rows, 1):
        told = [text for pair in sorted(row["details"].items()) for text in pair]
        texts = [row["action"], row["actor"], row["subject"]]
        need(row["seq"] == seq and type("".join(texts + told)) is str, "entry %d is missing" % seq)
        made = fields("solebox.audit.1", seq, row["at"], *texts, len(told) // 2, *told, bytes.fromhex(digests[-1]))
        need(row["digest"] == hashlib.sha256(made).hexdigest() and row["at"] >= at, "entry %d was changed" % seq)
        digests[seq:], at = [row["digest"]], row["at"]
    return digests


def verify(lines, *wanted):
    first, *rows = [json.loads(line) for line in lines]
    need(first.get("solebox_audit") == 1, "this is no audit log of version 1")
    spki = base64.b64decode("".join(line for line in first["key"].splitlines() if "-" not in line))
    need(len(spki) == 44 and spki.startswith(SPKI), "the key is none of Ed25519")
    fingerprint, heads = hashlib.sha256(spki).hexdigest(), [row for row in rows if "head" in row]
    digests = entries(rows[len(heads) :])
    for n, head in enumerate(heads, 1):
        need(rows[n - 1] is head and head["head"] == n and head["seq"] > 0, "head %d is missing" % n)
        need(digests[head["seq"]] == head["digest"], "head %d covers another entry" % n)
        made = fields("solebox.audit.head.1", n, head["seq"], head["at"], bytes.fromhex(head["digest"]))
        need(head["key"] == fingerprint, "head %d was signed with another key" % n)
        need(signed_by(spki[12:], made, bytes.fromhex(head["signature"])), "head %d is not signed" % n)
    need(heads and heads[-1]["seq"] == len(digests) - 1, "the end is not signed: something may be cut off")
    for each in wanted:
        seq, _, digest = each.partition(":")
        need(digests[int(seq)] == digest if digest else each == fingerprint, each + " is not there")
    return "%d entries, signed by %s" % (len(digests) - 1, fingerprint)


def main(path, *wanted):
    try:
        with open(path, encoding="utf-8", newline="\n") as file:
            print("sound: " + verify(file.read().rstrip("\n").split("\n"), *wanted))
        return 0
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
        print("not sound: %s" % error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]) if len(sys.argv) > 1 else __doc__)
