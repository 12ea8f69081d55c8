package io.solebox.engine.constrain;

import io.solebox.engine.backend.TokenMask;
import io.solebox.engine.constrain.match.Machine;
import io.solebox.engine.constrain.match.MatchState;
import io.solebox.engine.generation.TokenConstraint;
import java.util.OptionalInt;
import java.util.concurrent.locks.ReentrantLock;

/** Holds one answer to a grammar. Owned by the engine loop. */
final class GrammarConstraint implements TokenConstraint {
  private final Vocabulary vocabulary;

  /** Guards the masks, which other answers and other models' loops may use. */
  private final ReentrantLock lock;

  private final Masks masks;
  private MatchState state;

  /** Ids that must come next, as far as {@link #looked}. */
  private int[] ahead = {};

  /** How many of them are said. */
  private int said;

  private boolean looked;

  GrammarConstraint(Vocabulary vocabulary, ReentrantLock lock, Masks masks, MatchState state) {
    this.vocabulary = vocabulary;
    this.lock = lock;
    this.masks = masks;
    this.state = state;
  }

  @Override
  public TokenMask allowed() {
    OptionalInt forced = forced();
    if (forced.isPresent()) {
      return vocabulary.only(forced.getAsInt());
    }
    lock.lock();
    try {
      return masks.mask(state);
    } finally {
      lock.unlock();
    }
  }

  /**
   * A text of which no byte can be another is said in the tokens that the tokenizer makes of it: of
   * all the ways to say it, the one that the model has learned.
   */
  @Override
  public OptionalInt forced() {
    if (!looked) {
      lock.lock();
      try {
        ahead = ForcedText.behind(masks.machine(), state).ids(vocabulary);
      } finally {
        lock.unlock();
      }
      said = 0;
      looked = true;
    }
    return said < ahead.length ? OptionalInt.of(ahead[said]) : OptionalInt.empty();
  }

  @Override
  public String expected() {
    lock.lock();
    try {
      return masks.machine().expected(state);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void said(int id) {
    state = behind(id);
    looked &= said < ahead.length && ahead[said] == id && ++said < ahead.length;
  }

  @Override
  public boolean admits(int id) {
    OptionalInt forced = forced();
    if (forced.isPresent()) {
      return forced.getAsInt() == id;
    }
    return vocabulary.ends(id) ? state.isComplete() : !behind(id).isDead();
  }

  @Override
  public TokenConstraint fork() {
    GrammarConstraint fork = new GrammarConstraint(vocabulary, lock, masks, state);
    fork.ahead = ahead;
    fork.said = said;
    fork.looked = looked;
    return fork;
  }

  /** An id that ends the answer leads to where nothing may follow. */
  private MatchState behind(int id) {
    lock.lock();
    try {
      Machine machine = masks.machine();
      MatchState named = machine.nextToken(state, id);
      if (!vocabulary.isText(id)) {
        return named;
      }
      MatchState read = state;
      for (byte b : vocabulary.bytes(id)) {
        read = machine.next(read, b & 0xff);
      }
      return machine.either(read, named);
    } finally {
      lock.unlock();
    }
  }
}
