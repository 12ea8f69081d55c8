package io.solebox.engine.constrain;

import io.solebox.engine.backend.TokenMask;
import io.solebox.engine.constrain.Vocabulary.Part;
import io.solebox.engine.constrain.match.Machine;
import io.solebox.engine.constrain.match.Machine.Upper;
import io.solebox.engine.constrain.match.MatchState;
import io.solebox.engine.error.SoleboxException;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Which tokens of a vocabulary may follow in the states of one grammar. Used by one thread at a
 * time, which holds its lock.
 *
 * <p>What tokens may be inside of one rule is found once for all places that the rule is used at,
 * as in XGrammar (Y. Dong et al., 2024); only those that reach beyond the rule are looked at where
 * it is used. Where all characters of some kinds are alike, tokens of such characters are taken by
 * their length.
 */
final class Masks {
  /** A state with more places than that is looked at as it is. */
  private static final int MANY_PLACES = 8;

  private final Vocabulary vocabulary;
  private final MaskCache cache;
  private final Machine machine;
  private final MatchState[] path = new MatchState[256];

  /** Guards the machine, which answers of several models' loops may use. */
  private final ReentrantLock lock = new ReentrantLock();

  private boolean warm; // guarded by the lock

  /** Why nothing can begin, once somebody tried. */
  private Optional<SoleboxException> failure = Optional.empty();

  Masks(Vocabulary vocabulary, MaskCache cache, Machine machine) {
    this.vocabulary = vocabulary;
    this.cache = cache;
    this.machine = machine;
  }

  Machine machine() {
    return machine;
  }

  /**
   * Before the first token.
   *
   * @throws SoleboxException {@code BAD_GRAMMAR}
   */
  MatchState start() {
    lock.lock();
    try {
      if (failure.isPresent()) {
        throw failure.get();
      }
      machine.renewWork();
      MatchState start = machine.start();
      mask(start);
      if (!warm) {
        warm = true;
        WarmUp.from(this, start, WarmUp.USUAL);
      }
      return start;
    } catch (SoleboxException e) {
      failure = Optional.of(e);
      throw e;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Does something with the machine, of which there may be only so much.
   *
   * @throws SoleboxException {@code BAD_GRAMMAR}
   */
  <T> T locked(Supplier<T> work) {
    lock.lock();
    try {
      machine.renewWork();
      return work.get();
    } finally {
      lock.unlock();
    }
  }

  /** As of some moment, for a bound that need not be exact. */
  int remembered() {
    return machine.size();
  }

  /** Called with the lock. */
  TokenMask mask(MatchState state) {
    Optional<TokenMask> known = cache.whole(this, state);
    if (known.isPresent()) {
      return known.get();
    }
    long[] words = new long[vocabulary.ends().length];
    for (Part part : vocabulary.parts()) {
      addTexts(part, state, words);
    }
    addTokens(state, words);
    TokenMask mask = new TokenMask(words);
    cache.put(this, state, mask);
    return mask;
  }

  private void addTexts(Part part, MatchState state, long[] words) {
    TokenTrie trie = part.trie();
    if (state.numPlaces() > MANY_PLACES) {
      walk(trie, 0, state, words, Optional.empty());
      return;
    }
    for (int i = 0; i < state.numPlaces(); i++) {
      Upper upper = machine.upper(state, i, trie.maxDepth());
      PartMask mask = mask(part, upper.state());
      mask.addTo(words);
      if (mask.escapes().length > 0) {
        MatchState beyond = machine.state(upper.rest());
        for (int node : mask.escapes()) {
          walk(trie, node, beyond, words, Optional.empty());
        }
      }
    }
  }

  private PartMask mask(Part part, MatchState upper) {
    TokenTrie trie = part.trie();
    Optional<PartMask> known = cache.part(trie, upper);
    if (known.isPresent()) {
      return known.get();
    }
    OptionalInt any =
        part.isPlain() ? machine.anyOf(upper, part.kinds(), trie.maxDepth()) : OptionalInt.empty();
    PartMask mask = any.isPresent() ? trie.upTo(any.getAsInt()) : walk(trie, upper);
    cache.put(trie, upper, mask);
    return mask;
  }

  private PartMask walk(TokenTrie trie, MatchState upper) {
    long[] words = new long[vocabulary.ends().length];
    Escapes escapes = new Escapes();
    walk(trie, 0, upper, words, Optional.of(escapes));
    return PartMask.of(words, escapes.nodes());
  }

  /**
   * Sets the bits of all tokens under a node that may follow.
   *
   * @param start the state at that node
   * @param escapes takes the nodes where the text of a state's upper part may be complete
   */
  private void walk(
      TokenTrie trie, int from, MatchState start, long[] words, Optional<Escapes> escapes) {
    if (start.isOver()) {
      return;
    }
    path[trie.depth(from)] = start;
    int end = trie.end(from);
    for (int node = from + 1; node < end; ) {
      int depth = trie.depth(node);
      MatchState state = machine.next(path[depth - 1], trie.label(node));
      if (state.isDead()) {
        node = trie.end(node);
        continue;
      }
      path[depth] = state;
      trie.setTokens(node, words);
      if (state.isComplete() && escapes.isPresent() && trie.hasChildren(node)) {
        escapes.get().add(node);
      }
      node++;
    }
  }

  private void addTokens(MatchState state, long[] words) {
    if (state.isComplete()) {
      for (int i = 0; i < words.length; i++) {
        words[i] |= vocabulary.ends()[i];
      }
    }
    if (state.saysTokens()) {
      for (int id = 0; id < vocabulary.size(); id++) {
        if (!vocabulary.ends(id) && state.says(id)) {
          words[id >>> 6] |= 1L << id;
        }
      }
    }
  }

  /** Grows. */
  private static final class Escapes {
    private int[] nodes = new int[64];
    private int size;

    void add(int node) {
      if (size == nodes.length) {
        nodes = Arrays.copyOf(nodes, 2 * size);
      }
      nodes[size++] = node;
    }

    int[] nodes() {
      return Arrays.copyOf(nodes, size);
    }
  }
}
