package io.solebox.engine.constrain.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.constrain.grammar.Expression;
import io.solebox.engine.constrain.grammar.Grammar;
import io.solebox.engine.constrain.grammar.PlainMatcher;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LarkReaderTest {
  /** A pattern that says what it is. */
  private static Grammar read(String text) {
    return LarkReader.read(
        text,
        (pattern, flags) -> Expression.text("<" + pattern + "," + flags + ">"),
        TokenNames.NONE);
  }

  private static void assertAccepts(String grammar, String... texts) {
    Grammar read = read(grammar);
    for (String text : texts) {
      assertTrue(PlainMatcher.accepts(read, text), text);
    }
  }

  private static void assertRejects(String grammar, String... texts) {
    Grammar read = read(grammar);
    for (String text : texts) {
      assertFalse(PlainMatcher.accepts(read, text), text);
    }
  }

  /** As in Lark's own tutorial. */
  private static final String CALCULATOR =
      """
      ?start: sum
            | NAME "=" sum    -> assign_var

      ?sum: product
          | sum "+" product   -> add
          | sum "-" product   -> sub

      ?product: atom
          | product "*" atom  -> mul
          | product "/" atom  -> div

      ?atom: NUMBER           -> number
           | "-" atom         -> neg
           | NAME             -> var
           | "(" sum ")"

      %import common.CNAME -> NAME
      %import common.NUMBER
      %import common.WS_INLINE

      %ignore WS_INLINE
      """;

  @Test
  void grammarsThatBeginWithThemselvesAreLoops() {
    assertAccepts(
        CALCULATOR, "1+2*3", "x = (1.5e3 - y) / -2", " 1 ", "((1))", "a=1 - 2 - 3", "- - 1");
    assertRejects(CALCULATOR, "", "1+", "x = y = 1", "(1", "1\n+2");
  }

  private static final String JSON =
      """
      ?start: value
      ?value: object | array | string | SIGNED_NUMBER | "true" | "false" | "null"
      array  : "[" [value ("," value)*] "]"
      object : "{" [pair ("," pair)*] "}"
      pair   : string ":" value
      string : ESCAPED_STRING
      %import common (ESCAPED_STRING, SIGNED_NUMBER, WS)
      %ignore WS
      """;

  @Test
  void whatIsIgnoredMayStandBetweenTerminals() {
    assertAccepts(JSON, "{\"a\": [1, -2.5, {}],\n\"b\\\"\" : null }", "[ ]", "\n1");
    assertRejects(JSON, "{\"a\"}", "[1,]", "tr ue", "\"a");
  }

  @Test
  void terminalsAreMadeOfTerminals() {
    assertAccepts(
        "start: A~2 B{1,2} C{,1} D~1..2\nA: \"a\"\nB: \"x\"..\"z\"\nC: \"c\"i\nD: A | B",
        "aaxzCy",
        "aayaa");
    assertRejects("start: A~2 [B]\nA: \"a\"\nB: \"b\"", "a", "aabb", "a b");
    assertAccepts("start: A ~ 2\nA: \"\\n\" \"\\u00e9\"?", "\né\n");
  }

  @Test
  void patternsAreReadElsewhere() {
    assertAccepts("start: /a\\/b\\d+/i // what is behind is a comment\n", "<a/b\\d+,i>");
    assertAccepts("start: X # comment\nX: /[^\"]/ \"b\"", "<[^\"],>b");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      textBlock =
          """
          start: x                      ~ line 1, column 8  ~ There is no rule 'x'
          start.2: "a"                  ~ line 1, column 6  ~ A priority of 'start' is not supported
          start: "a"⏎A[lazy]: "a"       ~ line 2, column 2  ~ An option of 'A' is not supported
          start: "a"⏎s{x}: x            ~ line 2, column 2  ~ A template of 's' is not supported
          start: s{x}                   ~ line 1, column 9  ~ Templates are not supported
          start: %json {}               ~ line 1, column 8  ~ '%json' is not supported
          start: A & B                  ~ line 1, column 10 ~ What is two patterns at once
          start: "a"⏎%declare A         ~ line 2, column 1  ~ '%declare' is not known here
          start: "a"⏎%import python.X   ~ line 2, column 9  ~ Only 'common' can be imported
          start: "a"⏎%import common.Y   ~ line 2, column 16 ~ 'common' has no 'Y'
          start: A⏎A: b⏎b: "x"          ~ line 2, column 4  ~ A terminal cannot have the rule 'b' inside
          start: ("a"                   ~ line 1, column 12 ~ ')' is expected, and not the end
          start: "a" )                  ~ line 1, column 12 ~ The end of the line is expected
          start: "ab".."c"              ~ line 1, column 8  ~ A range goes from one character
          start: <think>                ~ line 1, column 8  ~ Tokens are those of a model
          start: /a                     ~ line 1, column 10 ~ The grammar ends too early
          begin: "a"                    ~ ``                ~ The grammar has no rule 'start'
          """)
  void whatIsNotKnownIsRefusedByName(String grammar, String place, String message) {
    SoleboxException e =
        assertThrows(SoleboxException.class, () -> read(grammar.replace('⏎', '\n')));
    assertEquals(ErrorCode.BAD_GRAMMAR, e.code());
    assertEquals(place, e.place(), e.getMessage());
    assertTrue(e.getMessage().startsWith(message), e.getMessage());
  }

  @Test
  void hostileTextsEndSoon() {
    String deep = "start: " + "(".repeat(100_000);
    assertThrows(SoleboxException.class, () -> read(deep));
  }
}
