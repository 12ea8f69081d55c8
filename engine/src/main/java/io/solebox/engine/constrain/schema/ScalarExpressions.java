package io.solebox.engine.constrain.schema;

import io.solebox.engine.constrain.grammar.Automaton;
import io.solebox.engine.constrain.grammar.Expression;
import io.solebox.engine.constrain.pattern.Budget;
import io.solebox.engine.constrain.pattern.Decimals;
import io.solebox.engine.constrain.pattern.Language;
import io.solebox.engine.constrain.pattern.Pattern;
import io.solebox.engine.constrain.schema.NumberFacts.Limit;
import io.solebox.engine.regex.RegexException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Writes values that hold no others, each once, and what stands between values. */
final class ScalarExpressions {
  /** Digits that nobody means, and that a model may write without end. */
  private static final int MAX_DIGITS = 40;

  private static final String EXPONENT = "(?:[eE][+-]?[0-9]{1,4})?";

  private final Emission emission;
  private final StringLanguages languages;
  private final Optional<CallForm.Literals> literals;
  private final Map<NumberFacts, Expression> numbers = new HashMap<>();
  private final Map<StringFacts, Expression> strings = new HashMap<>();
  private final Map<Language, Automaton> spelled = new HashMap<>();
  private final Map<String, Expression> shared = new HashMap<>();

  /**
   * @param literals how values are written that are no JSON
   */
  ScalarExpressions(
      Emission emission, StringLanguages languages, Optional<CallForm.Literals> literals) {
    this.emission = emission;
    this.languages = languages;
    this.literals = literals;
  }

  /** The scalars of an alternative. */
  List<Expression> of(Alternative alternative, String pointer) {
    List<Expression> options = new ArrayList<>();
    Scalars scalars = Scalars.of(alternative);
    Set<Kind> kinds = alternative.kinds();
    if (kinds.contains(Kind.NULL) && scalars.allows(null)) {
      options.add(word("null", "None"));
    }
    for (boolean value : kinds.contains(Kind.BOOLEAN) ? List.of(true, false) : List.<Boolean>of()) {
      if (scalars.allows(value)) {
        options.add(word(String.valueOf(value), value ? "True" : "False"));
      }
    }
    if (!Kind.common(kinds, Kind.NUMBERS).isEmpty()) {
      options.add(number(NumberFacts.of(alternative), pointer));
    }
    if (kinds.contains(Kind.STRING)) {
      StringFacts facts = StringFacts.of(alternative, languages);
      languages.checkWritten(alternative, facts);
      options.add(string(facts, pointer));
    }
    return options;
  }

  private Expression word(String json, String python) {
    boolean both = literals.isPresent() && literals.get().mark().isEmpty();
    return both
        ? Expression.choice(Expression.text(json), Expression.text(python))
        : Expression.text(json);
  }

  private Expression number(NumberFacts facts, String pointer) {
    try {
      return numbers.computeIfAbsent(
          facts,
          _ -> {
            Language language =
                facts.isFree() && facts.kinds().contains(Kind.INTEGER)
                    ? facts.kinds().contains(Kind.FRACTION) ? Common.NUMBER : Common.INTEGER
                    : language(facts, emission.budget());
            return language.isEmpty()
                ? Expression.NOTHING
                : emission.rule("number", new Expression.Regular(language.automaton()));
          });
    } catch (RegexException e) {
      throw Refusal.tooMuch(
          pointer, "What is asked of this number cannot be held: %s.".formatted(e.getMessage()));
    }
  }

  private static Language language(NumberFacts facts, Budget budget) {
    budget.spend(facts.weight());
    if (facts.allowed().isPresent()) {
      Set<String> texts = new LinkedHashSet<>();
      facts.allowed().get().stream().filter(facts::holds).forEach(n -> texts.addAll(written(n)));
      return Language.texts(texts, budget);
    }
    Language language = Pattern.whole(shape(facts), budget);
    if (facts.low().isPresent()) {
      Limit low = facts.low().get();
      language = language.and(Decimals.atLeast(low.value(), low.exclusive(), budget), budget);
    }
    if (facts.high().isPresent()) {
      Limit high = facts.high().get();
      language = language.and(Decimals.atMost(high.value(), high.exclusive(), budget), budget);
    }
    for (BigDecimal of : facts.multiples()) {
      language = language.and(Decimals.multiples(of, budget), budget);
    }
    for (BigDecimal of : facts.notMultiples()) {
      language = language.minus(Decimals.multiples(of, budget), budget);
    }
    return facts.denied().isEmpty()
        ? language
        : language.minus(Decimals.among(facts.denied(), budget), budget);
  }

  /** As short as can be, and as it was written, if that is different. */
  private static Set<String> written(Number number) {
    BigDecimal value = Kind.decimal(number);
    Set<String> texts = new LinkedHashSet<>();
    String plain = value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
    if (plain.length() <= MAX_DIGITS) {
      texts.add(plain);
    }
    texts.add(number.toString());
    return texts;
  }

  /** A number has an exponent only where nothing is asked of its value. */
  private static String shape(NumberFacts facts) {
    int digits = MAX_DIGITS;
    int places = MAX_DIGITS;
    for (Limit limit : Stream.concat(facts.low().stream(), facts.high().stream()).toList()) {
      digits = Math.max(digits, limit.value().precision() - limit.value().scale() + 1);
      places = Math.max(places, limit.value().scale() + 1);
    }
    String integer = "-?(?:0|[1-9][0-9]{0,%d})".formatted(digits - 1);
    if (!facts.kinds().contains(Kind.FRACTION)) {
      return integer;
    }
    if (!facts.kinds().contains(Kind.INTEGER)) {
      return "%s\\.(?=[0-9]*[1-9])[0-9]{1,%d}".formatted(integer, places);
    }
    return "%s(?:\\.[0-9]{1,%d})?%s".formatted(integer, places, facts.isFree() ? EXPONENT : "");
  }

  private Expression string(StringFacts facts, String pointer) {
    Expression known = strings.get(facts);
    if (known == null) {
      known = newString(facts, pointer);
      strings.put(facts, known);
    }
    return known;
  }

  private Expression newString(StringFacts facts, String pointer) {
    if (facts.isFree() && languages.areFree() && literals.isEmpty()) {
      if (facts.lengths().isEmpty()) {
        return Expression.NOTHING;
      }
      return facts.lengths().isFree()
          ? anyString()
          : emission.rule(
              "string",
              quoted(
                  new Expression.Repeat(
                      character(), facts.lengths().min(), facts.lengths().max())));
    }
    Language language = languages.written(facts, pointer);
    return language.isEmpty() ? Expression.NOTHING : emission.rule("string", string(language));
  }

  /** One string, with its quotes. */
  Expression string(String text) {
    boolean plain = text.chars().allMatch(c -> c >= ' ' && c < 0x7f && c != '"' && c != '\\');
    return plain && literals.isEmpty()
        ? Expression.text('"' + text + '"')
        : string(Language.texts(List.of(text), emission.budget()));
  }

  /** A string of a set, with its quotes. */
  Expression string(Language language) {
    if (literals.isEmpty()) {
      return json(language);
    }
    Optional<CallForm.Mark> mark = literals.get().mark();
    return mark.isPresent()
        ? Expression.sequence(
            mark.get().written(),
            new Expression.Regular(language.automaton()),
            mark.get().written())
        : Expression.choice(
            json(language),
            Expression.sequence(
                Expression.text("'"),
                new Expression.Regular(SingleQuotes.of(language.automaton())),
                Expression.text("'")));
  }

  private Expression json(Language language) {
    Automaton content =
        spelled.computeIfAbsent(
            language, all -> Spelling.of(all.automaton(), false, emission.budget()));
    return quoted(new Expression.Regular(content));
  }

  private static Expression quoted(Expression content) {
    return Expression.sequence(Expression.text("\""), content, Expression.text("\""));
  }

  Expression anyString() {
    return shared(
        "any string",
        languages.areFree() && literals.isEmpty()
            ? quoted(Common.STRING)
            : string(languages.written(Language.ALL)));
  }

  private Expression character() {
    return shared("character", Common.CHARACTER);
  }

  /**
   * What may stand between tokens: at most two spaces or tabs, or at most two line ends and an
   * indentation; bounded, because a model may write it without end.
   */
  Expression space() {
    return emission.expansion().options().whiteSpace()
        ? shared("space", Common.SPACE)
        : Expression.EMPTY;
  }

  /** A punctuation mark with white space around it. */
  Expression mark(String mark) {
    return Expression.sequence(space(), Expression.text(mark), space());
  }

  /** What most schemas need. */
  private static final class Common {
    static final Expression STRING =
        new Expression.Regular(Spelling.of(Language.ALL.automaton(), true, new Budget()));
    static final Expression CHARACTER =
        new Expression.Regular(
            Spelling.of(Language.lengths(1, 1, new Budget()).automaton(), true, new Budget()));
    static final Expression SPACE =
        new Expression.Regular(
            Pattern.whole("[ \\t]{0,2}|(?:\\r?\\n){1,2}[ \\t]{0,60}", new Budget()).automaton());
    static final Language INTEGER = language(NumberFacts.any(Set.of(Kind.INTEGER)), new Budget());
    static final Language NUMBER = language(NumberFacts.any(Kind.NUMBERS), new Budget());
  }

  private Expression shared(String name, Expression body) {
    Expression known = shared.get(name);
    if (known == null) {
      known = emission.rule(name, body);
      shared.put(name, known);
    }
    return known;
  }
}
