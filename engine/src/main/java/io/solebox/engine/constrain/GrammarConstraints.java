package io.solebox.engine.constrain;

import io.solebox.engine.constrain.match.Machine;
import io.solebox.engine.constrain.match.MatchState;
import io.solebox.engine.generation.TokenConstraint;
import io.solebox.engine.tokenizer.Tokenizer;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Holds answers of one model to grammars. What is found for one answer is kept for others with the
 * same grammar. Safe for many threads.
 */
public final class GrammarConstraints {
  private final Vocabulary vocabulary;

  /** Guards what follows, and the masks of all grammars. */
  private final ReentrantLock lock = new ReentrantLock();

  private final MaskCache cache = new MaskCache();
  private final Map<CompiledGrammar, Masks> masks = new WeakHashMap<>();

  /** Reads the whole vocabulary: a tenth of a second for a large one. */
  public GrammarConstraints(Tokenizer tokenizer) {
    this.vocabulary = Vocabulary.of(tokenizer);
  }

  /**
   * A constraint for one answer. Ids that end an answer are allowed where a text of the grammar may
   * end, and other special tokens only where the grammar names them.
   */
  public TokenConstraint begin(CompiledGrammar grammar) {
    lock.lock();
    try {
      Masks own =
          masks.computeIfAbsent(
              grammar, g -> new Masks(vocabulary, cache, new Machine(g.network())));
      MatchState start = own.machine().start();
      own.mask(start);
      return new GrammarConstraint(vocabulary, lock, own, start);
    } finally {
      lock.unlock();
    }
  }
}
