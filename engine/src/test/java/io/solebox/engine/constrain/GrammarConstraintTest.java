package io.solebox.engine.constrain;

import static io.solebox.engine.constrain.grammar.Expression.choice;
import static io.solebox.engine.constrain.grammar.Expression.sequence;
import static io.solebox.engine.constrain.grammar.Expression.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.backend.TokenMask;
import io.solebox.engine.constrain.grammar.Expression;
import io.solebox.engine.constrain.grammar.Expression.Call;
import io.solebox.engine.constrain.grammar.Expression.Characters;
import io.solebox.engine.constrain.grammar.Expression.Repeat;
import io.solebox.engine.constrain.grammar.Grammar;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.generation.TokenConstraint;
import io.solebox.engine.tokenizer.SmallVocabularies;
import io.solebox.engine.tokenizer.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GrammarConstraintTest {
  private static final String LONG = "a".repeat(40);

  @TempDir private Path folder;
  private Tokenizer tokenizer;

  @BeforeEach
  void load() {
    List<String> words =
        List.of(
            "a",
            "b",
            "ab",
            "abc",
            "{",
            "}",
            "\"",
            "\":",
            "\",",
            "\"a\":",
            "{\"a",
            "\"}",
            "]}",
            "],[",
            "[[",
            "1",
            "12",
            "1,2",
            "true",
            "tru",
            "\u2581",
            "\u2581true",
            "null,\u2581\"",
            "\\",
            "\\n\"",
            "\\u00",
            "\u00e9",
            "\u00e9\u00e8\"",
            "\n",
            "\n\u2581\u2581",
            ":\u2581",
            "ef",
            LONG,
            LONG + "\"",
            "x\"y\"z",
            "abcabcabcabc");
    tokenizer =
        SmallVocabularies.load(SmallVocabularies.sentencePiece(words), folder.resolve("v.gguf"));
  }

  private TokenConstraint begin(Grammar grammar) {
    return new GrammarConstraints(tokenizer).begin(CompiledGrammar.of(grammar));
  }

  /** What is found by sharing is what is found token by token. */
  private void assertEveryTokenRight(TokenConstraint constraint) {
    TokenMask mask = constraint.allowed();
    for (int id = 0; id < tokenizer.vocabSize(); id++) {
      assertEquals(constraint.admits(id), mask.allows(id), tokenizer.tokenText(id));
    }
  }

  private List<Grammar> grammars() {
    Expression any = new Call("value");
    Expression chars = new Call("char");
    Expression letters = new Characters(JsonGrammar.range('a', 'c'));
    return List.of(
        JsonGrammar.of(any),
        JsonGrammar.of(sequence(text("\""), new Repeat(chars, 2, 50), text("\""))),
        JsonGrammar.of(sequence(text("\""), new Repeat(chars, 45, 100), text("\"").optional())),
        JsonGrammar.of(sequence(text("["), new Repeat(sequence(any, text(",")), 2, 70), text("]"))),
        JsonGrammar.of(new Repeat(new Repeat(letters, 1, 90), 1, 80)),
        JsonGrammar.of(
            choice(
                new Repeat(sequence(letters, letters), 0, 60),
                sequence(letters, new Repeat(new Call("string"), 0, 3)),
                new Repeat(text("abc"), 3, Expression.UNBOUNDED))));
  }

  @Test
  void masksAreWhatEveryTokenSays() {
    Random random = new Random(7);
    for (Grammar grammar : grammars()) {
      for (int walk = 0; walk < 10; walk++) {
        TokenConstraint constraint = begin(grammar);
        for (int step = 0; step < 40; step++) {
          assertEveryTokenRight(constraint);
          int[] allowed = allowed(constraint);
          assertTrue(allowed.length > 0);
          int id = allowed[random.nextInt(allowed.length)];
          if (tokenizer.endOfGeneration().contains(id)) {
            break;
          }
          constraint.said(id);
        }
      }
    }
  }

  private int[] allowed(TokenConstraint constraint) {
    TokenMask mask = constraint.allowed();
    return java.util.stream.IntStream.range(0, tokenizer.vocabSize())
        .filter(mask::allows)
        .toArray();
  }

  @Test
  void anAnswerEndsWhereATextEnds() {
    TokenConstraint constraint =
        begin(JsonGrammar.of(sequence(text("["), new Call("number"), text("]"))));
    int end = tokenizer.eos().orElseThrow();
    for (int id : tokenizer.encode("[12]", Tokenizer.Specials.AS_TEXT, false)) {
      if (tokenizer.tokenText(id).equals("\u2581")) {
        continue; // the space that this vocabulary puts before a text
      }
      assertFalse(constraint.admits(end));
      assertTrue(constraint.admits(id), tokenizer.tokenText(id));
      constraint.said(id);
    }
    assertTrue(constraint.admits(end));
    assertEquals(1, allowed(constraint).length);
    constraint.said(end);
    assertEquals(0, allowed(constraint).length);
  }

  @Test
  void aForkGoesItsOwnWay() {
    TokenConstraint constraint = begin(JsonGrammar.of(new Call("value")));
    TokenMask before = constraint.allowed();
    constraint.fork().said(token("{"));
    assertEquals(before, constraint.allowed());
  }

  /** Where a text has no choice, its tokens are those that the tokenizer makes of it. */
  @Test
  void aTextWithoutChoiceIsForced() {
    Expression letter = new Characters(JsonGrammar.range('a', 'c'));
    TokenConstraint constraint =
        begin(Grammar.of(sequence(letter, text("abcabcabc true abcabc"), letter, text("true"))));
    assertTrue(constraint.forced().isEmpty());
    constraint.said(token("a"));
    assertEquals("abcabcabc true abc", sayForced(constraint));
    for (String rest : List.of("a", "b", "c", "b")) {
      assertEveryTokenRight(constraint);
      constraint.said(token(rest));
    }
    assertEquals("true", sayForced(constraint));
    assertTrue(constraint.admits(tokenizer.eos().orElseThrow()));
  }

  private String sayForced(TokenConstraint constraint) {
    StringBuilder said = new StringBuilder();
    while (constraint.forced().isPresent()) {
      assertEveryTokenRight(constraint);
      assertEquals(1, allowed(constraint).length);
      int id = constraint.forced().getAsInt();
      said.append(new String(tokenizer.tokenBytes(id), StandardCharsets.UTF_8));
      constraint.said(id);
    }
    return said.toString();
  }

  @Test
  void whatIsExpectedIsSaid() {
    TokenConstraint constraint =
        begin(JsonGrammar.of(sequence(text("["), new Call("number").repeated())));
    assertEquals("'['", constraint.expected());
    constraint.said(token("["));
    assertEquals("'-', '0' to '9', the end", constraint.expected());
    constraint.said(token("x\"y\"z"));
    assertEquals("nothing", constraint.expected());
    assertEquals(0, allowed(constraint).length);
  }

  /** The number of ways to read such sums grows beyond all bounds, what is done for it does not. */
  @Test
  void whatCanBeReadInTooManyWaysIsRefused() {
    assertThrows(SoleboxException.class, () -> begin(sums("")));
    TokenConstraint constraint = begin(sums("1"));
    constraint.said(token("1"));
    assertEquals(0, allowed(constraint).length);
    assertTrue(constraint.expected().contains("too many ways"), constraint.expected());
    constraint.said(token("a"));
    assertEquals(0, allowed(constraint).length);
  }

  /** What one answer could not do is no trouble of the next. */
  @Test
  void anotherAnswerBeginsAnew() {
    CompiledGrammar grammar = CompiledGrammar.of(sums("1"));
    GrammarConstraints constraints = new GrammarConstraints(tokenizer);
    TokenConstraint failed = constraints.begin(grammar);
    failed.said(token("1"));
    assertEquals(0, allowed(failed).length);
    assertTrue(constraints.begin(grammar).admits(token("1")));
    CompiledGrammar hopeless = CompiledGrammar.of(sums(""));
    assertThrows(SoleboxException.class, () -> constraints.begin(hopeless));
    assertThrows(SoleboxException.class, () -> constraints.begin(hopeless));
  }

  private static Grammar sums(String before) {
    Expression sum = new Call("sum");
    Expression any = new Characters(JsonGrammar.range('a', 'b'));
    Expression rest = choice(sum, sequence(sum, sum), sequence(sum, sum, sum), Expression.EMPTY);
    return new Grammar(
        "root",
        Map.of(
            "root", sequence(text(before), sum), "sum", sequence(any, rest, any.optional(), rest)));
  }

  private int token(String text) {
    for (int id = 0; id < tokenizer.vocabSize(); id++) {
      if (new String(tokenizer.tokenBytes(id), StandardCharsets.UTF_8).equals(text)) {
        return id;
      }
    }
    throw new AssertionError(text);
  }

  @Test
  void namedTokensAreSaidByNameOnly() {
    int begin = tokenizer.bos().orElseThrow();
    Expression named = new Expression.Tokens(java.util.Set.of(begin), false);
    Expression others = new Expression.Tokens(java.util.Set.of(begin), true);
    TokenConstraint constraint =
        begin(Grammar.of(sequence(named, others.repeated(), named, text("a"))));
    assertEquals(1, allowed(constraint).length);
    constraint.said(begin);
    assertEveryTokenRight(constraint);
    assertTrue(allowed(constraint).length > 200);
    constraint.said(token("x\"y\"z"));
    constraint.said(begin);
    assertEquals(2, allowed(constraint).length, "the letter, and its byte");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"a\":[1,2.5,{}],\"b\":\"\u00e9\\n\\u00e9\"}", "\"\"", "[ ]", "-0.5"})
  void textsOfTheGrammarAreAccepted(String json) {
    CompiledGrammar grammar = CompiledGrammar.of(JsonGrammar.of(new Call("value")));
    assertTrue(grammar.accepts(json));
    assertFalse(grammar.accepts(json + ","));
    assertFalse(grammar.accepts(json.substring(0, json.length() - 1) + "x"));
  }
}
