package io.solebox.engine.constrain;

import io.solebox.engine.constrain.TokenTrie.Token;
import io.solebox.engine.constrain.match.CharacterKinds;
import io.solebox.engine.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The tokens of a model by their bytes. Immutable; safe for many threads. */
final class Vocabulary {
  /**
   * Longer tokens, mostly runs of one sign, are looked at by themselves: counters that no other
   * token brings to an end are then alike sooner.
   */
  private static final int LONG = 24;

  private static final int MAX_BYTES = 255;

  private final Tokenizer tokenizer;
  private final List<Part> parts;
  private final long[] ends;

  /**
   * Tokens with the same kinds of characters.
   *
   * @param kinds of {@link CharacterKinds}
   */
  record Part(int kinds, TokenTrie trie) {
    /** Whether all characters of such kinds may be treated alike. */
    boolean isPlain() {
      return (kinds & CharacterKinds.OTHER) == 0;
    }
  }

  private record Group(int kinds, boolean isLong) {}

  private Vocabulary(Tokenizer tokenizer, List<Part> parts) {
    this.tokenizer = tokenizer;
    this.parts = parts;
    this.ends = new long[(tokenizer.vocabSize() + 63) / 64];
    tokenizer.endOfGeneration().forEach(id -> ends[id >>> 6] |= 1L << id);
  }

  static Vocabulary of(Tokenizer tokenizer) {
    Map<Group, List<Token>> groups = new LinkedHashMap<>();
    for (int id = 0; id < tokenizer.vocabSize(); id++) {
      if (isText(tokenizer, id)) {
        Token token = new Token(id, tokenizer.tokenBytes(id));
        int length = token.bytes().length;
        if (length > 0 && length <= MAX_BYTES) {
          groups.computeIfAbsent(group(token), _ -> new ArrayList<>()).add(token);
        }
      }
    }
    List<Part> parts = new ArrayList<>();
    int vocab = tokenizer.vocabSize();
    groups.forEach(
        (group, tokens) -> parts.add(new Part(group.kinds, TokenTrie.of(tokens, vocab))));
    return new Vocabulary(tokenizer, List.copyOf(parts));
  }

  private static Group group(Token token) {
    int kinds = CharacterKinds.of(token.bytes());
    int kept = (kinds & CharacterKinds.OTHER) != 0 ? CharacterKinds.OTHER : kinds;
    return new Group(kept, token.bytes().length > LONG);
  }

  private static boolean isText(Tokenizer tokenizer, int id) {
    return !tokenizer.isSpecial(id)
        && !tokenizer.isUnused(id)
        && !tokenizer.endOfGeneration().contains(id);
  }

  List<Part> parts() {
    return parts;
  }

  int size() {
    return tokenizer.vocabSize();
  }

  /** Mask of the ids that end an answer, not to be changed. */
  long[] ends() {
    return ends;
  }

  boolean ends(int id) {
    return (ends[id >>> 6] & 1L << id) != 0;
  }

  /** Whether an id stands for its bytes. */
  boolean isText(int id) {
    return isText(tokenizer, id);
  }

  byte[] bytes(int id) {
    return tokenizer.tokenBytes(id);
  }
}
