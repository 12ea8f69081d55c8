package io.solebox.engine.constrain.structure;

import io.solebox.engine.constrain.grammar.Automaton;
import io.solebox.engine.constrain.grammar.Automaton.Edge;
import io.solebox.engine.constrain.grammar.Automaton.State;
import io.solebox.engine.constrain.grammar.Expression;
import io.solebox.engine.constrain.grammar.Grammar;
import io.solebox.engine.regex.CodePointSet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Texts of a grammar as they stand inside of a JSON string. Each is written in one way: with the
 * short escapes of JSON where there is one, and as itself wherever that is allowed.
 */
final class QuotedGrammar {
  /** Characters that cannot stand for themselves, and what stands for them. */
  private static final Map<Integer, String> ESCAPES = escapes();

  private static final CodePointSet ESCAPED =
      ESCAPES.keySet().stream()
          .map(CodePointSet::of)
          .reduce(CodePointSet.NONE, CodePointSet::union);

  private QuotedGrammar() {}

  private static Map<Integer, String> escapes() {
    Map<Integer, String> escapes = new LinkedHashMap<>();
    for (int c = 0; c < ' '; c++) {
      escapes.put(c, "\\u%04x".formatted(c));
    }
    escapes.putAll(
        Map.of(
            (int) '"', "\\\"",
            (int) '\\', "\\\\",
            (int) '\n', "\\n",
            (int) '\t', "\\t",
            (int) '\r', "\\r",
            (int) '\b', "\\b",
            (int) '\f', "\\f"));
    return escapes;
  }

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
      case Expression.Text(String text) -> Expression.text(quoted(text));
      case Expression.Characters(CodePointSet set) -> quoted(set);
      case Expression.Sequence(var parts) ->
          new Expression.Sequence(parts.stream().map(QuotedGrammar::quoted).toList());
      case Expression.Choice(var options) ->
          new Expression.Choice(options.stream().map(QuotedGrammar::quoted).toList());
      case Expression.Repeat(Expression body, int min, int max) ->
          new Expression.Repeat(quoted(body), min, max);
      case Expression.Call(String rule) -> new Expression.Call("text " + rule);
      case Expression.Regular(Automaton automaton) ->
          new Expression.Regular(new Quoting(automaton).quoted());
      // Grammars that are quoted may name no tokens; one that stands for any others is no text.
      case Expression.Tokens _ -> Expression.NOTHING;
    };
  }

  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              String escape = ESCAPES.get(c);
              if (escape == null) {
                quoted.appendCodePoint(c);
              } else {
                quoted.append(escape);
              }
            });
    return quoted.toString();
  }

  private static Expression quoted(CodePointSet set) {
    List<Expression> options = new ArrayList<>();
    options.add(new Expression.Characters(set.minus(ESCAPED)));
    ESCAPES.forEach(
        (c, escape) -> {
          if (set.contains(c)) {
            options.add(Expression.text(escape));
          }
        });
    return options.size() == 1 ? options.getFirst() : new Expression.Choice(options);
  }

  /** Makes an automaton of another one. */
  private static final class Quoting {
    private final Automaton automaton;

    /** Edges of all states, those of the automaton first. */
    private final List<List<Edge>> edges = new ArrayList<>();

    Quoting(Automaton automaton) {
      this.automaton = automaton;
    }

    Automaton quoted() {
      automaton.states().forEach(_ -> edges.add(new ArrayList<>()));
      for (int from = 0; from < automaton.states().size(); from++) {
        for (Edge edge : automaton.states().get(from).edges()) {
          add(from, edge);
        }
      }
      List<State> states = new ArrayList<>();
      for (int i = 0; i < edges.size(); i++) {
        boolean accepting = i < automaton.states().size() && automaton.states().get(i).accepting();
        states.add(new State(accepting, edges.get(i)));
      }
      return new Automaton(states);
    }

    private void add(int from, Edge edge) {
      CodePointSet plain = edge.on().minus(ESCAPED);
      if (!plain.isEmpty()) {
        edges.get(from).add(new Edge(plain, edge.to()));
      }
      ESCAPES.forEach(
          (c, escape) -> {
            if (edge.on().contains(c)) {
              write(from, escape, edge.to());
            }
          });
    }

    private void write(int from, String text, int to) {
      int at = from;
      for (int i = 0; i < text.length(); i++) {
        int next = to;
        if (i < text.length() - 1) {
          next = edges.size();
          edges.add(new ArrayList<>());
        }
        edges.get(at).add(new Edge(CodePointSet.of(text.charAt(i)), next));
        at = next;
      }
    }
  }
}
