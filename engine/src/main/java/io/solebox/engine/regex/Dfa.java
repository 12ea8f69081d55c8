package io.solebox.engine.regex;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A program made deterministic, whole and in advance: one look-up in a table per character. A state
 * stands for the ways that the program can be in, the preferred first, and for what conditions want
 * to know of the character before. Conditions at a place are decided with the symbol behind it.
 * Immutable.
 */
final class Dfa {
  /** The state without a way on. */
  static final int DEAD = 0;

  private static final int MAX_CELLS = 1 << 22;

  /** What a run is for. */
  enum Mode {
    /** The match from the start on that the pattern prefers. */
    PREFERRED,
    /** Every place where any match ends that began anywhere. */
    EVERY_END
  }

  /**
   * @param ways steps to go on from, the preferred first
   * @param before bits of {@link #asked}: whether the character before is in those sets
   */
  private record State(List<Integer> ways, int before) {}

  private final Program program;
  private final Alphabet alphabet;
  private final Mode mode;
  private final int symbols;

  /** Sets of which conditions want to know whether the character before is in them. */
  private final List<CodePointSet> asked = new ArrayList<>();

  private final Map<State, Integer> ids = new HashMap<>();
  private final List<State> states = new ArrayList<>();

  /** By state and symbol: the next state, twice, plus one if a match ends before the symbol. */
  private int[] table = new int[0];

  /** The first state by the class of the character before. */
  private final int[] starts;

  Dfa(Program program, Alphabet alphabet, Mode mode) {
    this.program = program;
    this.alphabet = alphabet;
    this.mode = mode;
    this.symbols = (alphabet.size() + 1) << program.looks().size();
    this.starts = new int[alphabet.size() + 1];
    program.sets().stream().filter(this::isAsked).forEach(asked::add);
    if (asked.size() > 16) {
      throw new RegexException("too many conditions on the character before");
    }
    idOf(new State(List.of(), 0));
    for (int before = 0; before < starts.length; before++) {
      starts[before] = idOf(new State(List.of(program.start()), bits(before)));
    }
    for (int id = 1; id < states.size(); id++) {
      fill(id);
    }
  }

  private boolean isAsked(CodePointSet set) {
    for (int i = 0; i < program.size(); i++) {
      if (program.step(i) instanceof Program.Step.Check(Node.Edge edge, int _)
          && edge.side() != Node.Side.BEHIND
          && edge.set().equals(set)) {
        return true;
      }
    }
    return false;
  }

  private int bits(int symbolClass) {
    int bits = 0;
    for (int i = 0; i < asked.size(); i++) {
      bits |= alphabet.isIn(symbolClass, asked.get(i)) ? 1 << i : 0;
    }
    return bits;
  }

  private int idOf(State state) {
    State key = state.ways().isEmpty() ? new State(List.of(), 0) : state;
    Integer known = ids.get(key);
    if (known != null) {
      return known;
    }
    int id = states.size();
    if ((long) (id + 1) * symbols > MAX_CELLS) {
      throw new RegexException("too many states for a scanner of one pass");
    }
    ids.put(key, id);
    states.add(key);
    if ((id + 1) * symbols > table.length) {
      table = Arrays.copyOf(table, Math.max(2 * table.length, 16 * symbols));
    }
    return id;
  }

  private void fill(int id) {
    for (int symbol = 0; symbol < symbols; symbol++) {
      int symbolClass = symbol % (alphabet.size() + 1);
      List<Integer> open = new ArrayList<>();
      boolean matched = close(states.get(id), symbolClass, symbol / (alphabet.size() + 1), open);
      Set<Integer> ways = new LinkedHashSet<>();
      for (int way : open) {
        if (program.step(way) instanceof Program.Step.Take(CodePointSet set, int next)
            && alphabet.isIn(symbolClass, set)) {
          ways.add(next);
        }
      }
      boolean end = symbolClass == alphabet.size();
      if (mode == Mode.EVERY_END && !end) {
        ways.add(program.start());
      }
      List<Integer> order =
          mode == Mode.EVERY_END ? ways.stream().sorted().toList() : List.copyOf(ways);
      int next = end ? DEAD : idOf(new State(order, bits(symbolClass)));
      table[id * symbols + symbol] = next << 1 | (matched ? 1 : 0);
    }
  }

  /**
   * Follows everything that takes no character.
   *
   * @param open gets the steps that take one, the preferred first, up to a match
   * @return whether there is a match
   */
  private boolean close(State state, int behind, int looks, List<Integer> open) {
    boolean[] seen = new boolean[program.size()];
    Deque<Integer> stack = new ArrayDeque<>();
    state.ways().reversed().forEach(stack::push);
    boolean matched = false;
    while (!stack.isEmpty()) {
      int at = stack.pop();
      if (seen[at]) {
        continue;
      }
      seen[at] = true;
      switch (program.step(at)) {
        case Program.Step.Match _ -> {
          matched = true;
          if (mode == Mode.PREFERRED) {
            return true; // what is left is less preferred
          }
        }
        case Program.Step.Take _ -> open.add(at);
        case Program.Step.Fork(int first, int second) -> {
          stack.push(second);
          stack.push(first);
        }
        case Program.Step.Check(Node.Edge edge, int next) -> {
          if (holds(edge, state.before(), behind)) {
            stack.push(next);
          }
        }
        case Program.Step.CheckLook(int index, boolean negated, int next) -> {
          if ((looks >>> index & 1) == 1 != negated) {
            stack.push(next);
          }
        }
      }
    }
    return matched;
  }

  private boolean holds(Node.Edge edge, int before, int behind) {
    boolean left = (before >>> asked.indexOf(edge.set()) & 1) == 1;
    boolean right = alphabet.isIn(behind, edge.set());
    boolean found =
        switch (edge.side()) {
          case BEFORE -> left;
          case BEHIND -> right;
          case DIFFERS -> left != right;
        };
    return found != edge.negated();
  }

  /** The state to begin in behind a character of that class. */
  int start(int before) {
    return starts[before];
  }

  /** The symbol of a class where {@code looks} (a bit each) hold. */
  int symbol(int symbolClass, int looks) {
    return symbolClass + looks * (alphabet.size() + 1);
  }

  /** The next state, twice, plus one if a match ends before the symbol. */
  int next(int state, int symbol) {
    return table[state * symbols + symbol];
  }
}
