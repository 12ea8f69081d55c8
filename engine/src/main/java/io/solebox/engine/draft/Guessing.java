package io.solebox.engine.draft;

/**
 * Who guesses for a model, and when.
 *
 * @param mostTokens that are guessed for a sequence and step; 0 for none
 */
public record Guessing(Drafter drafter, int mostTokens, When when) {
  /** Nobody guesses. */
  public static final Guessing NONE = new Guessing(Drafter.NONE, 0, When.IT_PAYS);

  /** Which guesses are run. */
  public enum When {
    /** Those that promise more tokens a second, by what is measured. */
    IT_PAYS,
    /** All that there is room for, whatever they take: to see what they do. */
    ALWAYS
  }

  /** Those of {@code drafter} that pay. */
  public static Guessing with(Drafter drafter, int mostTokens) {
    return new Guessing(drafter, mostTokens, When.IT_PAYS);
  }

  public boolean isOn() {
    return mostTokens > 0;
  }
}
