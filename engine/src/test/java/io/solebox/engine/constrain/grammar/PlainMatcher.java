package io.solebox.engine.constrain.grammar;

import java.util.BitSet;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Whether a grammar accepts a text, by asking of every part where it can end: slow, and plain
 * enough to be the truth that faster matchers are held to. For rules that do not begin with
 * themselves. A text is characters, and tokens that are named as the complement of their ids.
 */
public final class PlainMatcher {
  private final Grammar grammar;
  private final int[] text;
  private final IdentityHashMap<Expression, Map<Integer, BitSet>> known = new IdentityHashMap<>();

  private PlainMatcher(Grammar grammar, int[] text) {
    this.grammar = grammar;
    this.text = text;
  }

  public static boolean accepts(Grammar grammar, String text) {
    return accepts(grammar, text.codePoints().toArray());
  }

  public static boolean accepts(Grammar grammar, int[] text) {
    PlainMatcher matcher = new PlainMatcher(grammar, text);
    return matcher.ends(grammar.rules().get(grammar.root()), 0).get(matcher.text.length);
  }

  private BitSet ends(Expression expression, int at) {
    Map<Integer, BitSet> places = known.computeIfAbsent(expression, _ -> new HashMap<>());
    BitSet before = places.get(at);
    if (before == null) {
      before = find(expression, at);
      places.put(at, before);
    }
    return before;
  }

  private BitSet ends(Expression expression, BitSet starts) {
    BitSet all = new BitSet();
    starts.stream().forEach(at -> all.or(ends(expression, at)));
    return all;
  }

  private BitSet find(Expression expression, int at) {
    return switch (expression) {
      case Expression.Text(String wanted) -> {
        int[] characters = wanted.codePoints().toArray();
        boolean found = at + characters.length <= text.length;
        for (int i = 0; found && i < characters.length; i++) {
          found = text[at + i] == characters[i];
        }
        yield found ? only(at + characters.length) : new BitSet();
      }
      case Expression.Characters characters ->
          at < text.length && characters.set().contains(text[at]) ? only(at + 1) : new BitSet();
      case Expression.Sequence(List<Expression> parts) -> {
        BitSet places = only(at);
        for (Expression part : parts) {
          places = ends(part, places);
        }
        yield places;
      }
      case Expression.Choice(List<Expression> options) -> {
        BitSet places = new BitSet();
        options.forEach(option -> places.or(ends(option, at)));
        yield places;
      }
      case Expression.Repeat repeat -> repeat(repeat, at);
      case Expression.Call(String rule) -> ends(grammar.rules().get(rule), at);
      case Expression.Regular(Automaton automaton) -> regular(automaton, at);
      case Expression.Tokens(var ids, boolean others) ->
          at < text.length && ids.contains(~text[at]) != others ? only(at + 1) : new BitSet();
    };
  }

  private static BitSet only(int place) {
    BitSet one = new BitSet();
    one.set(place);
    return one;
  }

  private BitSet repeat(Expression.Repeat repeat, int at) {
    BitSet places = only(at);
    BitSet all = new BitSet();
    for (int i = 0; i <= repeat.max() && !places.isEmpty(); i++) {
      if (i >= repeat.min()) {
        BitSet before = (BitSet) all.clone();
        all.or(places);
        if (before.equals(all) && i > repeat.min()) {
          break;
        }
      }
      if (i < repeat.max()) {
        places = ends(repeat.body(), places);
      }
    }
    return all;
  }

  private BitSet regular(Automaton automaton, int start) {
    BitSet states = only(0);
    BitSet all = new BitSet();
    for (int at = start; !states.isEmpty(); at++) {
      if (states.stream().anyMatch(state -> automaton.states().get(state).accepting())) {
        all.set(at);
      }
      BitSet next = new BitSet();
      if (at < text.length) {
        int c = text[at];
        states.stream()
            .boxed()
            .flatMap(state -> automaton.states().get(state).edges().stream())
            .filter(edge -> edge.on().contains(c))
            .forEach(edge -> next.set(edge.to()));
      }
      states = next;
    }
    return all;
  }
}
