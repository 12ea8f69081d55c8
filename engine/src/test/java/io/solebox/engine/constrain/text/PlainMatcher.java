package io.solebox.engine.constrain.text;

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
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * What a grammar means, without any haste: where each expression can end, from each place. A text
 * is characters, and tokens as the complement of their ids.
 */
final class PlainMatcher {
  private record Place(Expression expression, int at) {}

  private final Grammar grammar;
  private final int[] text;
  private final Map<Place, BitSet> known = new HashMap<>();

  private PlainMatcher(Grammar grammar, int[] text) {
    this.grammar = grammar;
    this.text = text;
  }

  static boolean accepts(Grammar grammar, String text) {
    return accepts(grammar, text.codePoints().toArray());
  }

  static boolean accepts(Grammar grammar, int[] text) {
    return new PlainMatcher(grammar, text).ends(new Call(grammar.root()), 0).get(text.length);
  }

  private BitSet ends(Expression expression, int at) {
    Place place = new Place(expression, at);
    BitSet found = known.get(place);
    if (found == null) {
      found = found(expression, at);
      known.put(place, found);
    }
    return found;
  }

  private BitSet found(Expression expression, int at) {
    return switch (expression) {
      case Text(String literal) -> literal(literal.codePoints().toArray(), at);
      case Characters(var set) -> one(at, at < text.length && set.contains(text[at]));
      case Tokens(var ids, boolean others) ->
          one(at, at < text.length && ids.contains(~text[at]) != others);
      case Sequence(var parts) -> {
        BitSet ends = set(at);
        for (Expression part : parts) {
          ends = behind(ends, part);
        }
        yield ends;
      }
      case Choice(var options) -> {
        BitSet ends = new BitSet();
        options.forEach(option -> ends.or(ends(option, at)));
        yield ends;
      }
      case Repeat repeat -> repeated(repeat, at);
      case Call(String rule) -> ends(grammar.rules().get(rule), at);
      case Regular(Automaton _) -> throw new IllegalArgumentException("no automata here");
    };
  }

  private static BitSet set(int place) {
    BitSet places = new BitSet();
    places.set(place);
    return places;
  }

  private static BitSet one(int at, boolean fits) {
    return fits ? set(at + 1) : new BitSet();
  }

  private BitSet literal(int[] characters, int at) {
    boolean fits = at + characters.length <= text.length;
    for (int i = 0; fits && i < characters.length; i++) {
      fits = text[at + i] == characters[i];
    }
    return fits ? set(at + characters.length) : new BitSet();
  }

  private BitSet repeated(Repeat repeat, int at) {
    BitSet ends = new BitSet();
    BitSet now = set(at);
    for (int i = 0; i <= repeat.max() && !now.isEmpty(); i++) {
      BitSet before = (BitSet) ends.clone();
      if (i >= repeat.min()) {
        ends.or(now);
      }
      if (i > repeat.min() && ends.equals(before)) {
        break;
      }
      now = behind(now, repeat.body());
    }
    return ends;
  }

  private BitSet behind(BitSet places, Expression part) {
    BitSet ends = new BitSet();
    places.stream().forEach(place -> ends.or(ends(part, place)));
    return ends;
  }
}
