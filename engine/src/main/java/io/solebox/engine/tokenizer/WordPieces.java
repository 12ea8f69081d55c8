package io.solebox.engine.tokenizer;

/**
 * Words from the longest pieces, from the left (WordPiece; google-research/bert: tokenization.py).
 * A word that does not come out even is one unknown token.
 */
record WordPieces(Trie first, Trie further, int unknown) {
  /** Appends the tokens of a word. */
  void encode(byte[] word, int from, int to, IntList out) {
    int before = out.size();
    Trie trie = first;
    for (int at = from; at < to; ) {
      int node = Trie.ROOT;
      int token = Trie.NONE;
      int end = at;
      for (int i = at; i < to && node != Trie.NONE; i++) {
        node = trie.next(node, word[i]);
        if (node != Trie.NONE && trie.token(node) != Trie.NONE) {
          token = trie.token(node);
          end = i + 1;
        }
      }
      if (token == Trie.NONE) {
        out.truncate(before);
        out.add(unknown);
        return;
      }
      out.add(token);
      at = end;
      trie = further;
    }
  }
}
