package io.solebox.engine.answer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.answer.call.ArgumentWriting;
import io.solebox.engine.answer.call.Tools;
import io.solebox.engine.chat.ChatTemplates;
import io.solebox.engine.chat.Prompt;
import io.solebox.engine.constrain.structure.Structure;
import io.solebox.engine.constrain.structure.Structures;
import io.solebox.engine.generation.TokenConstraint;
import io.solebox.engine.tokenizer.SmallVocabularies;
import io.solebox.engine.tokenizer.Tokenizer;
import io.solebox.engine.tokenizer.Tokenizer.Specials;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Models that write what they say behind marks are held to a structure between these. */
class TextFrameTest {
  private static final String JSON = "{\"a\": 1}";
  private static final Structure STRUCTURE = new Structure.Choice(List.of(JSON));

  @TempDir private Path folder;

  /** Each with what its template says, how it opens answers, and its special tokens. */
  enum Family {
    GPT_OSS(
        "<|channel|>analysis<|message|> <|channel|>final<|message|>",
        "<|start|>assistant",
        "<|return|>",
        List.of("<|start|>", "<|end|>", "<|message|>", "<|channel|>", "<|call|>", "<|return|>")),
    MUSE(
        "atem: to=self<|message|>",
        "<|start|>assistant",
        "<|eot|>",
        List.of("<|start|>", "<|message|>", "<|eom|>", "<|eot|>")),
    FUNCTIONARY(
        ">>>all <|start_header_id|>",
        "<|start_header_id|>assistant<|end_header_id|>\n\n>>>",
        "<|eot_id|>",
        List.of("<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>")),
    SOLAR(
        "<|tool_call:begin|><|think|><|end|><|content|>",
        "<|begin|>assistant",
        "<|flush|>",
        List.of("<|begin|>", "<|think|>", "<|content|>", "<|end|>", "<|calls|>", "<|flush|>")),
    COMMAND_R7B(
        "<|START_ACTION|><|START_THINKING|><|START_RESPONSE|>",
        "<|CHATBOT_TOKEN|>",
        "<|END_OF_TURN_TOKEN|>",
        List.of(
            "<|START_THINKING|>",
            "<|END_THINKING|>",
            "<|START_RESPONSE|>",
            "<|END_RESPONSE|>",
            "<|END_OF_TURN_TOKEN|>")),
    COMMAND_MOE(
        "<|START_ACTION|><|START_THINKING|><|START_TEXT|>",
        "<|CHATBOT_TOKEN|><|START_THINKING|>",
        "<|END_OF_TURN_TOKEN|>",
        List.of(
            "<|START_THINKING|>",
            "<|END_THINKING|>",
            "<|START_TEXT|>",
            "<|END_TEXT|>",
            "<|END_OF_TURN_TOKEN|>")),
    KIMI_K3(
        "<|open|><|close|>response",
        "<|open|>message role=\"assistant\"<|sep|><|open|>think<|sep|>",
        "<|end_of_msg|>",
        List.of("<|open|>", "<|close|>", "<|sep|>", "<|end_of_msg|>")),
    APRIEL(
        "<tool_calls>[BEGIN FINAL RESPONSE]",
        "<|begin_assistant|>\nHere are my reasoning steps:\n",
        "<|end|>",
        List.of("<|begin_assistant|>", "<|end|>"));

    private final String template;
    private final String opening;
    private final String stop;
    private final List<String> specials;

    Family(String template, String opening, String stop, List<String> specials) {
      this.template = template;
      this.opening = opening;
      this.stop = stop;
      this.specials = specials;
    }

    Prompt prompt() {
      String source = "{{ messages[0].content }}{# " + template + " #}";
      return new Prompt(new int[] {1}, Optional.of(ChatTemplates.compile(source, name())), opening);
    }

    Tokenizer tokenizer(Path folder) {
      return SmallVocabularies.load(
          SmallVocabularies.bytePair("gpt-2", List.of(), specials)
              .put("tokenizer.ggml.eos_token_id", 256 + specials.indexOf(stop)),
          folder.resolve("v.gguf"));
    }
  }

  private static ParsedAnswer parsed(Prompt prompt, String text) {
    AnswerParser parser = AnswerSyntax.of(prompt).parser(prompt.opening(), Tools.NONE);
    return ParsedAnswer.of(parser, false, List.of(text));
  }

  @ParameterizedTest
  @EnumSource
  void readersFindWhatStandsBetween(Family family) {
    Prompt prompt = family.prompt();
    TextFrame frame = TextFrame.of(prompt);
    Optional<Thinking> thinking = StructuredCourse.thinking(prompt);
    if (!thinking.map(Thinking::begun).orElse(false)) {
      ParsedAnswer direct = parsed(prompt, frame.start() + JSON + frame.end());
      assertEquals(JSON, direct.text());
      assertEquals("", direct.reasoning());
    }
    if (thinking.isPresent()) {
      String begin = thinking.get().begun() ? "" : thinking.get().start();
      String thoughts = begin + "Hm." + thinking.get().end();
      ParsedAnswer led = parsed(prompt, thoughts + frame.behindThoughts() + JSON + frame.end());
      assertEquals(JSON, led.text());
      assertEquals("Hm.", led.reasoning());
    }
  }

  /** Says a text where it may, and stops. */
  private static void say(Family family, Tokenizer tokenizer, TokenConstraint course, String text) {
    for (int id : tokenizer.encode(text + family.stop, Specials.PARSE, false)) {
      assertTrue(course.allowed().allows(id), () -> tokenizer.tokenText(id) + " in " + text);
      course.said(id);
    }
  }

  private TokenConstraint course(Family family, Tokenizer tokenizer) throws InterruptedException {
    Prompt prompt = family.prompt();
    Structures structures = new Structures(tokenizer);
    TextFrame frame = TextFrame.of(prompt);
    TokenConstraint direct =
        structures.begin(
            new FramedStructure(STRUCTURE, frame, false).compile(structures, tokenizer));
    TokenConstraint led =
        structures.begin(
            new FramedStructure(STRUCTURE, frame, true).compile(structures, tokenizer));
    return StructuredCourse.of(tokenizer, structures, prompt, direct, led);
  }

  @ParameterizedTest
  @EnumSource
  void itIsSaidBetweenTheMarks(Family family) throws InterruptedException {
    Tokenizer tokenizer = family.tokenizer(folder);
    TextFrame frame = TextFrame.of(family.prompt());
    Optional<Thinking> thinking = StructuredCourse.thinking(family.prompt());
    TokenConstraint begin = course(family, tokenizer);
    int brace = tokenizer.encode("{", Specials.PARSE, false)[0];
    if (!thinking.map(Thinking::begun).orElse(false)) {
      assertFalse(begin.allowed().allows(brace), "the structure stands behind a mark");
      say(family, tokenizer, begin.fork(), frame.start() + JSON + frame.end());
      say(family, tokenizer, begin.fork(), frame.start() + JSON);
    }
    if (thinking.isPresent()) {
      String start = thinking.get().begun() ? "" : thinking.get().start();
      String thoughts = start + "Hm {" + thinking.get().end();
      say(family, tokenizer, begin.fork(), thoughts + frame.behindThoughts() + JSON);
      say(family, tokenizer, begin, thoughts + frame.behindThoughts() + JSON + frame.end());
    }
  }

  /** A budget ends thoughts as the model would, and a call that must come follows them. */
  @ParameterizedTest
  @EnumSource(names = "FUNCTIONARY", mode = EnumSource.Mode.EXCLUDE)
  void thoughtsHaveABudget(Family family) {
    Tokenizer tokenizer = family.tokenizer(folder);
    Prompt prompt = family.prompt();
    Thinking thinking = Thinking.of(prompt).orElseThrow();
    String begun = (thinking.begun() ? "" : thinking.start()) + "Hm";
    TokenConstraint course = AnswerCourse.thoughts(tokenizer, prompt, 2);
    for (int id : tokenizer.encode(begun, Specials.PARSE, false)) {
      assertTrue(course.allowed().allows(id));
      course.said(id);
    }
    for (int id : tokenizer.encode(thinking.end(), Specials.PARSE, false)) {
      int[] allowed =
          IntStream.range(0, tokenizer.vocabSize()).filter(course.allowed()::allows).toArray();
      assertArrayEquals(new int[] {id}, allowed);
      course.said(id);
    }
    assertTrue(course.allowed().isAll());
  }

  /** What gpt-oss writes is a call whose arguments hold, or text between its marks. */
  @Test
  void callsMayStandInPlaceOfWhatIsBetweenTheMarks() throws InterruptedException {
    Family family = Family.GPT_OSS;
    Tokenizer tokenizer = family.tokenizer(folder);
    Structures structures = new Structures(tokenizer);
    TextFrame frame = TextFrame.of(family.prompt());
    String called = "to=functions.time<|channel|>commentary json<|message|>";
    CallOpening opening =
        new CallOpening(
            " to=functions.",
            "<|start|>assistant to=functions.",
            "<|channel|>commentary json<|message|>");
    CallGrammar calls =
        new CallGrammar(
            new CallEnvelope(opening, new ArgumentWriting.Json(), "", false, List.of()),
            Map.of("time", new Structure.Schema("{\"enum\": [{\"zone\": 9}]}")),
            true,
            new CallGrammar.Otherwise.Nothing());
    List<TokenConstraint> all = new ArrayList<>();
    for (Optional<Structure> said : List.of(Optional.<Structure>empty(), Optional.of(STRUCTURE))) {
      List<TokenConstraint> both = new ArrayList<>();
      for (boolean led : new boolean[] {false, true}) {
        CallGrammar either = calls.with(new CallGrammar.Otherwise.Framed(said, frame, led));
        both.add(structures.begin(structures.compile(either, _ -> either.grammar(tokenizer))));
      }
      all.add(
          StructuredCourse.of(
              tokenizer, structures, family.prompt(), both.getFirst(), both.getLast()));
    }
    String thoughts = "<|channel|>analysis<|message|>Hm<|end|><|start|>assistant";
    for (TokenConstraint course : all) {
      for (String front : List.of(" ", thoughts + " ")) {
        say(family, tokenizer, course.fork(), front + called + "{\"zone\": 9}");
      }
      for (String front : List.of("", thoughts)) {
        say(family, tokenizer, course.fork(), front + "<|channel|>final<|message|>" + JSON);
      }
    }
    String free = "<|channel|>final<|message|>It is to=functions.time, or not.";
    say(family, tokenizer, all.getFirst().fork(), free);
    assertThrows(AssertionError.class, () -> say(family, tokenizer, all.getLast().fork(), free));
    assertThrows(
        AssertionError.class,
        () -> say(family, tokenizer, all.getFirst().fork(), " " + called + "{\"zone\": 8}"));
  }

  @Test
  void whereTheTemplateHasNoMarksThereAreNone() {
    String source = "{{ messages[0].content }}{# <tool_calls> #}";
    Prompt prompt =
        new Prompt(new int[] {1}, Optional.of(ChatTemplates.compile(source, "MiniMax")), "");
    assertEquals(TextFrame.NONE, TextFrame.of(prompt));
  }

  @Test
  void whiteSpaceMayStandBehindThoughtsAndNotInFront() throws InterruptedException {
    Tokenizer tokenizer = Family.APRIEL.tokenizer(folder);
    Structures structures = new Structures(tokenizer);
    Structure a = new Structure.Choice(List.of("a"));
    assertFalse(
        new FramedStructure(a, TextFrame.NONE, false)
            .compile(structures, tokenizer)
            .accepts("\n\na"));
    var behind = new FramedStructure(a, TextFrame.NONE, true).compile(structures, tokenizer);
    assertTrue(behind.accepts("\n\na") && behind.accepts("a"));
  }
}
