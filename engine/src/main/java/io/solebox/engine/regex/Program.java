package io.solebox.engine.regex;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A pattern as a nondeterministic automaton (Thompson, Communications of the ACM 11, 1968), in
 * which the first way out of a fork is the preferred one.
 */
final class Program {
  /** Repetitions are written out; more than this is no pattern for words. */
  private static final int MAX_STEPS = 20_000;

  /** One step. Steps are numbered; 0 is {@link Match}. */
  sealed interface Step {
    record Match() implements Step {}

    record Take(CodePointSet set, int next) implements Step {}

    record Fork(int first, int second) implements Step {}

    record Check(Node.Edge edge, int next) implements Step {}

    /**
     * @param index of the look in {@link #looks}
     */
    record CheckLook(int index, boolean negated, int next) implements Step {}
  }

  private final List<Step> steps = new ArrayList<>();
  private final List<Node.Look> looks = new ArrayList<>();
  private final int start;

  Program(Node pattern) {
    steps.add(new Step.Match());
    this.start = compile(pattern, 0);
  }

  int start() {
    return start;
  }

  Step step(int index) {
    return steps.get(index);
  }

  int size() {
    return steps.size();
  }

  /** The different looks; whether one is negated is said where it is checked. */
  List<Node.Look> looks() {
    return looks;
  }

  /** Sets that steps take or check. */
  Set<CodePointSet> sets() {
    Set<CodePointSet> sets = new LinkedHashSet<>();
    for (Step step : steps) {
      switch (step) {
        case Step.Take(CodePointSet set, int _) -> sets.add(set);
        case Step.Check(Node.Edge edge, int _) -> sets.add(edge.set());
        case Step.Match _, Step.Fork _, Step.CheckLook _ -> {
          // take nothing and ask for nothing
        }
      }
    }
    return sets;
  }

  private int add(Step step) {
    if (steps.size() == MAX_STEPS) {
      throw new RegexException("repetitions of more than " + MAX_STEPS + " steps");
    }
    steps.add(step);
    return steps.size() - 1;
  }

  /** Adds the steps of a node that go on at {@code next}; gives the first. */
  private int compile(Node node, int next) {
    return switch (node) {
      case Node.Chars(CodePointSet set) -> add(new Step.Take(set, next));
      case Node.Sequence(List<Node> parts) -> {
        int from = next;
        for (Node part : parts.reversed()) {
          from = compile(part, from);
        }
        yield from;
      }
      case Node.Choice(List<Node> options) -> {
        int from = compile(options.getLast(), next);
        for (Node option : options.subList(0, options.size() - 1).reversed()) {
          from = add(new Step.Fork(compile(option, next), from));
        }
        yield from;
      }
      case Node.Repeat repeat -> repeat(repeat, next);
      case Node.Edge edge -> add(new Step.Check(edge, next));
      case Node.Look look -> add(new Step.CheckLook(indexOf(look), look.negated(), next));
    };
  }

  private int repeat(Node.Repeat repeat, int next) {
    int from = next;
    if (repeat.max() == Node.UNBOUNDED) {
      int fork = add(new Step.Fork(next, next)); // replaced when the body is known
      int body = compile(repeat.body(), fork);
      steps.set(fork, fork(repeat, body, next));
      from = fork;
    } else {
      for (int i = repeat.min(); i < repeat.max(); i++) {
        from = add(fork(repeat, compile(repeat.body(), from), next));
      }
    }
    for (int i = 0; i < repeat.min(); i++) {
      from = compile(repeat.body(), from);
    }
    return from;
  }

  private static Step.Fork fork(Node.Repeat repeat, int body, int next) {
    return repeat.greedy() ? new Step.Fork(body, next) : new Step.Fork(next, body);
  }

  private int indexOf(Node.Look look) {
    Node.Look plain = new Node.Look(look.body(), look.ahead(), false);
    int known = looks.indexOf(plain);
    if (known >= 0) {
      return known;
    }
    looks.add(plain);
    return looks.size() - 1;
  }
}
