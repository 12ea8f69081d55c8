package io.solebox.server.answers;

import io.solebox.engine.backend.TokenMask;
import io.solebox.engine.generation.TokenConstraint;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What both of two constraints allow. */
record BothConstraints(TokenConstraint first, TokenConstraint second) implements TokenConstraint {
  @Override
  public TokenMask allowed() {
    TokenMask one = first.allowed();
    TokenMask other = second.allowed();
    if (one.isAll() || other.isAll()) {
      return one.isAll() ? other : one;
    }
    long[] words = one.words().clone();
    for (int i = 0; i < words.length; i++) {
      words[i] &= other.words()[i];
    }
    return new TokenMask(words);
  }

  @Override
  public OptionalInt forced() {
    OptionalInt one = first.forced();
    OptionalInt id = one.isPresent() ? one : second.forced();
    return id.isPresent() && admits(id.getAsInt()) ? id : OptionalInt.empty();
  }

  @Override
  public String expected() {
    return Stream.of(first.expected(), second.expected())
        .filter(words -> !words.isEmpty())
        .collect(Collectors.joining("; "));
  }

  @Override
  public void said(int id) {
    first.said(id);
    second.said(id);
  }

  @Override
  public TokenConstraint fork() {
    return new BothConstraints(first.fork(), second.fork());
  }

  @Override
  public boolean admits(int id) {
    return first.admits(id) && second.admits(id);
  }
}
