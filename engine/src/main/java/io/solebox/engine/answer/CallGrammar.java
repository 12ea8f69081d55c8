package io.solebox.engine.answer;

import io.solebox.engine.answer.call.ArgumentWriting;
import io.solebox.engine.answer.call.Schema;
import io.solebox.engine.answer.call.WrittenMarks;
import io.solebox.engine.constrain.grammar.Expression;
import io.solebox.engine.constrain.grammar.Grammar;
import io.solebox.engine.constrain.pattern.Budget;
import io.solebox.engine.constrain.pattern.Pattern;
import io.solebox.engine.constrain.structure.Structure;
import io.solebox.engine.constrain.structure.StructureReader;
import io.solebox.engine.constrain.text.TokenNames;
import io.solebox.engine.regex.CodePointSet;
import io.solebox.engine.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Answers whose calls hold the schemas of their tools, as grammars.
 *
 * @param arguments of each tool that may be called, by its name: what they may be
 * @param single whether one call is the most
 * @param otherwise what an answer may be that is no call, or what may stand in front of calls
 */
public record CallGrammar(
    CallEnvelope envelope, Map<String, Structure> arguments, boolean single, Otherwise otherwise) {
  /** What an answer may be but calls. */
  public sealed interface Otherwise {
    /** There must be a call. */
    record Nothing() implements Otherwise {}

    /** Text, also in front of calls. */
    record AnyText() implements Otherwise {}

    /**
     * A text instead of calls, between what the model writes around it.
     *
     * @param structure of the text; empty for any
     * @param behindThoughts whether it follows thoughts
     */
    record Framed(Optional<Structure> structure, TextFrame frame, boolean behindThoughts)
        implements Otherwise {}
  }

  private static final String ROOT = "answer";
  private static final String CALL = "call";
  private static final String FORMAT = "format ";
  private static final Expression SPACE = FramedStructure.SPACE;

  /** What ids are made of, as templates that want nine of them do. */
  private static final Expression ID =
      new Expression.Repeat(
          new Expression.Characters(
              CodePointSet.range('0', '9').union(CodePointSet.range('a', 'z'))),
          CallSample.ID.length(),
          CallSample.ID.length());

  public CallGrammar with(Otherwise value) {
    return new CallGrammar(envelope, arguments, single, value);
  }

  /**
   * @throws io.solebox.engine.error.SoleboxException {@code BAD_GRAMMAR} for a schema that cannot
   *     be honoured in full
   */
  public Grammar grammar(Tokenizer tokenizer) {
    return new Writer(new SpecialTexts(tokenizer), new Budget()).grammar(this);
  }

  /** Puts one together. */
  private record Writer(SpecialTexts specials, Budget budget) {
    Grammar grammar(CallGrammar asked) {
      Map<String, Expression> rules = new LinkedHashMap<>();
      List<Expression> calls = new ArrayList<>();
      asked
          .arguments()
          .forEach((name, structure) -> calls.add(call(asked, name, structure, rules)));
      rules.put(CALL, new Expression.Choice(calls));
      Expression one = new Expression.Call(CALL);
      boolean several = asked.envelope().repeats() && !asked.single();
      Expression all =
          several ? Expression.sequence(one, Expression.sequence(SPACE, one).repeated()) : one;
      rules.put(
          ROOT,
          switch (asked.otherwise()) {
            case Otherwise.Nothing _ -> Expression.sequence(SPACE, all);
            case Otherwise.AnyText _ -> Expression.sequence(text(asked), all.optional(), SPACE);
            case Otherwise.Framed(
                    Optional<Structure> structure,
                    TextFrame frame,
                    boolean behindThoughts) -> {
              Expression said =
                  structure.map(own -> own(own, FORMAT, rules)).orElseGet(() -> plainText(asked));
              yield Expression.choice(
                  Expression.sequence(SPACE, all, SPACE),
                  FramedStructure.framed(specials, frame, behindThoughts, said));
            }
          });
      return new Grammar(ROOT, rules);
    }

    private Expression call(
        CallGrammar asked, String name, Structure structure, Map<String, Expression> rules) {
      CallOpening opening = asked.envelope().opening();
      return Expression.sequence(
          opened(opening, name),
          SPACE,
          arguments(asked.envelope().writing(), structure, CALL + " " + name + " ", rules),
          SPACE,
          marks(asked.envelope().closing().stripLeading(), name));
    }

    /** The beginning of a call, as it is with thoughts in front or without. */
    private Expression opened(CallOpening opening, String name) {
      String first = opening.before().stripLeading();
      String led = opening.behindThoughts().stripLeading();
      Expression begun = marks(first + name + opening.after(), name);
      return led.equals(first)
          ? begun
          : Expression.choice(begun, marks(led + name + opening.after(), name));
    }

    private Expression arguments(
        ArgumentWriting writing,
        Structure structure,
        String prefix,
        Map<String, Expression> rules) {
      WrittenMarks marks = new WrittenMarks(specials::expression, SPACE);
      return writing
          .form(schema(structure), marks)
          .map(form -> added(StructureReader.arguments(structure, form, budget), prefix, rules))
          .orElseGet(() -> own(structure, prefix, rules));
    }

    /** What a reader knows of it. */
    private static Schema schema(Structure structure) {
      return structure instanceof Structure.Schema(String json) ? Schema.parse(json) : Schema.ANY;
    }

    /** The root of a structure, whose rules are added under names with this prefix. */
    private Expression own(Structure structure, String prefix, Map<String, Expression> rules) {
      return added(StructureReader.grammar(structure, TokenNames.NONE, budget), prefix, rules);
    }

    private static Expression added(Grammar own, String prefix, Map<String, Expression> rules) {
      own.rules().forEach((rule, body) -> rules.put(prefix + rule, renamed(body, prefix)));
      return new Expression.Call(prefix + own.root());
    }

    /** A text of a template, with the name and an id of a call in place of the sample's. */
    private Expression marks(String text, String name) {
      String named = text.replace(CallSample.NAME, name);
      List<Expression> parts = new ArrayList<>();
      String[] pieces = named.split(CallSample.ID, -1);
      for (int i = 0; i < pieces.length; i++) {
        if (i > 0) {
          parts.add(ID);
        }
        parts.addAll(specials.split(pieces[i]));
      }
      return new Expression.Sequence(parts);
    }

    /** Text without what calls begin with; special tokens, too, that neither do nor end it. */
    private Expression text(CallGrammar asked) {
      Expression plain = plainText(asked);
      Set<Integer> others = specials.without(asked.envelope().marks());
      if (others.isEmpty()) {
        return plain;
      }
      Expression special = new Expression.Tokens(others, false);
      return Expression.sequence(plain, Expression.sequence(special, plain).repeated());
    }

    /** The same without special tokens. */
    private Expression plainText(CallGrammar asked) {
      List<String> marks = asked.envelope().marks();
      if (marks.isEmpty()) {
        return new Expression.Characters(CodePointSet.ALL).repeated();
      }
      String any = marks.stream().map(Writer::literal).collect(Collectors.joining("|"));
      return new Expression.Regular(Pattern.search(any, budget).complement(budget).automaton());
    }

    /** As a pattern. */
    private static String literal(String text) {
      return text.codePoints().mapToObj("\\u{%x}"::formatted).collect(Collectors.joining());
    }
  }

  private static Expression renamed(Expression expression, String prefix) {
    return switch (expression) {
      case Expression.Call(String rule) -> new Expression.Call(prefix + rule);
      case Expression.Sequence(var parts) ->
          new Expression.Sequence(parts.stream().map(part -> renamed(part, prefix)).toList());
      case Expression.Choice(var options) ->
          new Expression.Choice(options.stream().map(one -> renamed(one, prefix)).toList());
      case Expression.Repeat(Expression body, int min, int max) ->
          new Expression.Repeat(renamed(body, prefix), min, max);
      case Expression.Text text -> text;
      case Expression.Characters characters -> characters;
      case Expression.Regular regular -> regular;
      case Expression.Tokens tokens -> tokens;
    };
  }
}
