package io.solebox.engine.constrain.schema;

import io.solebox.engine.constrain.grammar.Expression;
import io.solebox.engine.constrain.pattern.Language;
import io.solebox.engine.constrain.pattern.Pattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Members whose names need no quotes, where that is possible. */
final class LiteralMembers implements MemberForm {
  /** Names that stand for themselves. */
  private static final String BARE = "[^\\s\\x1c-\\x1f\"'`<>(){}\\[\\],=:]+";

  private final Emission emission;
  private final Expression assign;
  private final Language bare;

  /**
   * @param assign what stands between a name and its value
   */
  LiteralMembers(Emission emission, String assign) {
    this.emission = emission;
    this.assign = emission.scalars().mark(assign);
    this.bare = Pattern.whole(BARE, emission.budget());
  }

  @Override
  public Expression member(String name, Set<Claim> goal, ObjectFacts facts) {
    emission.languages().checkWritten(name, facts.placeOf(name));
    return bare.accepts(name)
        ? Expression.sequence(Expression.text(name), assign, emission.value(goal))
        : member(Language.texts(List.of(name), emission.budget()), goal);
  }

  @Override
  public Expression member(Language names, Set<Claim> goal) {
    Language written = emission.languages().written(names);
    Language plain = written.and(bare, emission.budget());
    Language others = written.minus(bare, emission.budget());
    List<Expression> ways = new ArrayList<>();
    if (!plain.isEmpty()) {
      ways.add(new Expression.Regular(plain.automaton()));
    }
    if (!others.isEmpty()) {
      ways.add(emission.scalars().string(others));
    }
    return Expression.sequence(new Expression.Choice(ways), assign, emission.value(goal));
  }

  @Override
  public Expression between() {
    return emission.scalars().mark(",");
  }

  @Override
  public Expression last() {
    return Expression.EMPTY;
  }
}
