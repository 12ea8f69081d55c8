package io.solebox.engine.answer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.chat.ChatTemplates;
import io.solebox.engine.chat.Prompt;
import io.solebox.engine.constrain.structure.Structure;
import io.solebox.engine.constrain.structure.Structures;
import io.solebox.engine.generation.TokenConstraint;
import io.solebox.engine.tokenizer.SmallVocabularies;
import io.solebox.engine.tokenizer.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StructuredCourseTest {
  private static final String TEMPLATE =
      "{{ messages[0].content }}<think>{% if x %}</think>{% endif %}{# <tool_call> #}";

  @TempDir private Path folder;
  private Tokenizer tokenizer;
  private Structures structures;

  @BeforeEach
  void load() {
    // Marks of several tokens, of which one may go beyond the mark.
    List<String> merges = List.of("> {", "> \u010a", "t h", "th i", "n k", "thi nk");
    tokenizer =
        SmallVocabularies.load(
            SmallVocabularies.bytePair("gpt-2", merges, List.of("<end>"))
                .put("tokenizer.ggml.eos_token_id", 256 + merges.size()),
            folder.resolve("v.gguf"));
    structures = new Structures(tokenizer);
  }

  private TokenConstraint begin(String opening) throws InterruptedException {
    Prompt prompt =
        new Prompt(
            new int[] {1}, Optional.of(ChatTemplates.compile(TEMPLATE, "thinking")), opening);
    Structure structure = new Structure.Choice(List.of("{}", "<x"));
    return StructuredCourse.of(
        tokenizer,
        structures,
        prompt,
        structures.begin(structures.compile(structure)),
        structures.begin(
            new FramedStructure(structure, TextFrame.NONE, true).compile(structures, tokenizer)));
  }

  private int id(String token) {
    return IntStream.range(0, tokenizer.vocabSize())
        .filter(id -> token.equals(new String(tokenizer.tokenBytes(id), StandardCharsets.UTF_8)))
        .findFirst()
        .orElseThrow(() -> new AssertionError(token));
  }

  private boolean allows(TokenConstraint constraint, String token) {
    int id = id(token);
    boolean allowed = constraint.allowed().allows(id);
    assertEquals(allowed, constraint.admits(id), token);
    return allowed;
  }

  private void say(TokenConstraint constraint, String... tokens) {
    for (String token : tokens) {
      assertTrue(allows(constraint, token), token);
      constraint.said(id(token));
    }
  }

  @Test
  void whatIsExpectedAndWhatMustFollowIsToldBehindThoughts() throws InterruptedException {
    TokenConstraint course = begin("<think>");
    assertEquals("", course.expected());
    say(course, "<", "/", "think", ">");
    assertTrue(course.expected().contains("'{'"), course.expected());
    assertTrue(course.forced().isEmpty());
  }

  @Test
  void thoughtsThatThePromptHasBegunAreFree() throws InterruptedException {
    TokenConstraint course = begin("<think>");
    assertFalse(allows(course, "<end>"));
    say(course, "a", "{", "<", "/", "think");
    assertTrue(allows(course, ">"));
    assertTrue(allows(course, ">\n"));
    assertFalse(allows(course, ">{"), "the structure would not see the brace");
    say(course, "x", ">{", "<", "/", "think", ">\n");
    assertFalse(allows(course, "a"));
    say(course, "\n", "{", "}", "<end>");
  }

  @Test
  void theAnswerMayThinkOrNot() throws InterruptedException {
    TokenConstraint course = begin("");
    assertFalse(allows(course, "a"));
    TokenConstraint says = course.fork();
    say(says, "{", "}", "<end>");
    TokenConstraint saysLate = course.fork();
    say(saysLate, "<", "x", "<end>");
    say(course, "<", "think", ">", "a", "<", "<", "/", "think", ">", "<", "x", "<end>");
  }

  @Test
  void whereThePromptHasEndedThemThereAreNone() throws InterruptedException {
    TokenConstraint course = begin("<think></think>");
    say(course, "<");
    assertFalse(allows(course, "think"));
    say(course, "x", "<end>");
  }
}
