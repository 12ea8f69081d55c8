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

  private static final int MAX_DEPTH = 500;

  /** Rules up to this size become parts of others. */
  private static final long MAX_INLINE = 64;

  private final Grammar grammar;
  private final Set<String> nullable = new HashSet<>();

  /** By rule, those that use it. */
  private final Map<String, Set<String>> callers = new HashMap<>();

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
    grammar.rules().forEach(GrammarChecks::checkDepth);
    grammar.rules().forEach(checks::checkCalls);
    checks.findNullable();
    checks.checkLeftRecursion();
    return checks;
  }

  static SoleboxException bad(String message, String remedy) {
    return new SoleboxException(ErrorCode.BAD_GRAMMAR, "", message, remedy);
  }

  /** What looks into expressions goes down as deep as they are. */
  private static void checkDepth(String rule, Expression body) {
    record Level(Expression expression, int depth) {}
    Deque<Level> open = new ArrayDeque<>(List.of(new Level(body, 0)));
    while (!open.isEmpty()) {
      Level level = open.pop();
      if (level.depth > MAX_DEPTH) {
        throw bad(
            "Rule '%s' has more than %d expressions inside each other".formatted(rule, MAX_DEPTH),
            "Write parts of it as rules of their own.");
      }
      List<Expression> inside =
          switch (level.expression) {
            case Sequence(List<Expression> parts) -> parts;
            case Choice(List<Expression> options) -> options;
            case Repeat repeat -> List.of(repeat.body());
            case Text _, Characters _, Regular _, Tokens _, Call _ -> List.of();
          };
      inside.forEach(part -> open.push(new Level(part, level.depth + 1)));
    }
  }

  private void checkCalls(String rule, Expression body) {
    switch (body) {
      case Call(String name) -> {
        if (!grammar.rules().containsKey(name)) {
          throw bad(
              "Rule '%s' uses '%s', which is not there".formatted(rule, name),
              "Add the rule, or correct its name.");
        }
        callers.computeIfAbsent(name, _ -> new HashSet<>()).add(rule);
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
    return inline.computeIfAbsent(rule, name -> flatSize(body(name), MAX_INLINE) <= MAX_INLINE);
  }

  /** Whether all rules of it are inline. */
  boolean isFlat(Expression expression) {
    return switch (expression) {
      case Call(String rule) -> isInline(rule);
      case Sequence(List<Expression> parts) -> parts.stream().allMatch(this::isFlat);
      case Choice(List<Expression> options) -> options.stream().allMatch(this::isFlat);
      case Repeat repeat -> isFlat(repeat.body());
      case Text _, Characters _, Tokens _, Regular _ -> true;
    };
  }

  /**
   * The size with all rules written out, as far as it is not above {@code most}: everything counts
   * at least one, so it ends soon for whatever rules, also for those that use themselves.
   */
  private long flatSize(Expression expression, long most) {
    if (most <= 0) {
      return MANY;
    }
    return switch (expression) {
      case Call(String rule) -> 1 + flatSize(body(rule), most - 1);
      case Sequence(List<Expression> parts) -> flatSize(parts, most);
      case Choice(List<Expression> options) -> flatSize(options, most);
      case Repeat(_, _, int max) when max == Expression.UNBOUNDED -> MANY;
      case Repeat(Expression body, _, int max) ->
          max == 0 ? 1 : Math.min(MANY, 1 + flatSize(body, most - 1) * max);
      case Regular _, Tokens _ -> MANY;
      case Text _, Characters _ -> size(expression);
    };
  }

  private long flatSize(List<Expression> parts, long most) {
    long sum = 1;
    for (Expression part : parts) {
      sum += sum > most ? MANY : flatSize(part, most - sum);
      if (sum > most) {
        return MANY;
      }
    }
    return sum;
  }

  /** Each rule is looked at again when one that it uses has become empty. */
  private void findNullable() {
    Deque<String> open = new ArrayDeque<>(grammar.rules().keySet());
    while (!open.isEmpty()) {
      String rule = open.remove();
      if (!nullable.contains(rule) && isNullable(body(rule))) {
        nullable.add(rule);
        open.addAll(callers.getOrDefault(rule, Set.of()));
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
