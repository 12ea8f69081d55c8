package io.solebox.engine.constrain.schema;

import io.solebox.engine.constrain.grammar.Expression;
import io.solebox.engine.constrain.pattern.Language;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Writes the objects of an alternative: declared properties in their order, then others. A name
 * that is declared is never one of the others, however it is spelled.
 */
final class ObjectExpressions {
  private final Emission emission;
  private final ObjectFacts facts;
  private final Expression space;
  private final Expression colon;

  ObjectExpressions(Emission emission, Alternative alternative) {
    this.emission = emission;
    this.facts = new ObjectFacts(alternative, emission.languages());
    this.space = emission.scalars().space();
    this.colon = emission.scalars().mark(":");
  }

  Expression object() {
    Language names = names();
    List<Members.Property> properties = new ArrayList<>();
    for (String name : facts.declared()) {
      emission.spend(6);
      Expression value =
          names.accepts(name) ? emission.value(facts.goal(name)) : Expression.NOTHING;
      properties.add(
          new Members.Property(
              Expression.sequence(name(name), colon, value), facts.isRequired(name)));
    }
    Expression others = others(names);
    Members members = new Members(emission, properties, others);
    Expression all = isCounted() ? members.counted(facts) : members.all();
    return Expression.sequence(Expression.text("{"), space, all, Expression.text("}"));
  }

  /** Whether the number of properties says anything that is not so already. */
  private boolean isCounted() {
    return facts.counts().min() > facts.required().size() || facts.counts().isBounded();
  }

  private Expression name(String name) {
    boolean plain = name.chars().allMatch(c -> c >= ' ' && c < 0x7f && c != '"' && c != '\\');
    return plain
        ? Expression.text('"' + name + '"')
        : emission.scalars().string(Language.texts(List.of(name), emission.budget()));
  }

  /** What names there may be. */
  private Language names() {
    Language names = Language.ALL;
    for (Schema schema : facts.nameSchemas()) {
      Language allowed = Language.NONE;
      for (Alternative alternative : emission.expansion().of(Set.of(Claim.holds(schema)))) {
        if (alternative.kinds().contains(Kind.STRING)) {
          StringFacts strings = StringFacts.of(alternative, emission.languages());
          allowed =
              allowed.or(emission.languages().of(strings, schema.pointer()), emission.budget());
        }
      }
      names = names.and(allowed, emission.budget());
    }
    return names;
  }

  /** One property that is not declared. */
  private Expression others(Language names) {
    List<Expression> options = new ArrayList<>();
    for (ObjectFacts.Others others : facts.others(names)) {
      emission.spend(4);
      Expression name =
          others.names() == Language.ALL
              ? emission.scalars().anyString()
              : emission.scalars().string(others.names());
      if (!others.names().isEmpty() && !others.isForbidden()) {
        options.add(Expression.sequence(name, colon, emission.value(others.goal())));
      }
    }
    return new Expression.Choice(options);
  }
}
