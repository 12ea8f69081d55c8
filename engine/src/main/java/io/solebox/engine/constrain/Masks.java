package io.solebox.engine.constrain;

import io.solebox.engine.backend.TokenMask;
import io.solebox.engine.constrain.match.CharacterKinds;
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

  /** Under nodes with no more than that each token is looked at. */
  private static final int FEW_NODES = 16;

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
    for (TokenTrie trie : vocabulary.tries()) {
      addTexts(trie, state, words);
    }
    addTokens(state, words);
    TokenMask mask = new TokenMask(words);
    cache.put(this, state, mask);
    return mask;
  }

  private void addTexts(TokenTrie trie, MatchState state, long[] words) {
    if (state.numPlaces() > MANY_PLACES) {
      walk(trie, state, words, Optional.empty());
      return;
    }
    for (int i = 0; i < state.numPlaces(); i++) {
      Upper upper = machine.upper(state, i, trie.maxDepth());
      PartMask mask = mask(trie, upper.state());
      mask.addTo(words);
      if (mask.escapes().length > 0) {
        MatchState beyond = machine.state(upper.rest());
        for (int node : mask.escapes()) {
          walk(trie, node, beyond, words, Optional.empty());
        }
      }
    }
  }

  private PartMask mask(TokenTrie trie, MatchState upper) {
    Optional<PartMask> known = cache.part(trie, upper);
    if (known.isPresent()) {
      return known.get();
    }
    long[] words = new long[vocabulary.ends().length];
    Escapes escapes = new Escapes();
    walk(trie, upper, words, Optional.of(escapes));
    PartMask mask = PartMask.of(words, escapes.nodes());
    cache.put(trie, upper, mask);
    return mask;
  }

  /** Sets the bits of all tokens that may follow. */
  private void walk(TokenTrie trie, MatchState start, long[] words, Optional<Escapes> escapes) {
    for (TokenTree tree : trie.trees()) {
      OptionalInt any =
          tree.isPlain()
              ? machine.anyOf(start, tree.kinds(), tree.characters())
              : OptionalInt.empty();
      if (any.isPresent()) {
        tree.setUpTo(any.getAsInt(), words);
      } else {
        walk(trie, tree.root(), start, words, escapes);
      }
    }
  }

  /**
   * Sets the bits of all tokens under a node that may follow.
   *
   * @param start the state at that node
   * @param escapes takes the nodes where the text of a state's upper part may be complete, but
   *     those under which all tokens may follow without that
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
      } else if (takesAll(trie, node, state)) {
        trie.setAll(node, words);
        node = trie.end(node);
      } else {
        path[depth] = state;
        trie.setTokens(node, words);
        if (state.isComplete() && escapes.isPresent() && trie.hasChildren(node)) {
          escapes.get().add(node);
        }
        node++;
      }
    }
  }

  /** Whether all tokens under a node may follow, as far as that is worth a look. */
  private boolean takesAll(TokenTrie trie, int node, MatchState state) {
    int kinds = trie.kinds(node);
    return (kinds & CharacterKinds.OTHER) == 0
        && trie.end(node) - node > FEW_NODES
        && machine
            .anyOf(state, kinds, trie.characters(node))
            .equals(OptionalInt.of(trie.characters(node)));
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
