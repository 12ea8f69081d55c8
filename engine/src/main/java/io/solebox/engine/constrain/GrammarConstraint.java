package io.solebox.engine.constrain;

import io.solebox.engine.backend.TokenMask;
import io.solebox.engine.constrain.match.Machine;
import io.solebox.engine.constrain.match.MatchState;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.generation.TokenConstraint;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;

/** Holds one answer to a grammar. Owned by the engine loop. */
final class GrammarConstraint implements TokenConstraint {
  private final Vocabulary vocabulary;

  private final Masks masks;
  private MatchState state;

  /** Ids that must come next, as far as {@link #looked}. */
  private int[] ahead = {};

  /** How many of them are said. */
  private int said;

  private boolean looked;
  private Optional<SoleboxException> trouble = Optional.empty();

  GrammarConstraint(Vocabulary vocabulary, Masks masks, MatchState state) {
    this.vocabulary = vocabulary;
    this.masks = masks;
    this.state = state;
  }

  @Override
  public TokenMask allowed() {
    OptionalInt forced = forced();
    if (forced.isPresent()) {
      return vocabulary.only(forced.getAsInt());
    }
    return locked(() -> masks.mask(state), vocabulary.none());
  }

  /**
   * A text of which no byte can be another is said in the tokens that the tokenizer makes of it: of
   * all the ways to say it, the one that the model has learned.
   */
  @Override
  public OptionalInt forced() {
    if (!looked) {
      ahead = locked(() -> ForcedText.behind(masks.machine(), state).ids(vocabulary), new int[0]);
      said = 0;
      looked = true;
    }
    return said < ahead.length ? OptionalInt.of(ahead[said]) : OptionalInt.empty();
  }

  @Override
  public String expected() {
    String reason =
        trouble.map(e -> "nothing, as it cannot be followed. " + e.explanation()).orElse("");
    return reason.isEmpty() ? locked(() -> masks.machine().expected(state), "nothing") : reason;
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
    GrammarConstraint fork = new GrammarConstraint(vocabulary, masks, state);
    fork.ahead = ahead;
    fork.said = said;
    fork.looked = looked;
    fork.trouble = trouble;
    return fork;
  }

  /** An id that ends the answer leads to where nothing may follow. */
  private MatchState behind(int id) {
    return locked(() -> read(id), masks.machine().dead());
  }

  private MatchState read(int id) {
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
  }

  /** A grammar that cannot be followed any further allows nothing: other answers go on. */
  private <T> T locked(Supplier<T> work, T inTrouble) {
    if (trouble.isPresent()) {
      return inTrouble;
    }
    try {
      return masks.locked(work);
    } catch (SoleboxException e) {
      trouble = Optional.of(e);
      return inTrouble;
    }
  }
}
