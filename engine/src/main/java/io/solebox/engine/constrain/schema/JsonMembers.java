package io.solebox.engine.constrain.schema;

import io.solebox.engine.constrain.grammar.Expression;
import io.solebox.engine.constrain.pattern.Language;
import java.util.Set;

/** Members as JSON has them: a string, a colon and a value. */
final class JsonMembers implements MemberForm {
  private final Emission emission;
  private final Expression colon;

  JsonMembers(Emission emission) {
    this.emission = emission;
    this.colon = emission.scalars().mark(":");
  }

  @Override
  public Expression member(String name, Set<Claim> goal, ObjectFacts facts) {
    emission.languages().checkWritten(name, facts.placeOf(name));
    return Expression.sequence(emission.scalars().string(name), colon, emission.value(goal));
  }

  @Override
  public Expression member(Language names, Set<Claim> goal) {
    Language written = emission.languages().written(names);
    Expression name =
        written == Language.ALL
            ? emission.scalars().anyString()
            : emission.scalars().string(written);
    return written.isEmpty()
        ? Expression.NOTHING
        : Expression.sequence(name, colon, emission.value(goal));
  }

  @Override
  public Expression between() {
    return emission.scalars().mark(",");
  }

  @Override
  public Expression last() {
    return emission.scalars().space();
  }
}
