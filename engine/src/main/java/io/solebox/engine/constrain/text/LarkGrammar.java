package io.solebox.engine.constrain.text;

import io.solebox.engine.constrain.grammar.Expression;
import io.solebox.engine.constrain.grammar.Expression.Call;
import io.solebox.engine.constrain.grammar.Expression.Choice;
import io.solebox.engine.constrain.grammar.Expression.Sequence;
import io.solebox.engine.constrain.grammar.Grammar;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes loops of rules that begin with themselves: {@code a: a x | b} is {@code a: b x*}. */
final class LarkGrammar {
  private LarkGrammar() {}

  static Grammar withLoops(Grammar grammar) {
    Map<String, Expression> rules = new LinkedHashMap<>();
    grammar.rules().forEach((name, body) -> rules.put(name, withLoop(name, body)));
    return new Grammar(grammar.root(), rules);
  }

  private static Expression withLoop(String name, Expression body) {
    List<Expression> firsts = new ArrayList<>();
    List<Expression> nexts = new ArrayList<>();
    for (Expression option : options(body)) {
      List<Expression> parts = parts(option);
      boolean again = !parts.isEmpty() && parts.getFirst().equals(new Call(name));
      if (!again) {
        firsts.add(option);
      } else if (parts.size() > 1) {
        nexts.add(new Sequence(parts.subList(1, parts.size())));
      }
    }
    return nexts.isEmpty()
        ? body
        : Expression.sequence(new Choice(firsts), new Choice(nexts).repeated());
  }

  private static List<Expression> options(Expression body) {
    return body instanceof Choice(List<Expression> options)
        ? options.stream().flatMap(option -> options(option).stream()).toList()
        : List.of(body);
  }

  private static List<Expression> parts(Expression option) {
    return option instanceof Sequence(List<Expression> parts)
        ? parts.stream().flatMap(part -> parts(part).stream()).toList()
        : List.of(option);
  }
}
