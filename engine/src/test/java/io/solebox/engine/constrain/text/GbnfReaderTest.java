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
import io.solebox.engine.testdata.SharedData;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class GbnfReaderTest {
  private static final TokenNames TOKENS =
      new TokenNames() {
        @Override
        public int size() {
          return 100;
        }

        @Override
        public OptionalInt id(String text) {
          return text.equals("<think>") ? OptionalInt.of(7) : OptionalInt.empty();
        }
      };

  private static Grammar read(String text) {
    return GbnfReader.read(text, TOKENS);
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

  private static List<JsonNode> cases(String name) throws IOException {
    JsonMapper json = new JsonMapper();
    return Files.readString(SharedData.folder("grammar").resolve(name))
        .lines()
        .map(json::readTree)
        .toList();
  }

  /** A text, or bytes with tokens between: ff and the number in four bytes. */
  private static int[] text(JsonNode node) {
    if (node.isString()) {
      return node.asString().codePoints().toArray();
    }
    ByteBuffer bytes =
        ByteBuffer.wrap(Base64.getDecoder().decode(node.get("bytes_b64").asString()));
    List<Integer> text = new ArrayList<>();
    while (bytes.hasRemaining()) {
      int next = bytes.get() & 0xff;
      text.add(next == 0xff ? ~bytes.getInt() : next);
    }
    return text.stream().mapToInt(c -> c).toArray();
  }

  @Test
  void casesOfLlamaCppAreDecidedAsThere() throws IOException {
    for (JsonNode one : cases("gbnf.jsonl")) {
      Grammar grammar = read(one.get("grammar").asString());
      String name = one.get("desc").asString();
      one.get("accept")
          .forEach(t -> assertTrue(PlainMatcher.accepts(grammar, text(t)), name + ": " + t));
      one.get("reject")
          .forEach(t -> assertFalse(PlainMatcher.accepts(grammar, text(t)), name + ": " + t));
    }
  }

  @Test
  void missingRulesOfLlamaCppsCasesAreNamed() throws IOException {
    for (JsonNode one : cases("gbnf-bad.jsonl")) {
      String must = one.get("must").asString();
      if (must.contains("undefined") || must.contains("no root")) {
        assertThrows(SoleboxException.class, () -> read(one.get("grammar").asString()), must);
      }
    }
  }

  @Test
  void grammarsThatLlamaCppMakesOfSchemasCanBeRead() throws IOException {
    for (JsonNode one : cases("schema-to-gbnf.jsonl")) {
      if (one.hasNonNull("expected_gbnf")) {
        assertFalse(read(one.get("expected_gbnf").asString()).rules().isEmpty());
      }
    }
  }

  @Test
  void escapesAreCharacters() {
    assertAccepts(
        "root ::= \"\\x41\\u00e9\\U0001F600\\t\\r\\n\\\\\\\"\\[\\]\"", "Aé😀\t\r\n\\\"[]");
    assertAccepts("root ::= [\\x41-\\x43\\]\\-]", "A", "B", "C", "]", "-");
    assertRejects("root ::= [\\x41-\\x43\\]\\-]", "D", "\\", "");
    assertAccepts("root ::= [a-]", "a", "-");
    assertAccepts("root ::= [^\"\\\\]+", "né, 😀");
  }

  @Test
  void linesGoOnInsideParenthesesAndBesideBars() {
    assertAccepts(
        "# first\nroot ::= ( # here\n \"a\"\n\n \"b\" ) |\n \"c\"\n  | \"d\" # end",
        "ab",
        "c",
        "d");
    assertAccepts("root::=a\r\na\t::= \"x\"\r\n", "x");
    assertAccepts("root ::= my-rule other_rule\nmy-rule ::= \"a\"\nother_rule ::= \"b\"", "ab");
  }

  @Test
  void repetitionsAreThoseOfWhatStandsBefore() {
    assertAccepts("root ::= \"ab\"{2}", "abab");
    assertRejects("root ::= \"ab\"{2}", "abb", "ab", "ababab");
    assertAccepts("root ::= (\"a\" | \"b\"){0,2} \"c\"{ 1 , }", "c", "abccc");
    assertRejects("root ::= (\"a\" | \"b\"){0,2} \"c\"{1,}", "abac", "ab");
    assertAccepts("root ::= \"a\"?* | ", "", "aaa");
  }

  @Test
  void tokensAreNamedByNumberAndByText() {
    assertEquals(
        new Expression.Tokens(Set.of(7), false), read("root ::= <think>").rules().get("root"));
    assertEquals(
        new Expression.Tokens(Set.of(99), true), read("root ::= !<[99]>").rules().get("root"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      textBlock =
          """
          root ::= "a                ~ line 1, column 12 ~ The grammar ends too early
          root ::= [a                ~ line 1, column 12 ~ The grammar ends too early
          root ::= []                ~ line 1, column 10 ~ The class has no characters
          root ::= [z-a]             ~ line 1, column 11 ~ The range ends before it begins
          root ::= ("a"              ~ line 1, column 14 ~ ')' is expected, and not the end
          root ::= "a")              ~ line 1, column 13 ~ The end of the rule is expected
          root ::= *                 ~ line 1, column 10 ~ '*' repeats nothing
          root ::= "a"{2,1}          ~ line 1, column 13 ~ 2 is more than 1
          root ::= "a"{99999999999}  ~ line 1, column 14 ~ The number is too large
          root ::= "a"{,1}           ~ line 1, column 14 ~ A number is expected
          root ::= "\\q"             ~ line 1, column 11 ~ '\\q' stands for nothing
          root ::= "\\x4"            ~ line 1, column 13 ~ 2 hexadecimal digits
          root ::= "\\ud800"         ~ line 1, column 13 ~ No character has the number d800
          root ::= "\\U00110000"     ~ line 1, column 13 ~ No character has the number 110000
          root ::= other             ~ line 1, column 10 ~ There is no rule 'other'
          root = "a"                 ~ line 1, column 6  ~ '::=' is expected, and not '='
          root ::= <[100]>           ~ line 1, column 12 ~ 100 is no token
          root ::= <what>            ~ line 1, column 10 ~ '<what>' is not one token
          root ::= "a"⏎"b"           ~ line 2, column 1  ~ The name of a rule is expected
          root ::= "a"⏎root ::= "b"  ~ line 2, column 1  ~ The rule 'root' is there already
          """)
  void mistakesHaveAPlace(String grammar, String place, String message) {
    SoleboxException e =
        assertThrows(SoleboxException.class, () -> read(grammar.replace('⏎', '\n')));
    assertEquals(ErrorCode.BAD_GRAMMAR, e.code());
    assertEquals(place, e.place(), e.getMessage());
    assertTrue(e.getMessage().startsWith(message), e.getMessage());
  }

  @Test
  void tokensNeedAModel() {
    assertThrows(SoleboxException.class, () -> GbnfReader.read("root ::= <[1]>", TokenNames.NONE));
  }

  @Test
  void hostileTextsEndSoon() {
    String deep = "root ::= " + "(".repeat(100_000);
    assertThrows(SoleboxException.class, () -> read(deep));
    assertThrows(SoleboxException.class, () -> read("#".repeat(2_000_000)));
  }

  @Test
  void aGrammarWithoutRootIsRefused() {
    assertThrows(SoleboxException.class, () -> read(""));
    assertThrows(SoleboxException.class, () -> read("rot ::= \"a\""));
  }
}
