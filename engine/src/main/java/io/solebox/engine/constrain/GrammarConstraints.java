package io.solebox.engine.constrain;

import io.solebox.engine.constrain.match.Machine;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.generation.TokenConstraint;
import io.solebox.engine.tokenizer.Tokenizer;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * Holds answers of one model to grammars. What is found for one answer is kept for others with the
 * same grammar. Safe for many threads.
 */
public final class GrammarConstraints {
  /** What the machines of all grammars remember, as {@link Machine#size} counts it. */
  private static final int MAX_REMEMBERED = 400_000;

  private final Vocabulary vocabulary;
  private final MaskCache cache = new MaskCache();

  /** Guarded by itself. */
  private final Map<CompiledGrammar, Masks> masks = new WeakHashMap<>();

  /** Reads the whole vocabulary: a tenth of a second for a large one. */
  public GrammarConstraints(Tokenizer tokenizer) {
    this.vocabulary = Vocabulary.of(tokenizer);
  }

  /**
   * A constraint for one answer. Ids that end an answer are allowed where a text of the grammar may
   * end, and other special tokens only where the grammar names them. What may come first is found
   * here already, by whoever asks; only answers with the same grammar wait meanwhile.
   *
   * @throws SoleboxException {@code BAD_GRAMMAR} where the very beginning can be read in too many
   *     ways
   */
  public TokenConstraint begin(CompiledGrammar grammar) {
    Masks own = masks(grammar);
    return new GrammarConstraint(vocabulary, own, own.start());
  }

  private Masks masks(CompiledGrammar grammar) {
    synchronized (masks) {
      // Answers that run keep what they have.
      if (masks.values().stream().mapToInt(Masks::remembered).sum() > MAX_REMEMBERED) {
        masks.clear();
      }
      return masks.computeIfAbsent(
          grammar, g -> new Masks(vocabulary, cache, new Machine(g.network())));
    }
  }
}
