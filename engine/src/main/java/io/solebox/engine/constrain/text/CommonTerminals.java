package io.solebox.engine.constrain.text;

import io.solebox.engine.constrain.grammar.Expression;
import io.solebox.engine.constrain.grammar.Expression.Call;
import io.solebox.engine.constrain.grammar.Expression.Choice;
import io.solebox.engine.constrain.grammar.Expression.Repeat;
import io.solebox.engine.constrain.grammar.Expression.Sequence;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** The terminals that grammars import from {@code common} (lark-parser/lark: common.lark). */
final class CommonTerminals {
  private static final String HIDDEN = "root";

  private static final Map<String, Expression> RULES =
      GbnfReader.read(
              """
              root ::= "" # which GBNF wants
              DIGIT ::= [0-9]
              HEXDIGIT ::= [0-9a-fA-F]
              INT ::= DIGIT+
              SIGNED_INT ::= [+-]? INT
              DECIMAL ::= INT "." INT? | "." INT
              FLOAT ::= INT _EXP | DECIMAL _EXP?
              _EXP ::= [eE] SIGNED_INT
              SIGNED_FLOAT ::= [+-]? FLOAT
              NUMBER ::= FLOAT | INT
              SIGNED_NUMBER ::= [+-]? NUMBER
              ESCAPED_STRING ::= "\\"" ([^"\\\\\\n] | "\\\\" [^\\n])* "\\""
              LCASE_LETTER ::= [a-z]
              UCASE_LETTER ::= [A-Z]
              LETTER ::= [a-zA-Z]
              WORD ::= LETTER+
              CNAME ::= [_a-zA-Z] [_a-zA-Z0-9]*
              WS_INLINE ::= [ \\t]+
              WS ::= [ \\t\\x0C\\r\\n]+
              CR ::= "\\r"
              LF ::= "\\n"
              NEWLINE ::= ("\\r"? "\\n")+
              SH_COMMENT ::= "#" [^\\n]*
              CPP_COMMENT ::= "//" [^\\n]*
              C_COMMENT ::= "/*" ([^*] | "*"+ [^*/])* "*"+ "/"
              SQL_COMMENT ::= "--" [^\\n]*
              """,
              TokenNames.NONE)
          .rules();

  private CommonTerminals() {}

  /** What one is; empty where there is none of that name. */
  static Optional<Expression> of(String name) {
    return names().contains(name) ? Optional.of(withoutCalls(RULES.get(name))) : Optional.empty();
  }

  /** All of them, in the order of letters. */
  static TreeSet<String> names() {
    TreeSet<String> names = new TreeSet<>(RULES.keySet());
    names.removeIf(name -> name.equals(HIDDEN) || name.startsWith("_"));
    return names;
  }

  private static Expression withoutCalls(Expression expression) {
    return switch (expression) {
      case Call(String rule) -> withoutCalls(RULES.get(rule));
      case Sequence(var parts) ->
          new Sequence(parts.stream().map(CommonTerminals::withoutCalls).toList());
      case Choice(var options) ->
          new Choice(options.stream().map(CommonTerminals::withoutCalls).toList());
      case Repeat(Expression body, int min, int max) -> new Repeat(withoutCalls(body), min, max);
      case Expression.Text text -> text;
      case Expression.Characters characters -> characters;
      case Expression.Regular regular -> regular;
      case Expression.Tokens tokens -> tokens;
    };
  }
}
