package io.solebox.engine.constrain.structure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.constrain.CompiledGrammar;
import io.solebox.engine.constrain.grammar.Expression;
import io.solebox.engine.constrain.grammar.Grammar;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.generation.TokenConstraint;
import io.solebox.engine.tokenizer.SmallVocabularies;
import io.solebox.engine.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StructuresTest {
  /** Behind the 256 bytes. */
  private static final int THINK = 256;

  @TempDir private Path folder;
  private Tokenizer tokenizer;
  private Structures structures;

  @BeforeEach
  void load() {
    tokenizer =
        SmallVocabularies.load(
            SmallVocabularies.bytePair("gpt-2", List.of(), List.of("<think>", "</think>", "<end>"))
                .put("tokenizer.ggml.eos_token_id", THINK + 2),
            folder.resolve("v.gguf"));
    structures = new Structures(tokenizer);
  }

  private static boolean accepts(Structures structures, Structure structure, String text)
      throws InterruptedException {
    return structures.compile(structure).accepts(text);
  }

  @Test
  void eachKindIsReadInItsOwnWay() throws InterruptedException {
    Structure schema =
        new Structure.Schema("{\"type\":\"array\",\"items\":{\"type\":\"integer\"}}");
    assertTrue(accepts(structures, schema, "[1, 2]"));
    assertFalse(accepts(structures, schema, "[true]"));
    assertTrue(accepts(structures, new Structure.JsonObject(), "{\"a\": [null]}"));
    assertFalse(accepts(structures, new Structure.JsonObject(), "[1]"));
    assertTrue(accepts(structures, new Structure.Regex("a+|b"), "aa"));
    assertFalse(accepts(structures, new Structure.Regex("a+|b"), "ab"));
    Structure choice = new Structure.Choice(List.of("yes", "no", "yes"));
    assertTrue(accepts(structures, choice, "no"));
    assertFalse(accepts(structures, choice, "n"));
    assertTrue(accepts(structures, Structure.grammar("root ::= \"a\"*"), "aaa"));
    assertTrue(accepts(structures, Structure.grammar("start: /b/i+"), "bB"));
  }

  @Test
  void tokensOfAGrammarAreThoseOfTheModel() throws InterruptedException {
    CompiledGrammar grammar =
        structures.compile(new Structure.Gbnf("root ::= <think> !</think>* </think> [0-9]"));
    TokenConstraint constraint = structures.begin(grammar);
    assertTrue(constraint.allowed().allows(THINK));
    assertFalse(constraint.allowed().allows('1'));
    constraint.said(THINK);
    constraint.said('1');
    assertTrue(constraint.allowed().allows('x'));
    assertFalse(constraint.allowed().allows(THINK + 2));
    constraint.said(THINK + 1);
    assertFalse(constraint.allowed().allows('x'));
    constraint.said('7');
    assertTrue(constraint.allowed().allows(THINK + 2));
    assertThrows(
        SoleboxException.class, () -> structures.compile(new Structure.Gbnf("root ::= <other>")));
  }

  @Test
  void whoeverAsksAtTheSameTimeGetsTheSame() throws Exception {
    AtomicInteger made = new AtomicInteger();
    List<Future<CompiledGrammar>> all = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 20; i++) {
        all.add(
            threads.submit(
                () ->
                    structures.compile(
                        "key",
                        _ -> {
                          made.incrementAndGet();
                          return Grammar.of(Expression.text("a"));
                        })));
      }
    }
    assertEquals(1, made.get());
    for (Future<CompiledGrammar> one : all) {
      assertSame(all.getFirst().get(), one.get());
    }
  }

  @Test
  void whatCannotBeIsSaidAgainAndAgain() {
    Structure bad = new Structure.Gbnf("root ::= other");
    for (int i = 0; i < 2; i++) {
      SoleboxException e = assertThrows(SoleboxException.class, () -> structures.compile(bad));
      assertEquals(ErrorCode.BAD_GRAMMAR, e.code());
    }
    for (int i = 0; i < 2; i++) {
      // One of ours is no word about the grammar, and is not kept.
      String text = "bug " + i;
      IllegalStateException e =
          assertThrows(
              IllegalStateException.class,
              () ->
                  structures.compile(
                      "bug",
                      _ -> {
                        throw new IllegalStateException(text);
                      }));
      assertEquals(text, e.getMessage());
    }
  }

  @Test
  void theLeastRecentlyUsedMakeRoom() throws InterruptedException {
    Structure first = new Structure.Choice(List.of("first"));
    CompiledGrammar kept = structures.compile(first);
    for (int i = 0; i < 100; i++) {
      structures.compile(new Structure.Choice(List.of("text " + i)));
    }
    assertSame(kept, structures.compile(first));
    for (int i = 0; i < 200; i++) {
      structures.compile(new Structure.Choice(List.of("other " + i)));
    }
    assertNotSame(kept, structures.compile(first));
  }

  @Test
  void nothingToChooseFromIsRefused() {
    assertThrows(SoleboxException.class, () -> structures.compile(new Structure.Choice(List.of())));
  }
}
