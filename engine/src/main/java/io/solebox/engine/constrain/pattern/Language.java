package io.solebox.engine.constrain.pattern;

import io.solebox.engine.constrain.grammar.Automaton;
import io.solebox.engine.regex.CodePointSet;
import io.solebox.engine.regex.RegexException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A regular set of texts, as a deterministic automaton over code points. Each state is a step
 * function over all of them; surrogates, which no text holds, lead nowhere. Every state can still
 * reach an accepting one, unless the set is empty. Immutable.
 */
public final class Language {
  /** More states than this take longer than anybody waits for an answer to begin. */
  static final int MAX_STATES = 20_000;

  private static final int STATE_WEIGHT = 16;

  /** Where no text of the set goes on. */
  static final int DEAD = -1;

  /** All texts. */
  public static final Language ALL =
      new Language(
          List.of(
              new Step(
                  new int[] {0, Character.MIN_SURROGATE, Character.MAX_SURROGATE + 1},
                  new int[] {0, DEAD, 0},
                  true)));

  /** No text. */
  public static final Language NONE =
      new Language(List.of(new Step(new int[] {0}, new int[] {DEAD}, false)));

  /**
   * One state.
   *
   * @param starts first code points of runs, ascending, from 0 on
   * @param targets the state that each run leads to, or {@link #DEAD}
   */
  record Step(int[] starts, int[] targets, boolean accepting) {
    int target(int codePoint) {
      int found = Arrays.binarySearch(starts, codePoint);
      return targets[found >= 0 ? found : -found - 2];
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Step step
          && accepting == step.accepting
          && Arrays.equals(starts, step.starts)
          && Arrays.equals(targets, step.targets);
    }

    @Override
    public int hashCode() {
      return 31 * (31 * Arrays.hashCode(starts) + Arrays.hashCode(targets)) + (accepting ? 1 : 0);
    }
  }

  private final List<Step> steps;

  private Language(List<Step> steps) {
    this.steps = List.copyOf(steps);
  }

  /** Of states of which the first begins; what leads nowhere is left out, equal ones are merged. */
  static Language of(List<Step> steps, Budget budget) {
    budget.spend(weight(steps));
    List<Step> live = Reduction.trimmed(steps);
    return live.isEmpty() ? NONE : new Language(Reduction.reduced(live, budget));
  }

  /** Of states of which each is reached and leads to an end, and no two are equal. */
  static Language minimal(List<Step> steps, Budget budget) {
    budget.spend(weight(steps));
    return new Language(steps);
  }

  /** What it takes to look at all of them a few times, and to keep them. */
  static long weight(List<Step> steps) {
    long weight = 0;
    for (Step step : steps) {
      weight += STATE_WEIGHT + step.starts.length;
    }
    return weight;
  }

  /**
   * These texts and no others.
   *
   * @throws RegexException if it takes too many states, or more than the budget has; so do all
   *     others that take one
   */
  public static Language texts(Collection<String> texts, Budget budget) {
    return Trie.of(texts, budget);
  }

  /**
   * @param max {@link Integer#MAX_VALUE} for no bound
   * @return texts of from {@code min} to {@code max} code points
   */
  public static Language lengths(int min, int max, Budget budget) {
    return LanguageBuilder.lengths(min, max, budget);
  }

  List<Step> steps() {
    return steps;
  }

  /** How many states there are. */
  public int size() {
    return steps.size();
  }

  public boolean isEmpty() {
    return this == NONE || (steps.size() == 1 && !steps.getFirst().accepting && isDead(0));
  }

  private boolean isDead(int state) {
    return Arrays.stream(steps.get(state).targets).allMatch(to -> to == DEAD);
  }

  public boolean accepts(String text) {
    int state = 0;
    for (int c : text.codePoints().toArray()) {
      state = steps.get(state).target(c);
      if (state == DEAD) {
        return false;
      }
    }
    return steps.get(state).accepting;
  }

  public Language and(Language other, Budget budget) {
    return product(other, (mine, theirs) -> mine && theirs, false, false, budget);
  }

  public Language or(Language other, Budget budget) {
    return product(other, (mine, theirs) -> mine || theirs, true, true, budget);
  }

  public Language minus(Language other, Budget budget) {
    return product(other, (mine, theirs) -> mine && !theirs, false, true, budget);
  }

  public Language complement(Budget budget) {
    return ALL.minus(this, budget);
  }

  private interface Verdict {
    boolean accepts(boolean mine, boolean theirs);
  }

  /**
   * @param withoutMine whether a text may go on where it has left this set
   * @param withoutTheirs whether it may where it has left the other
   */
  private Language product(
      Language other, Verdict verdict, boolean withoutMine, boolean withoutTheirs, Budget budget) {
    Map<Long, Integer> numbers = new LinkedHashMap<>();
    List<long[]> pairs = new ArrayList<>();
    List<Step> out = new ArrayList<>();
    pairs.add(new long[] {0, 0});
    numbers.put(key(0, 0), 0);
    for (int at = 0; at < pairs.size(); at++) {
      int mine = (int) pairs.get(at)[0];
      int theirs = (int) pairs.get(at)[1];
      StepBuilder step = new StepBuilder();
      Runs a = new Runs(mine == DEAD ? NONE.steps.getFirst() : steps.get(mine));
      Runs b = new Runs(theirs == DEAD ? NONE.steps.getFirst() : other.steps.get(theirs));
      for (int start = 0; start < CodePointSet.LIMIT; ) {
        int nextMine = a.target();
        int nextTheirs = b.target();
        boolean ended =
            (nextMine == DEAD && !withoutMine)
                || (nextTheirs == DEAD && !withoutTheirs)
                || (nextMine == DEAD && nextTheirs == DEAD);
        int target = DEAD;
        if (!ended) {
          target = numbers.computeIfAbsent(key(nextMine, nextTheirs), _ -> pairs.size());
          if (target == pairs.size()) {
            pairs.add(new long[] {nextMine, nextTheirs});
            checkSize(target);
          }
        }
        step.add(start, target);
        start = Math.min(a.end(), b.end());
        a.skipTo(start);
        b.skipTo(start);
      }
      boolean accepts =
          verdict.accepts(
              mine != DEAD && steps.get(mine).accepting,
              theirs != DEAD && other.steps.get(theirs).accepting);
      out.add(step.build(accepts));
      budget.spend(STATE_WEIGHT + out.getLast().starts.length);
    }
    return of(out, budget);
  }

  static void checkSize(int states) {
    if (states > MAX_STATES) {
      throw new RegexException("it needs more than " + MAX_STATES + " states");
    }
  }

  private static long key(int mine, int theirs) {
    return (long) mine << 32 | (theirs & 0xffff_ffffL);
  }

  /** Walks over the runs of a step. */
  private static final class Runs {
    private final Step step;
    private int at;

    Runs(Step step) {
      this.step = step;
    }

    int target() {
      return step.targets[at];
    }

    int end() {
      return at + 1 < step.starts.length ? step.starts[at + 1] : CodePointSet.LIMIT;
    }

    void skipTo(int start) {
      if (end() <= start && start < CodePointSet.LIMIT) {
        at++;
      }
    }
  }

  /** The same texts, for a grammar. */
  public Automaton automaton() {
    return new Automaton(
        steps.stream().map(step -> new Automaton.State(step.accepting, edges(step))).toList());
  }

  private static List<Automaton.Edge> edges(Step step) {
    Map<Integer, CodePointSet> sets = sets(step);
    return sets.entrySet().stream()
        .map(entry -> new Automaton.Edge(entry.getValue(), entry.getKey()))
        .toList();
  }

  /** What leads to each target. */
  static Map<Integer, CodePointSet> sets(Step step) {
    Map<Integer, int[]> bounds = new LinkedHashMap<>();
    Map<Integer, Integer> counts = new HashMap<>();
    for (int i = 0; i < step.starts.length; i++) {
      int to = step.targets[i];
      if (to != DEAD) {
        int count = counts.merge(to, 2, Integer::sum);
        int[] own = bounds.getOrDefault(to, new int[4]);
        own = count > own.length ? Arrays.copyOf(own, 2 * count) : own;
        own[count - 2] = step.starts[i];
        own[count - 1] = i + 1 < step.starts.length ? step.starts[i + 1] : CodePointSet.LIMIT;
        bounds.put(to, own);
      }
    }
    Map<Integer, CodePointSet> sets = new LinkedHashMap<>();
    bounds.forEach(
        (to, own) -> sets.put(to, CodePointSet.ofBounds(Arrays.copyOf(own, counts.get(to)))));
    return sets;
  }
}
