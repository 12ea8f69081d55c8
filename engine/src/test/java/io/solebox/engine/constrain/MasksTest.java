package io.solebox.engine.constrain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.backend.TokenMask;
import io.solebox.engine.constrain.text.GbnfReader;
import io.solebox.engine.constrain.text.TokenNames;
import io.solebox.engine.generation.TokenConstraint;
import io.solebox.engine.tokenizer.SmallVocabularies;
import io.solebox.engine.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Masks of a vocabulary with so many tokens of all kinds that whole subtrees are taken at once. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class MasksTest {
  private static final int WALKS = 4;
  private static final int STEPS = 12;

  @TempDir private static Path folder;
  private static Tokenizer tokenizer;

  @BeforeAll
  static void load() {
    tokenizer =
        SmallVocabularies.load(
            SmallVocabularies.sentencePiece(List.copyOf(texts())), folder.resolve("v.gguf"));
  }

  /** Every text of two characters of some kinds, and longer ones that begin with them. */
  private static Set<String> texts() {
    List<String> letters =
        List.of("a", "b", "c", "A", "B", "0", "1", " ", ".", "-", "=", "\"", "\\", "\n", "é", "日");
    Random random = new Random(3);
    Set<String> texts = new LinkedHashSet<>(letters);
    for (String one : letters) {
      for (String other : letters) {
        texts.add(one + other);
        for (int i = 0; i < 6; i++) {
          StringBuilder text = new StringBuilder(one + other);
          for (int more = random.nextInt(5); more >= 0; more--) {
            // Mostly of one kind, as words are.
            text.append(letters.get(random.nextInt(random.nextInt(3) == 0 ? letters.size() : 3)));
          }
          texts.add(text.toString());
        }
      }
    }
    texts.add("a".repeat(40));
    texts.add("日".repeat(12));
    texts.add(" ".repeat(30));
    return texts;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "root ::= [a-z]+ \"=\" [a-c]{2,5}",
        // A rule of its own, whose texts are complete behind each letter.
        "root ::= word (\"=\" word)* [A-Z]?\nword ::= [a-c]+ | [0-9]+ [.] [0-9]*",
        "root ::= name name \"\\n\"\nname ::= [a-zé日]+ [A-Z]*",
        "root ::= \"\\\"\" [^\"\\\\\\n]{0,9} \"\\\"\"",
        "root ::= \"\\\"\" char{3,30} \"\\\"\" [a]*\n"
            + "char ::= [^\"\\\\\\n"
            + "] | \"\\\\\" (\"\\\"\" | \"\\\\\" | \"n\" | \"u\" [0-9a-f] [0-9a-f])",
        "root ::= [^0-9]* [0-9] [0-9] .*",
        "root ::= ([a-z]{1,7} [.])+ [A-Z] | [a-b]* [0-9]{1,3} | \"日\"+",
        "root ::= . . . [^a] .*",
      })
  void aMaskIsWhatEachTokenSays(String grammar) {
    CompiledGrammar compiled = CompiledGrammar.of(GbnfReader.read(grammar, TokenNames.NONE));
    GrammarConstraints constraints = new GrammarConstraints(tokenizer);
    Random random = new Random(grammar.hashCode());
    for (int walk = 0; walk < WALKS; walk++) {
      TokenConstraint constraint = constraints.begin(compiled);
      for (int step = 0; step < STEPS; step++) {
        int[] allowed = checked(constraint);
        assertTrue(allowed.length > 0);
        int id = allowed[random.nextInt(allowed.length)];
        if (tokenizer.endOfGeneration().contains(id)) {
          break;
        }
        constraint.said(id);
      }
    }
  }

  /** The allowed ones. */
  private static int[] checked(TokenConstraint constraint) {
    TokenMask mask = constraint.allowed();
    List<String> wrong = new ArrayList<>();
    for (int id = 0; id < tokenizer.vocabSize(); id++) {
      if (constraint.admits(id) != mask.allows(id)) {
        wrong.add(tokenizer.tokenText(id));
      }
    }
    assertEquals(List.of(), wrong);
    return IntStream.range(0, tokenizer.vocabSize()).filter(mask::allows).toArray();
  }
}
