package io.solebox.engine.draft;

import java.util.List;

/** Guesses nothing. */
final class NoDrafter implements Drafter {
  @Override
  public Track follow() {
    return () -> {};
  }

  @Override
  public void extend(List<Task> tasks) {}

  @Override
  public boolean isFree() {
    return true;
  }

  @Override
  public double prior(int evidence) {
    return 0;
  }

  @Override
  public void forgetContents() {}

  @Override
  public void close() {}
}
