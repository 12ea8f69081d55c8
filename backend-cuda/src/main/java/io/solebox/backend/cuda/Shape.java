package io.solebox.backend.cuda;

/**
 * How many of everything the kernels of a part compute; a captured graph belongs to one.
 *
 * @param tokens T, padding included
 * @param rows requested rows, padding included
 * @param splits of the longest context, for decode attention
 * @param spans runs of tokens for prefill attention; 0 when the part decodes
 */
record Shape(int tokens, int rows, int splits, int spans) {
  boolean isDecode() {
    return spans == 0;
  }
}
