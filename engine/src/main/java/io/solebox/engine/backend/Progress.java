package io.solebox.engine.backend;

/** Follows long work, and can stop it. Called from the thread that does the work. */
public interface Progress {
  /**
   * @param stage what is being done, for people
   * @param fraction 0 to 1, never falling within one stage
   */
  void report(String stage, double fraction);

  /** Whether the work should stop soon with {@code CANCELLED}. */
  default boolean cancelled() {
    return false;
  }

  /** For callers that neither look nor interrupt. */
  static Progress none() {
    return new Progress() {
      @Override
      public void report(String stage, double fraction) {}

      @Override
      public boolean cancelled() {
        return false;
      }
    };
  }
}
