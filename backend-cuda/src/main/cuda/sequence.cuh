// Tokens of sequences: those of one stand together at consecutive positions; padding has position -1.
#pragma once
#include "solebox.cuh"

/* Whether token `other` belongs to the sequence of `token`, `distance` positions after it. */
DEVICE bool follows(const i32* positions, const i32* sequence_of, int token, int other, int distance) {
  return sequence_of[other] == sequence_of[token] && positions[other] == positions[token] + distance;
}
