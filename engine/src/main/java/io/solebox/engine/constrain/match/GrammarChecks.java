package io.solebox.engine.constrain.match;

import io.solebox.engine.constrain.grammar.Automaton;
import io.solebox.engine.constrain.grammar.Expression;
import io.solebox.engine.constrain.grammar.Expression.Call;
import io.solebox.engine.constrain.grammar.Expression.Characters;
import io.solebox.engine.constrain.grammar.Expression.Choice;
import io.solebox.engine.constrain.grammar.Expression.Regular;
import io.solebox.engine.constrain.grammar.Expression.Repeat;
import io.solebox.engine.constrain.grammar.Expression.Sequence;
import io.solebox.engine.constrain.grammar.Expression.Text;
import io.solebox.engine.constrain.grammar.Expression.Tokens;
import io.solebox.engine.constrain.grammar.Grammar;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What must be right in a grammar before it is compiled. */
final class GrammarChecks {
  /** What may be empty is repeated so often at most where it is counted. */
  private static final int MAX_EMPTY_REPEATS = 1000;

  private static final long MANY = 1_000_000;

  /** Rules up to this size become parts of others. */
  private static final long MAX_INLINE = 64;

  private final Grammar grammar;
  private final Set<String> nullable = new HashSet<>();
  private final Map<String, Boolean> inline = new HashMap<>();

  private GrammarChecks(Grammar grammar) {
    this.grammar = grammar;
  }

  /**
   * @throws SoleboxException {@code BAD_GRAMMAR}
   */
  static GrammarChecks of(Grammar grammar) {
    if (!grammar.rules().containsKey(grammar.root())) {
      throw bad("There is no rule '" + grammar.root() + "'", "Name the rule for whole texts so.");
    }
    GrammarChecks checks = new GrammarChecks(grammar);
    grammar.rules().forEach(checks::checkCalls);
    checks.findNullable();
    checks.checkLeftRecursion();
    return checks;
  }

  static SoleboxException bad(String message, String remedy) {
    return new SoleboxException(ErrorCode.BAD_GRAMMAR, "", message, remedy);
  }

  private void checkCalls(String rule, Expression body) {
    switch (body) {
      case Call(String name) -> {
        if (!grammar.rules().containsKey(name)) {
          throw bad(
              "Rule '%s' uses '%s', which is not there".formatted(rule, name),
              "Add the rule, or correct its name.");
        }
      }
      case Sequence(List<Expression> parts) -> parts.forEach(part -> checkCalls(rule, part));
      case Choice(List<Expression> options) -> options.forEach(option -> checkCalls(rule, option));
      case Repeat repeat -> checkCalls(rule, repeat.body());
      case Text _, Characters _, Regular _, Tokens _ -> {}
    }
  }

  Expression body(String rule) {
    return grammar.rules().get(rule);
  }

  /** Whether it is small, has no loop, and uses nothing but such rules. */
  boolean isInline(String rule) {
    Boolean known = inline.get(rule);
    if (known == null) {
      inline.put(rule, false); // as long as it is not known, for rules that use themselves
      known = flatSize(body(rule)) <= MAX_INLINE;
      inline.put(rule, known);
    }
    return known;
  }

  private long flatSize(Expression expression) {
    return switch (expression) {
      case Call(String rule) -> isInline(rule) ? flatSize(body(rule)) : MANY;
      case Sequence(List<Expression> parts) -> flatSize(parts);
      case Choice(List<Expression> options) -> flatSize(options);
      case Repeat(Expression body, _, int max) ->
          max == Expression.UNBOUNDED ? MANY : Math.min(MANY, flatSize(body) * max);
      case Regular _, Tokens _ -> MANY;
      case Text _, Characters _ -> size(expression);
    };
  }

  private long flatSize(List<Expression> parts) {
    return Math.min(MANY, 1 + parts.stream().mapToLong(this::flatSize).sum());
  }

  private void findNullable() {
    boolean more = true;
    while (more) {
      more = false;
      for (Map.Entry<String, Expression> rule : grammar.rules().entrySet()) {
        more |= isNullable(rule.getValue()) && nullable.add(rule.getKey());
      }
    }
  }

  /** Whether the empty text is one of its texts. */
  private boolean isNullable(Expression expression) {
    return switch (expression) {
      case Text(String text) -> text.isEmpty();
      case Characters _, Tokens _ -> false;
      case Sequence(List<Expression> parts) -> parts.stream().allMatch(this::isNullable);
      case Choice(List<Expression> options) -> options.stream().anyMatch(this::isNullable);
      case Repeat(Expression body, int min, _) -> min == 0 || isNullable(body);
      case Call(String rule) -> nullable.contains(rule);
      case Regular(Automaton automaton) -> automaton.states().getFirst().accepting();
    };
  }

  /** How often something is repeated at least, where the empty text does not count. */
  int min(Repeat repeat) {
    if (!isNullable(repeat.body())) {
      return repeat.min();
    }
    if (repeat.max() != Expression.UNBOUNDED && repeat.max() > MAX_EMPTY_REPEATS) {
      throw bad(
          "What may be empty is repeated up to %d times".formatted(repeat.max()),
          "Repeat what is not empty, or without a bound.");
    }
    return 0;
  }

  /** A text that begins with itself would be looked for without end. */
  private void checkLeftRecursion() {
    Map<String, Set<String>> firsts = new HashMap<>();
    grammar
        .rules()
        .forEach(
            (name, body) -> addFirsts(body, firsts.computeIfAbsent(name, _ -> new HashSet<>())));
    Set<String> done = new HashSet<>();
    for (String name : grammar.rules().keySet()) {
      walk(name, firsts, done);
    }
  }

  /** Depth first, with a stack of its own: grammars can be long chains. */
  private static void walk(String from, Map<String, Set<String>> firsts, Set<String> done) {
    if (!done.add(from)) {
      return;
    }
    List<String> path = new ArrayList<>(List.of(from));
    Set<String> open = new HashSet<>(path);
    Deque<Iterator<String>> rest = new ArrayDeque<>(List.of(firsts.get(from).iterator()));
    while (!path.isEmpty()) {
      if (!rest.peek().hasNext()) {
        rest.pop();
        open.remove(path.removeLast());
        continue;
      }
      String next = rest.peek().next();
      if (open.contains(next)) {
        throw bad(
            "Rule '%s' begins with itself (left recursion)".formatted(next),
            "Write it as a repetition, or with itself at the end.");
      }
      if (done.add(next)) {
        path.add(next);
        open.add(next);
        rest.push(firsts.get(next).iterator());
      }
    }
  }

  private void addFirsts(Expression expression, Set<String> out) {
    switch (expression) {
      case Call(String rule) -> out.add(rule);
      case Choice(List<Expression> options) -> options.forEach(option -> addFirsts(option, out));
      case Repeat repeat -> addFirsts(repeat.body(), out);
      case Sequence(List<Expression> parts) -> {
        for (Expression part : parts) {
          addFirsts(part, out);
          if (!isNullable(part)) {
            return;
          }
        }
      }
      case Text _, Characters _, Regular _, Tokens _ -> {}
    }
  }

  /** About how many states it takes, at most {@link #MANY}. */
  static long size(Expression expression) {
    return Math.min(MANY, states(expression));
  }

  private static long states(Expression expression) {
    return switch (expression) {
      case Text(String text) -> Math.max(1, text.getBytes(StandardCharsets.UTF_8).length);
      case Characters(var set) -> set.bounds().length;
      case Call _, Tokens _ -> 1;
      case Sequence(List<Expression> parts) -> sum(parts);
      case Choice(List<Expression> options) -> sum(options);
      case Repeat(Expression body, int min, int max) ->
          size(body) * (max == Expression.UNBOUNDED ? min + 1L : max);
      case Regular(Automaton automaton) ->
          automaton.states().stream().mapToLong(state -> 1L + state.edges().size()).sum();
    };
  }

  private static long sum(List<Expression> parts) {
    return 1 + parts.stream().mapToLong(GrammarChecks::size).sum();
  }
}
