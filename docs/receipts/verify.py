#!/usr/bin/env python3
"""Verifies a receipt of Solebox: verify.py RECEIPT [FINGERPRINT]. Standard library alone.

With FINGERPRINT, which 'solebox box key' shows, also that it is that box's. A receipt may stand alone or as the
member "receipt" of an answer. Exit codes: 0 valid, 1 not. docs/receipts/README.md says what is signed.
"""

import hashlib
import json
import re
import sys

# Ed25519 as RFC 8032, 5.1, has it.
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


def recover_x(y, sign):
    """The x of a point of the curve, or None."""
    if y >= P:
        return None
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P != 0:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - x2) % P != 0 or (x == 0 and sign):
        return None
    return P - x if x & 1 != sign else x


def point(data):
    """A point in extended coordinates, or None."""
    y = int.from_bytes(data, "little")
    x = recover_x(y & (1 << 255) - 1, y >> 255)
    y &= (1 << 255) - 1
    return None if x is None else (x, y, 1, x * y % P)


def add(p, q):
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(s, p):
    q = (0, 1, 1, 0)
    while s > 0:
        q = add(q, p) if s & 1 else q
        p, s = add(p, p), s >> 1
    return q


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE = point(BASE_Y.to_bytes(32, "little"))


def signed_by(key, message, signature):
    a, r, s = point(key), point(signature[:32]), int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= L:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % L
    left, right = times(s, BASE), add(r, times(h, a))
    return all((left[i] * right[2] - right[i] * left[2]) % P == 0 for i in (0, 1))


def once(pairs):
    if len({name for name, _ in pairs}) != len(pairs):
        raise ValueError("a member is there twice")
    return dict(pairs)


def hexadecimal(text, count):
    if not isinstance(text, str) or not re.fullmatch("[0-9a-f]{%d}" % (2 * count), text):
        raise ValueError("there are no %d hexadecimal digits where they belong" % (2 * count))
    return bytes.fromhex(text)


def canonical(value):
    """RFC 8785 of what receipts have: no fractions, names in ASCII."""
    if isinstance(value, dict):
        if not all(name.isascii() for name in value):
            raise ValueError("a name is not ASCII")
        return "{" + ",".join(canonical(n) + ":" + canonical(value[n]) for n in sorted(value)) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    if not isinstance(value, (str, int)) or (isinstance(value, int) and abs(value) >= 2**53):
        raise ValueError("a value is none that receipts have")
    return json.dumps(value, ensure_ascii=False)


def verify(receipt):
    """Raises ValueError, or returns the fingerprint of the key that has signed it."""
    if receipt.get("type") != "solebox-receipt" or receipt.get("version") != 1:
        raise ValueError("this is no receipt of version 1")
    if "salt" in receipt and hashlib.sha256(hexadecimal(receipt["salt"], 32)).hexdigest() != receipt["salt_digest"]:
        raise ValueError("the salt is not the one that it was signed with")
    key = hexadecimal(receipt["box"]["public_key"], 32)
    fingerprint = hashlib.sha256(bytes.fromhex("302a300506032b6570032100") + key).hexdigest()
    if receipt["box"]["fingerprint"] != fingerprint:
        raise ValueError("the fingerprint is not that of the key")
    signed = {name: receipt[name] for name in receipt if name not in ("salt", "signature")}
    message = b"solebox-receipt-1\n" + canonical(signed).encode()
    if not signed_by(key, message, hexadecimal(receipt.get("signature"), 64)):
        raise ValueError("it was changed since it was signed")
    return fingerprint


def main(path, *wanted):
    try:
        with open(path, "rb") as file:
            value = json.loads(file.read().decode(), object_pairs_hook=once)
        fingerprint = verify(value["receipt"] if "receipt" in value and "signature" not in value else value)
        if wanted and wanted[0] != fingerprint:
            raise ValueError("the key %s has signed it" % fingerprint)
        print("valid: signed by " + fingerprint)
        return 0
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        print("not valid: %s" % error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]) if len(sys.argv) > 1 else __doc__)
