package io.solebox.engine.sample;

import io.solebox.engine.backend.LogitEdit;
import io.solebox.engine.backend.Outputs;
import io.solebox.engine.backend.RowPicker;
import io.solebox.engine.backend.RowRequest;
import io.solebox.engine.backend.TokenMask;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.generation.Generation;
import io.solebox.engine.generation.SamplingParams;
import io.solebox.engine.generation.TokenConstraint;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Chooses the tokens of one answer. Says beforehand what it needs of a row ({@link #request}), so
 * that no more leaves the backend, and most of the work is done there; then chooses from it ({@link
 * #choose}). Its state (seed, what was said) is its own, so an answer does not depend on what else
 * is in the batch, nor on preemptions.
 *
 * <p>A sampler stands at one place of the answer until {@link #said} moves it on; {@link #after} is
 * another one, a guessed id further. What is chosen at a place hangs on the row and on what was
 * said before, not on who guessed what: each place has a random number of its own.
 */
public final class Sampler {
  /** Up to this many candidates a backend sorts out itself; more are taken from all logits. */
  public static final int MAX_CANDIDATES = 256;

  /** What was chosen. */
  public record Choice(int id, Optional<Generation.Logprobs> logprobs) {}

  /** How it goes about it, which never changes. */
  private enum Way {
    /** The best. */
    GREEDY,
    /** From the k best. */
    TOP_K,
    /** From the likeliest, which are hardly ever more than {@link #MAX_CANDIDATES}. */
    NUCLEUS,
    /** From all, by the backend. */
    DRAW,
    /** From all, here. */
    WHOLE_ROW
  }

  private final SamplingParams params;
  private final int vocab;
  private final Optional<TokenConstraint> constraint;
  private final Penalties penalties;
  private final Draws draws;
  private final Candidates candidates; // shared by forks: nothing stays in it
  private final Way way;
  private int said;
  private Optional<TokenMask> mask = Optional.empty(); // of this place, once somebody asked

  /**
   * @param prompt the ids before the answer; repetition counts over both
   * @param vocab V
   * @param drawnSeed used when the parameters have none
   */
  public Sampler(
      SamplingParams params,
      Optional<TokenConstraint> constraint,
      int[] prompt,
      int vocab,
      long drawnSeed) {
    this.params = params;
    this.vocab = vocab;
    this.constraint = constraint;
    this.penalties = new Penalties(params, prompt);
    this.draws = new Draws(params.seed().orElse(drawnSeed));
    this.candidates = new Candidates();
    this.way = params.logprobs().isPresent() ? Way.WHOLE_ROW : way(params);
  }

  private Sampler(Sampler other) {
    params = other.params;
    vocab = other.vocab;
    constraint = other.constraint.map(TokenConstraint::fork);
    penalties = other.penalties.fork();
    draws = other.draws;
    candidates = other.candidates;
    way = other.way;
    said = other.said;
  }

  /** The sampler of the next place if {@code id} is said here; this one stays where it is. */
  public Sampler after(int id) {
    var next = new Sampler(this);
    next.said(id);
    return next;
  }

  /** Moves on to the next place. */
  public void said(int id) {
    said++;
    mask = Optional.empty();
    penalties.said(id);
    constraint.ifPresent(c -> c.said(id));
  }

  /** Whether {@code id} may be said here, as far as a constraint and the vocabulary go. */
  public boolean admits(int id) {
    return id < vocab && constraint.stream().allMatch(c -> c.admits(id));
  }

  /**
   * The only id that may be said here, where nobody has to look at a row for it. One that is banned
   * has to be looked for in a row, which says that there is none.
   */
  public OptionalInt forced() {
    OptionalInt only =
        params.logprobs().isPresent()
            ? OptionalInt.empty()
            : constraint.map(TokenConstraint::forced).orElse(OptionalInt.empty());
    return only.isPresent() && penalties.bans(only.getAsInt()) ? OptionalInt.empty() : only;
  }

  private static Way way(SamplingParams p) {
    if (p.isGreedy()) {
      return Way.GREEDY;
    }
    if (p.topK() <= MAX_CANDIDATES) {
      return Way.TOP_K;
    }
    if (p.topK() < SamplingParams.ALL || p.typicalP() < 1) {
      return Way.WHOLE_ROW;
    }
    if (p.topP() < 1) {
      return Way.NUCLEUS;
    }
    return p.minP() > 0 ? Way.WHOLE_ROW : Way.DRAW;
  }

  /** What is needed of the row of {@code token}, an index into the batch. */
  public RowRequest request(int token) {
    return request(way, token, vocab, edit());
  }

  private RowRequest request(Way by, int token, int size, LogitEdit edit) {
    return switch (by) {
      case GREEDY -> new RowRequest.Argmax(token, edit);
      case TOP_K -> new RowRequest.TopK(token, Math.min(params.topK(), size), edit);
      case NUCLEUS ->
          new RowRequest.Nucleus(token, Math.min(MAX_CANDIDATES, size), params.topP(), edit);
      case DRAW -> new RowRequest.Draw(token, params.temperature(), draws.at(said), edit);
      case WHOLE_ROW -> new RowRequest.Logits(token);
    };
  }

  private LogitEdit edit() {
    if (mask.isEmpty()) {
      mask = Optional.of(constraint.map(TokenConstraint::allowed).orElse(TokenMask.ALL));
    }
    return new LogitEdit(penalties.bias(), mask.get());
  }

  /**
   * Chooses from slot {@code slot}, which answers the last {@link #request}; {@link #said} is told
   * what came of it.
   *
   * @throws SoleboxException {@code NON_FINITE} or {@code NOTHING_ALLOWED}; of this answer alone
   */
  public Choice choose(Outputs outputs, int slot) {
    outputs.requireFinite(slot, "");
    // Before the edit changes the row.
    Optional<LogprobTable> table =
        params.logprobs().isPresent()
            ? Optional.of(LogprobTable.of(outputs.dense(slot), vocab, params.logprobs().getAsInt()))
            : Optional.empty();
    int id = choose(way, outputs, slot, vocab, edit());
    return new Choice(id, table.map(t -> t.of(id)));
  }

  /**
   * What {@link #guess} needs of a row of another model.
   *
   * @param size of the other model's vocabulary
   */
  public RowRequest guessRequest(int token, int size) {
    return request(way(params), token, size, guessEdit(size));
  }

  /**
   * What would be chosen here if the row of another model were this model's: by the same rules and
   * with the same random number, so that models that agree choose the same id.
   *
   * @param slot answers {@link #guessRequest}
   * @return empty where nothing can be chosen from it that may be said here
   */
  public OptionalInt guess(Outputs outputs, int slot, int size) {
    if (!outputs.isFinite(slot)) {
      return OptionalInt.empty();
    }
    try {
      int id = choose(way(params), outputs, slot, size, guessEdit(size));
      // Of another vocabulary there are ids that no mask of this one knows.
      return size == vocab || admits(id) ? OptionalInt.of(id) : OptionalInt.empty();
    } catch (SoleboxException e) {
      return OptionalInt.empty(); // the answer itself comes to the same end, and says so
    }
  }

  /** Masks and biases are made for the answer's own vocabulary. */
  private LogitEdit guessEdit(int size) {
    return size == vocab ? edit() : edit().ofVocabulary(size);
  }

  private int choose(Way by, Outputs outputs, int slot, int size, LogitEdit edit) {
    return switch (by) {
      case GREEDY, DRAW -> allowed(outputs.candidateIds(slot)[0], outputs.candidateLogits(slot)[0]);
      case TOP_K -> {
        take(outputs, slot);
        yield draw();
      }
      case NUCLEUS -> drawFromNucleus(outputs, slot, size);
      case WHOLE_ROW -> chooseFromAll(outputs.dense(slot), size, edit);
    };
  }

  private int allowed(int candidate, float logit) {
    if (logit == Float.NEGATIVE_INFINITY) {
      throw nothingAllowed();
    }
    return candidate;
  }

  private SoleboxException nothingAllowed() {
    String expected = constraint.map(TokenConstraint::expected).orElse("");
    if (expected.isEmpty()) {
      return new SoleboxException(
          ErrorCode.NOTHING_ALLOWED,
          "logit_bias",
          "All tokens that could come next are banned.",
          "Ban fewer of them.");
    }
    return new SoleboxException(
        ErrorCode.NOTHING_ALLOWED,
        "",
        "No token of the model continues the answer as its grammar or schema asks: expected %s"
            .formatted(expected),
        "Allow other texts there, or ban fewer tokens.");
  }

  private void take(Outputs outputs, int slot) {
    candidates.set(
        outputs.candidateIds(slot), outputs.candidateLogits(slot), outputs.candidateCount(slot));
  }

  private int drawFromNucleus(Outputs outputs, int slot, int size) {
    if (outputs.isWhole(slot)) {
      FullVocabulary.gather(params, outputs.dense(slot), size, candidates);
    } else {
      take(outputs, slot);
      candidates.standFor(outputs.logSumExp(slot));
    }
    return draw();
  }

  private int chooseFromAll(MemorySegment logits, int size, LogitEdit edit) {
    edit.apply(logits, 0, size);
    if (isUnfiltered()) {
      int id = RowPicker.draw(logits, 0, size, params.temperature(), draws.at(said));
      return allowed(id, logits.getAtIndex(ValueLayout.JAVA_FLOAT, id));
    }
    FullVocabulary.gather(params, logits, size, candidates);
    return draw();
  }

  private boolean isUnfiltered() {
    return !params.isGreedy()
        && params.topK() == SamplingParams.ALL
        && params.topP() == 1
        && params.minP() == 0
        && params.typicalP() == 1;
  }

  private int draw() {
    candidates.dropBanned();
    if (candidates.count() == 0) {
      throw nothingAllowed();
    }
    if (params.isGreedy()) {
      return candidates.id(0);
    }
    candidates.truncate(params.topK());
    if (params.typicalP() < 1) {
      candidates.keepTypical(params.typicalP());
    }
    if (params.topP() < 1) {
      candidates.keepTopP(params.topP());
    }
    if (params.minP() > 0) {
      candidates.keepMinP(params.minP());
    }
    return candidates.draw(params.temperature(), draws.at(said));
  }
}
