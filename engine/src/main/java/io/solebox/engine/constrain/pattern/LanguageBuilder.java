package io.solebox.engine.constrain.pattern;

import io.solebox.engine.constrain.pattern.Language.Step;
import io.solebox.engine.regex.CodePointSet;
import io.solebox.engine.regex.Node;
import io.solebox.engine.regex.RegexException;
import java.util.ArrayList;
import java.util.List;

/**
 * A non-deterministic automaton in the making (Thompson's construction). Edges without a character
 * may have a condition: that the text begins or ends there.
 */
final class LanguageBuilder {
  /** A pattern whose counted repetitions unfold to more is refused. */
  private static final int MAX_STATES = 50_000;

  private static final int STATE_WEIGHT = 8;

  static final CodePointSet SURROGATES =
      CodePointSet.range(Character.MIN_SURROGATE, Character.MAX_SURROGATE);

  /** When an edge without a character may be taken. */
  enum When {
    ALWAYS,
    AT_START,
    AT_END
  }

  record Free(int to, When when) {}

  record Reading(CodePointSet set, int to) {}

  private final List<List<Free>> free = new ArrayList<>();
  private final List<List<Reading>> readings = new ArrayList<>();

  private final Budget budget;

  LanguageBuilder(Budget budget) {
    this.budget = budget;
    state();
  }

  /** Those of a state. */
  List<Free> free(int state) {
    return free.get(state);
  }

  /** Those of a state. */
  List<Reading> readings(int state) {
    return readings.get(state);
  }

  int size() {
    return free.size();
  }

  int state() {
    if (free.size() == MAX_STATES) {
      throw new RegexException("its repetitions unfold to more than " + MAX_STATES + " states");
    }
    budget.spend(STATE_WEIGHT);
    free.add(new ArrayList<>(2));
    readings.add(new ArrayList<>(1));
    return free.size() - 1;
  }

  void free(int from, int to, When when) {
    budget.spend(1);
    free.get(from).add(new Free(to, when));
  }

  void reading(int from, CodePointSet set, int to) {
    budget.spend(set.bounds().length);
    CodePointSet characters = set.minus(SURROGATES);
    if (!characters.isEmpty()) {
      readings.get(from).add(new Reading(characters, to));
    }
  }

  /** Whether it asks anywhere that a text begins there. */
  boolean beginsText() {
    return free.stream().flatMap(List::stream).anyMatch(edge -> edge.when() == When.AT_START);
  }

  /** The texts that lead from the first state to {@code end}. */
  Language build(int end) {
    return new Determinization(this, end, budget).run();
  }

  static Language lengths(int min, int max, Budget budget) {
    Language.checkSize(max == Integer.MAX_VALUE ? min : max);
    int count = (max == Integer.MAX_VALUE ? min : max) + 1;
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int next = i + 1 < count ? i + 1 : max == Integer.MAX_VALUE ? i : Language.DEAD;
      StepBuilder step = new StepBuilder();
      step.add(0, next);
      step.add(Character.MIN_SURROGATE, Language.DEAD);
      step.add(Character.MAX_SURROGATE + 1, next);
      steps.add(step.build(i >= min));
    }
    return min > max ? Language.NONE : Language.of(steps, budget);
  }

  /**
   * Adds what a pattern says.
   *
   * @return where it ends
   */
  int add(int from, Node node) {
    return switch (node) {
      case Node.Chars(CodePointSet set) -> {
        int to = state();
        reading(from, set, to);
        yield to;
      }
      case Node.Sequence(List<Node> parts) -> {
        int at = from;
        for (Node part : parts) {
          at = add(at, part);
        }
        yield at;
      }
      case Node.Choice(List<Node> options) -> {
        int to = state();
        for (Node option : options) {
          int start = state();
          free(from, start, When.ALWAYS);
          free(add(start, option), to, When.ALWAYS);
        }
        yield to;
      }
      case Node.Repeat repeat -> repeat(from, repeat);
      case Node.Edge edge -> {
        int to = state();
        free(from, to, edge.side() == Node.Side.BEFORE ? When.AT_START : When.AT_END);
        yield to;
      }
      case Node.Look _ -> throw new RegexException("it looks ahead inside a group");
    };
  }

  private int repeat(int from, Node.Repeat repeat) {
    int at = from;
    for (int i = 0; i < repeat.min(); i++) {
      at = add(at, repeat.body());
    }
    int to = state();
    if (repeat.max() == Node.UNBOUNDED) {
      int loop = state();
      free(at, loop, When.ALWAYS);
      free(add(loop, repeat.body()), loop, When.ALWAYS);
      free(loop, to, When.ALWAYS);
      return to;
    }
    free(at, to, When.ALWAYS);
    for (int i = repeat.min(); i < repeat.max(); i++) {
      at = add(at, repeat.body());
      free(at, to, When.ALWAYS);
    }
    return to;
  }

  /**
   * Adds the texts of a language.
   *
   * @return where they end
   */
  int add(int from, Language language) {
    int first = size();
    for (int i = 0; i < language.size(); i++) {
      state();
    }
    int end = state();
    free(from, first, When.ALWAYS);
    for (int i = 0; i < language.size(); i++) {
      Step step = language.steps().get(i);
      int at = first + i;
      Language.sets(step).forEach((to, set) -> reading(at, set, first + to));
      if (step.accepting()) {
        free(at, end, When.ALWAYS);
      }
    }
    return end;
  }
}
