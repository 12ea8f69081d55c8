package io.solebox.engine.constrain.schema;

import io.solebox.engine.constrain.grammar.Expression;
import io.solebox.engine.constrain.pattern.Language;
import io.solebox.engine.constrain.pattern.Pattern;
import io.solebox.engine.constrain.schema.ArgumentForm.Value;
import io.solebox.engine.constrain.schema.ArgumentForm.Way;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.regex.RegexException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Members as a call has them whose arguments are written one by one: strings as they are, and other
 * values as JSON.
 */
final class ArgumentMembers implements MemberForm {
  /** Words that stand for values in Python. */
  private static final List<Word> CAPITALS =
      List.of(
          new Word("True", "boolean", scalars -> scalars.allows(true)),
          new Word("False", "boolean", scalars -> scalars.allows(false)),
          new Word("None", "null", scalars -> scalars.allows(null)));

  /**
   * @param type of the value that it stands for
   * @param among whether that value is among some
   */
  private record Word(String text, String type, Predicate<Scalars> among) {}

  /** Strings that are asked for where these would be taken for something else. */
  private record Asked(StringFacts facts, Set<String> unlike) {}

  private final Emission emission;
  private final ArgumentForm form;
  private final Language names;
  private final Map<Asked, Language> known = new HashMap<>();

  ArgumentMembers(Emission emission, ArgumentForm form) {
    this.emission = emission;
    this.form = form;
    this.names = Pattern.whole(form.names(), emission.budget());
  }

  @Override
  public Expression member(String name, Set<Claim> goal, ObjectFacts facts) {
    if (!names.accepts(name)) {
      throw Refusal.unsupported(
          facts.placeOf(name),
          "The name %s cannot be written where this model writes the names of arguments."
              .formatted(Refusal.quoted(name)));
    }
    return argument(form.ways(name), Expression.text(name), goal, facts.placeOf(name));
  }

  @Override
  public Expression member(Language some, Set<Claim> goal) {
    Language written = some.and(names, emission.budget());
    String place = goal.isEmpty() ? "#" : goal.iterator().next().schema().pointer();
    return written.isEmpty()
        ? Expression.NOTHING
        : argument(form.waysOfOthers(), new Expression.Regular(written.automaton()), goal, place);
  }

  @Override
  public Expression between() {
    return form.between();
  }

  @Override
  public Expression last() {
    return Expression.EMPTY; // what closes the call has its own white space in front
  }

  private Expression argument(List<Way> ways, Expression name, Set<Claim> goal, String place) {
    List<Expression> options = new ArrayList<>();
    for (Way way : ways) {
      emission.spend(4);
      Expression value =
          switch (way.value()) {
            case Value.Text text -> text(text, goal, place);
            case Value.Json json -> json(json, goal, place);
          };
      options.add(way.around().of(name, value));
    }
    return options.size() == 1 ? options.getFirst() : new Expression.Choice(options);
  }

  private Expression text(Value.Text way, Set<Claim> goal, String place) {
    try {
      Language all = Language.NONE;
      for (Alternative alternative : emission.expansion().of(goal)) {
        if (alternative.kinds().contains(Kind.STRING)) {
          all = all.or(texts(way, alternative, place), emission.budget());
        }
      }
      return all.isEmpty() ? Expression.NOTHING : new Expression.Regular(all.automaton());
    } catch (RegexException e) {
      throw Refusal.tooMuch(
          place, "What is asked of this string cannot be held: %s.".formatted(e.getMessage()));
    }
  }

  private Language texts(Value.Text way, Alternative alternative, String place) {
    StringFacts facts = StringFacts.of(alternative, emission.languages());
    emission.languages().checkWritten(alternative, facts);
    Asked asked = new Asked(facts, way.unlike());
    Language left = known.get(asked);
    if (left == null) {
      left = emission.languages().written(facts, place);
      for (String pattern : way.unlike()) {
        left = left.minus(Pattern.whole(pattern, emission.budget()), emission.budget());
      }
      known.put(asked, left);
    }
    for (String text : facts.allowed().orElse(List.of())) {
      if (!left.accepts(text) && emission.languages().of(facts, place).accepts(text)) {
        throw ambiguous(text, alternative.placeOfListed());
      }
    }
    return left;
  }

  private static SoleboxException ambiguous(String text, String place) {
    return Refusal.of(
        place,
        "The text %s would be read as another value, because this model writes texts without quotes."
            .formatted(Refusal.quoted(text)),
        "Say with type that the value is a string and nothing else, or name another text.");
  }

  private Expression json(Value.Json way, Set<Claim> goal, String place) {
    Set<Claim> typed = new LinkedHashSet<>(goal);
    typed.add(Claim.holds(typed(way.types(), place)));
    List<Expression> options = new ArrayList<>(List.of(emission.value(typed)));
    for (Alternative alternative : emission.expansion().of(typed)) {
      Scalars scalars = Scalars.of(alternative);
      CAPITALS.stream()
          .filter(word -> Kind.ofType(word.type()).stream().anyMatch(alternative.kinds()::contains))
          .filter(word -> way.capitals().contains(word.type()) && word.among().test(scalars))
          .map(word -> Expression.text(word.text()))
          .forEach(options::add);
    }
    return new Expression.Choice(options.stream().distinct().toList());
  }

  private static Schema typed(Set<String> types, String place) {
    return new Schema(place, "", Map.of("type", types.stream().sorted().toList()));
  }
}
