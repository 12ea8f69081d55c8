package io.solebox.engine.constrain;

import io.solebox.engine.backend.TokenMask;
import io.solebox.engine.constrain.match.Machine;
import io.solebox.engine.constrain.match.MatchState;
import io.solebox.engine.generation.TokenConstraint;
import java.util.concurrent.locks.ReentrantLock;

/** Holds one answer to a grammar. Owned by the engine loop. */
final class GrammarConstraint implements TokenConstraint {
  private final Vocabulary vocabulary;

  /** Guards the masks, which other answers and other models' loops may use. */
  private final ReentrantLock lock;

  private final Masks masks;
  private MatchState state;

  GrammarConstraint(Vocabulary vocabulary, ReentrantLock lock, Masks masks, MatchState state) {
    this.vocabulary = vocabulary;
    this.lock = lock;
    this.masks = masks;
    this.state = state;
  }

  @Override
  public TokenMask allowed() {
    lock.lock();
    try {
      return masks.mask(state);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void said(int id) {
    state = behind(id);
  }

  @Override
  public boolean admits(int id) {
    return vocabulary.ends(id) ? state.isComplete() : !behind(id).isDead();
  }

  @Override
  public TokenConstraint fork() {
    return new GrammarConstraint(vocabulary, lock, masks, state);
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
