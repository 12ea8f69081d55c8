package io.solebox.engine.constrain.structure;

import io.solebox.engine.constrain.grammar.Automaton;
import io.solebox.engine.constrain.grammar.Automaton.Edge;
import io.solebox.engine.constrain.grammar.Automaton.State;
import io.solebox.engine.constrain.grammar.Expression;
import io.solebox.engine.constrain.grammar.Grammar;
import io.solebox.engine.regex.CodePointSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Texts of a grammar as they stand inside of a JSON string. Each is written in one way, as {@link
 * QuotedAutomaton} has it.
 */
final class QuotedGrammar {
  private QuotedGrammar() {}

  /**
   * A JSON object of one member.
   *
   * @param member its name
   * @param grammar of its value, a string
   */
  static Grammar object(String member, Grammar grammar) {
    Map<String, Expression> rules = new LinkedHashMap<>();
    grammar.rules().forEach((name, body) -> rules.put("text " + name, quoted(body)));
    Expression space = Expression.text(" ").optional();
    rules.put(
        "object",
        Expression.sequence(
            Expression.text("{\"" + member + "\":"),
            space,
            Expression.text("\""),
            new Expression.Call("text " + grammar.root()),
            Expression.text("\"}")));
    return new Grammar("object", rules);
  }

  private static Expression quoted(Expression expression) {
    return switch (expression) {
      case Expression.Text(String text) ->
          new Expression.Sequence(
              text.codePoints().mapToObj(c -> quoted(CodePointSet.of(c))).toList());
      case Expression.Characters(CodePointSet set) -> quoted(set);
      case Expression.Sequence(var parts) ->
          new Expression.Sequence(parts.stream().map(QuotedGrammar::quoted).toList());
      case Expression.Choice(var options) ->
          new Expression.Choice(options.stream().map(QuotedGrammar::quoted).toList());
      case Expression.Repeat(Expression body, int min, int max) ->
          new Expression.Repeat(quoted(body), min, max);
      case Expression.Call(String rule) -> new Expression.Call("text " + rule);
      case Expression.Regular(Automaton automaton) ->
          new Expression.Regular(QuotedAutomaton.of(automaton));
      // Grammars that are quoted may name no tokens; one that stands for any others is no text.
      case Expression.Tokens _ -> Expression.NOTHING;
    };
  }

  private static Expression quoted(CodePointSet set) {
    return QuotedAutomaton.isPlain(set)
        ? new Expression.Characters(set)
        : new Expression.Regular(
            QuotedAutomaton.of(
                new Automaton(
                    List.of(
                        new State(false, List.of(new Edge(set, 1))), new State(true, List.of())))));
  }
}
