package io.solebox.engine.constrain;

import static io.solebox.engine.constrain.grammar.Expression.choice;
import static io.solebox.engine.constrain.grammar.Expression.sequence;
import static io.solebox.engine.constrain.grammar.Expression.text;

import io.solebox.engine.constrain.grammar.Expression;
import io.solebox.engine.constrain.grammar.Expression.Call;
import io.solebox.engine.constrain.grammar.Expression.Characters;
import io.solebox.engine.constrain.grammar.Expression.Repeat;
import io.solebox.engine.constrain.grammar.Grammar;
import io.solebox.engine.regex.CodePointSet;
import java.util.LinkedHashMap;
import java.util.Map;

/** JSON texts as a grammar. */
final class JsonGrammar {
  private JsonGrammar() {}

  /**
   * @param root what whole texts are; it may use {@code value}, {@code string}, {@code char} and
   *     {@code space}
   */
  static Grammar of(Expression root) {
    CodePointSet plain =
        CodePointSet.range(' ', 0x10ffff).minus(CodePointSet.of('"')).minus(CodePointSet.of('\\'));
    CodePointSet hex = range('0', '9').union(range('a', 'f')).union(range('A', 'F'));
    Expression digits = new Repeat(new Characters(range('0', '9')), 1, Expression.UNBOUNDED);
    Expression space = new Characters(CodePointSet.of(' ').union(CodePointSet.of('\n')));
    Call value = new Call("value");
    Call ws = new Call("space");
    Map<String, Expression> rules = new LinkedHashMap<>();
    rules.put("root", root);
    rules.put("space", new Repeat(space, 0, 20));
    rules.put(
        "char",
        choice(
            new Characters(plain),
            sequence(text("\\"), new Characters(of("\"\\/bfnrt"))),
            sequence(text("\\u"), new Repeat(new Characters(hex), 4, 4))));
    rules.put("string", sequence(text("\""), new Call("char").repeated(), text("\"")));
    rules.put(
        "number",
        sequence(
            text("-").optional(),
            choice(text("0"), sequence(new Characters(range('1', '9')), digits.optional())),
            sequence(text("."), digits).optional()));
    Expression member = sequence(new Call("string"), ws, text(":"), ws, value, ws);
    rules.put("object", sequence(text("{"), ws, list(member, ws), text("}")));
    rules.put("array", sequence(text("["), ws, list(sequence(value, ws), ws), text("]")));
    rules.put(
        "value",
        choice(
            new Call("object"),
            new Call("array"),
            new Call("string"),
            new Call("number"),
            text("true"),
            text("false"),
            text("null")));
    return new Grammar("root", rules);
  }

  private static Expression list(Expression item, Expression space) {
    return sequence(item, sequence(text(","), space, item).repeated()).optional();
  }

  static CodePointSet range(int first, int last) {
    return CodePointSet.range(first, last);
  }

  static CodePointSet of(String characters) {
    return characters
        .codePoints()
        .mapToObj(CodePointSet::of)
        .reduce(CodePointSet.NONE, CodePointSet::union);
  }
}
