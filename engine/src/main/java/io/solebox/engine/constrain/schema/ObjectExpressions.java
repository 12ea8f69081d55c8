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
  private final MemberForm form;

  ObjectExpressions(Emission emission, Alternative alternative, MemberForm form) {
    this.emission = emission;
    this.facts = new ObjectFacts(alternative, emission.languages());
    this.form = form;
  }

  /** An object of JSON. */
  Expression object() {
    return Expression.sequence(
        Expression.text("{"), emission.scalars().space(), members(), Expression.text("}"));
  }

  /** What it holds. */
  Expression members() {
    Language names = names();
    List<Members.Property> properties = new ArrayList<>();
    for (String name : facts.declared()) {
      emission.spend(6);
      Expression property =
          names.accepts(name) ? form.member(name, facts.goal(name), facts) : Expression.NOTHING;
      properties.add(new Members.Property(property, facts.isRequired(name)));
    }
    Members members = new Members(emission, properties, others(names), form);
    return isCounted() ? members.counted(facts) : members.all();
  }

  /** Whether the number of properties says anything that is not so already. */
  private boolean isCounted() {
    return facts.counts().min() > facts.required().size() || facts.counts().isBounded();
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
      if (!others.names().isEmpty() && !others.isForbidden()) {
        options.add(form.member(others.names(), others.goal()));
      }
    }
    return new Expression.Choice(options);
  }
}
