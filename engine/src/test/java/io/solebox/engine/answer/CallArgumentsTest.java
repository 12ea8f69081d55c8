package io.solebox.engine.answer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.answer.call.ArgumentWriting;
import io.solebox.engine.answer.call.Schema;
import io.solebox.engine.answer.call.WrittenMarks;
import io.solebox.engine.constrain.CompiledGrammar;
import io.solebox.engine.constrain.grammar.Expression;
import io.solebox.engine.constrain.grammar.Grammar;
import io.solebox.engine.constrain.pattern.Budget;
import io.solebox.engine.constrain.structure.Structure;
import io.solebox.engine.constrain.structure.StructureReader;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Arguments between marks, held to the schema of their tool. */
class CallArgumentsTest {
  private static final String GLM = "<arg_key>";
  private static final String MINI_CPM = "<function name=";
  private static final String DSML = "DSML";

  private static Grammar grammar(String template, String properties) {
    String schema = "{\"type\":\"object\",\"properties\":{" + properties + "}}";
    ArgumentWriting writing = AnswerFormat.ofTemplate(template).writings().getFirst();
    WrittenMarks marks = new WrittenMarks(Expression::text, Expression.EMPTY);
    return StructureReader.arguments(
        new Structure.Schema(schema),
        writing.form(Schema.parse(schema), marks).orElseThrow(),
        new Budget());
  }

  /** Whether GLM's models may write a value of an argument. */
  private static boolean says(String property, String value) {
    return CompiledGrammar.of(grammar(GLM, "\"a\":" + property))
        .accepts("<arg_key>a</arg_key><arg_value>" + value + "</arg_value>");
  }

  private static SoleboxException refused(String template, String properties) {
    var refused = assertThrows(SoleboxException.class, () -> grammar(template, properties));
    assertEquals(ErrorCode.BAD_GRAMMAR, refused.code());
    return refused;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"type":"string"}                         | 5                      | true
          {"type":"string"}                         | "5"                    | true
          {"type":"string"}                         | a <b> </arg_valu >     | true
          {"type":"string"}                         | a</arg_value>b         | false
          {"type":"string"}                         | ``                     | true
          {"type":"string","minLength":2}           | a                      | false
          {"type":"string","maxLength":2}           | </                     | true
          {"type":"string","maxLength":2}           | abc                    | false
          {"type":"string","pattern":"^<\\\\S+>$"}  | <b>                    | true
          {"type":"string","pattern":"^<\\\\S+>$"}  | b                      | false
          {"enum":["5","a b"]}                      | 5                      | true
          {"enum":["5","a b"]}                      | "5"                    | false
          {"type":"integer","minimum":3}            | 3                      | true
          {"type":"integer","minimum":3}            | 2                      | false
          {"type":"integer"}                        | a                      | false
          {"type":["string","integer"]}             | 12 Main Street         | true
          {"type":["string","integer"],"minimum":9} | 12                     | true
          {"type":["string","integer"],"minimum":9} | 8                      | false
          {"type":["string","integer"],"minimum":9} | 8.5                    | false
          {"type":["string","integer"],"minimum":9} | 08                     | true
          {"type":["string","null"],"minLength":9}  | null                   | true
          {"type":["string","boolean"]}             | True                   | true
          {"type":"boolean"}                        | True                   | true
          {"type":"boolean","const":true}           | False                  | false
          {"type":"array","maxItems":1}             | ["a</b>"]              | true
          {"type":"array","maxItems":1}             | ["a</arg_value>"]      | false
          {"type":"array","maxItems":1}             | [1,2]                  | false
          {"type":["string","array"],"maxItems":1}  | [1] of 2               | true
          {"type":["string","array"],"maxItems":1}  | [1,2]                  | false
          {}                                        | {"a":[1]}              | true
          {}                                        | {a                     | true
          {"$ref":"#/$defs/d"}},"$defs":{"d":{"enum":["5","a b"]} | 5          | true
          {"$ref":"#/$defs/d"}},"$defs":{"d":{"enum":["5","a b"]} | "5"        | false
          {"allOf":[{"$ref":"#/$defs/d"}]}},"$defs":{"d":{"const":"null"} | null | true
          {"allOf":[{"type":["string","null"]},{"enum":["1","x"]}]} | 1        | true
          """)
  void aValueIsWrittenAsItIsRead(String property, String value, boolean said) {
    assertEquals(said, says(property, value));
  }

  @ParameterizedTest
  @CsvSource({"'\"type\":\"string\"',5,true", "'\"type\":\"integer\"',x,false"})
  void membersThatAreNotNamedAreWrittenAsTheyAreRead(String others, String value, boolean said) {
    String properties = "},\"additionalProperties\":{" + others;
    CompiledGrammar grammar = CompiledGrammar.of(grammar(GLM, properties));
    String written = "<arg_key>b</arg_key><arg_value>" + value + "</arg_value>";
    assertEquals(said, grammar.accepts(written));
  }

  @Test
  void whatItsMarksWouldTakeIsNotSaid() {
    CompiledGrammar grammar = CompiledGrammar.of(grammar(MINI_CPM, "\"a\":{\"type\":\"string\"}"));
    assertTrue(grammar.accepts("<param name=\"a\">x]]</param>"));
    assertTrue(grammar.accepts("<param name=\"a\"><![CDATA[<b>]]]]></param>"));
    assertEquals(false, grammar.accepts("<param name=\"a\">x]]></param>"));
  }

  @Test
  void whatSaysItsTypeMayBeAnyText() {
    CompiledGrammar grammar =
        CompiledGrammar.of(grammar(DSML, "\"a\":{\"type\":[\"string\",\"integer\"]}"));
    assertTrue(grammar.accepts("<｜DSML｜parameter name=\"a\" string=\"true\">5</｜DSML｜parameter>"));
    assertTrue(grammar.accepts("<｜DSML｜parameter name=\"a\" string=\"false\">5</｜DSML｜parameter>"));
    assertEquals(
        false, grammar.accepts("<｜DSML｜parameter name=\"a\" string=\"false\">x</｜DSML｜parameter>"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"type":"string"}             | 'it\\'s'            | true
          {"type":"string"}             | "it's"              | true
          {"type":"string"}             | 'it's'              | false
          {"type":"string","minLength":2} | '\\n'            | false
          {"type":"boolean"}            | True                | true
          {"type":["array","null"]}     | None                | true
          {"type":"array","items":{"type":"boolean"}} | [True, false] | true
          {"type":"object"}             | {'a': None, "b": 1} | true
          {"type":"integer"}            | '1'                 | false
          """)
  void pythonIsWrittenAsItIsRead(String property, String value, boolean said) {
    Grammar grammar = grammar("<|tool_call_start|>", "\"a\":" + property);
    assertEquals(said, CompiledGrammar.of(grammar).accepts("a=" + value));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"type":"string"}               | <~>it's "5"<~>         | true
          {"type":"string"}               | "a"                    | false
          {"type":"string"}               | <~>a<~>b<~>            | false
          {"type":"string","maxLength":1} | <~>ab<~>               | false
          {"type":"integer","minimum":3}  | 3                      | true
          {"type":"integer","minimum":3}  | 2                      | false
          {"type":"array","maxItems":1}   | [<~>a<~>]              | true
          {"type":"array","maxItems":1}   | [<~>a<~>,null]         | false
          {"type":"object"}               | {b:<~>x<~>,<~>c d<~>:1} | true
          """)
  void markedTextsAreWrittenAsTheyAreRead(String property, String value, boolean said) {
    Grammar grammar = grammar("<|channel><|tool_call>", "\"a\":" + property);
    String marked = value.replace("<~>", "<|\"|>");
    assertEquals(said, CompiledGrammar.of(grammar).accepts("a:" + marked));
  }

  @Test
  void whatCannotBeWrittenIsRefusedWithItsPlace() {
    assertEquals("#/properties/a/enum", refused(GLM, "\"a\":{\"enum\":[\"5\",5]}").place());
    assertEquals(
        "#/properties/a/const", refused(GLM, "\"a\":{\"const\":\"x</arg_value>\"}").place());
    assertEquals(
        "#/properties/a/items/const",
        refused(GLM, "\"a\":{\"type\":\"array\",\"items\":{\"const\":\"x</arg_value>\"}}").place());
    assertEquals("#/properties/a<b", refused(GLM, "\"a<b\":{\"type\":\"string\"}").place());
    String inner = "\"a\":{\"type\":\"object\",\"properties\":{\"</arg_value>\":{}}}";
    assertEquals("#/properties/a/properties/<~1arg_value>", refused(GLM, inner).place());
  }
}
