package io.solebox.engine.answer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.chat.ChatInput;
import io.solebox.engine.chat.ChatMessage;
import io.solebox.engine.chat.ChatTemplates;
import io.solebox.engine.chat.Prompt;
import io.solebox.engine.chat.Prompts;
import io.solebox.engine.generation.TokenConstraint;
import io.solebox.engine.tokenizer.SmallVocabularies;
import io.solebox.engine.tokenizer.Tokenizer;
import io.solebox.engine.tokenizer.Tokenizer.Specials;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How calls begin is learned from templates, and answers are kept on their way to one. */
class CallOpeningTest {
  private static final List<String> TAGS =
      List.of("<think>", "</think>", "<tool_call>", "</tool_call>", "<|end|>");

  /** Calls as Hermes and Qwen write them. */
  private static final String CALLS =
      """
      {%- for message in messages %}
      {{- '<|' + message.role + '|>' }}
      {%- if message.reasoning_content %}
      {{- '<think>\\n' + message.reasoning_content + '\\n</think>\\n\\n' }}
      {%- endif %}
      {{- message.content or '' }}
      {%- for call in message.tool_calls or [] %}
      {{- '\\n<tool_call>\\n{"name": "' + call.function.name + '", "arguments": ' }}
      {{- call.function.arguments | tojson }}
      {{- '}\\n</tool_call>' }}
      {%- endfor %}
      {{- '<|end|>\\n' }}
      {%- endfor %}
      {%- if add_generation_prompt %}{{- '<|assistant|>' }}
      {%- if begins %}{{- '<think>\\n' }}{% endif %}
      {%- if closes %}{{- '<think>\\n\\n</think>\\n\\n' }}{% endif %}
      {%- endif %}
      """;

  private static final String SILENT = "{% for m in messages %}{{ m.content }}{% endfor %}<think>";

  private static final ChatInput HELLO = ChatInput.of(List.of(new ChatMessage("user", "hello")));

  @TempDir static Path folder;
  private static Tokenizer tokenizer;

  @BeforeAll
  static void load() {
    tokenizer =
        SmallVocabularies.load(
            SmallVocabularies.bytePair("gpt-2", List.of(), TAGS), folder.resolve("v.gguf"));
  }

  private static Prompts prompts(String template) {
    return new Prompts(tokenizer, Optional.of(ChatTemplates.of(template, "t")), Map.of());
  }

  private static Optional<CallOpening> learned(String template, ChatInput input) {
    return CallOpening.of(prompts(template), tokenizer, input, Clock.systemUTC());
  }

  @Test
  void aTemplateTellsHowCallsBegin() {
    CallOpening opening = learned(CALLS, HELLO).orElseThrow();
    assertEquals("\n<tool_call>\n{\"name\": \"", opening.before());
    assertEquals("\", \"arguments\":", opening.after());
    assertEquals("\n\n\n<tool_call>\n{\"name\": \"", opening.behindThoughts());
  }

  @Test
  void thoughtsThatThePromptBeginsAreNoPartOfIt() {
    for (String how : List.of("begins", "closes")) {
      CallOpening opening = learned(CALLS, HELLO.withArguments(Map.of(how, true))).orElseThrow();
      assertEquals("<tool_call>\n{\"name\": \"", opening.before(), how);
    }
  }

  @Test
  void whatNobodyReadsAsACallIsNoBeginningOfOne() {
    assertTrue(learned(SILENT, HELLO).isEmpty());
    String strange = CALLS.replace("<tool_call>", "<call>").replace("</tool_call>", "</call>");
    assertTrue(learned(strange, HELLO).isEmpty());
    String refuses =
        CALLS.replace("{{- message.content", "{{- raise_exception('no') }}{{- message.content");
    assertTrue(
        learned(
                refuses.replace(
                    "{%- for message in messages %}",
                    "{%- for message in messages if message.role == 'assistant' %}"),
                HELLO)
            .isEmpty());
  }

  @Test
  void whereTheTemplateShowsNoCallItIsTheUsualOne() {
    String listed = "{{ tools }}{% for m in messages %}<|x|>{{ m.content }}{% endfor %}";
    Map<String, String> calls =
        Map.of(
            "<|tool_call|>",
            "<|tool_call|>[{\"name\": \"time\", \"arguments\":",
            "<|tool_call_start|>",
            "<|tool_call_start|>[time(",
            "<|tool_calls_section_begin|>",
            "<|tool_calls_section_begin|><|tool_call_begin|>functions.time:0<|tool_call_argument_begin|>");
    calls.forEach(
        (sign, call) ->
            assertEquals(
                call, learned(listed + "{# " + sign + " #}", HELLO).orElseThrow().of("time")));
  }

  @Test
  void whatBelongsToTheSampleIsNotSaid() {
    String twice =
        CALLS.replace(
            "\"arguments\": ' }}",
            "\"id\": \"' + call.id + '\", \"as\": \"' + call.function.name + '\", \"arguments\": '"
                + " }}");
    String call = learned(twice, HELLO).orElseThrow().of("time");
    assertTrue(call.contains("\"as\": \"time\""), call);
    assertTrue(call.matches("(?s).*\"id\": \"[a-z0-9]{9}\".*"), call);
    assertFalse(call.contains(CallSample.ID) || call.contains(CallSample.NAME), call);
  }

  /** What is said where the model would say {@code wish}, and says it where it may. */
  private static String said(TokenConstraint course, String wish) {
    List<Integer> ids = new ArrayList<>();
    int at = 0;
    int[] wished = tokenizer.encode(wish, Specials.PARSE, false);
    while (at < wished.length && ids.size() < 500) {
      var mask = course.allowed();
      List<Integer> allowed =
          mask.isAll()
              ? List.of()
              : IntStream.range(0, tokenizer.vocabSize()).filter(mask::allows).boxed().toList();
      boolean free = mask.isAll() || allowed.size() > 50;
      boolean mine = free ? mask.allows(wished[at]) : allowed.contains(wished[at]);
      boolean forced = !free && (allowed.size() == 1 || !mine);
      int id = forced ? allowed.getFirst() : wished[at]; // the call, not the thoughts
      assertTrue(mask.allows(id), () -> "may not be said: " + tokenizer.tokenText(id));
      at += forced ? 0 : 1;
      ids.add(id);
      course.fork().said(id); // which this one does not hear
      course.said(id);
    }
    return tokenizer.decode(ids.stream().mapToInt(i -> i).toArray(), true);
  }

  private static Prompt prompt(ChatInput input) {
    return prompts(CALLS).chat(input, Clock.systemUTC());
  }

  private static TokenConstraint call(ChatInput input, OptionalInt most, String... names) {
    CallOpening opening = learned(CALLS, input).orElseThrow();
    return AnswerCourse.call(tokenizer, prompt(input), most, opening, List.of(names));
  }

  @Test
  void aCallIsBegunAtOnce() {
    assertEquals(
        "\n<tool_call>\n{\"name\": \"time\", \"arguments\": {}}",
        said(call(HELLO, OptionalInt.empty(), "time"), " {}}"));
  }

  @Test
  void theModelChoosesAmongTheNames() {
    assertEquals(
        "\n<tool_call>\n{\"name\": \"date\", \"arguments\": {}}",
        said(call(HELLO, OptionalInt.empty(), "time", "date"), "d {}}"));
    // One name that begins another ends where it ends.
    assertEquals(
        "\n<tool_call>\n{\"name\": \"da\", \"arguments\": {}}",
        said(call(HELLO, OptionalInt.empty(), "da", "date"), "\" {}}"));
  }

  @Test
  void theModelMayThinkBefore() {
    assertEquals(
        "<think>Hm.</think>\n\n\n<tool_call>\n{\"name\": \"time\", \"arguments\": {}}",
        said(call(HELLO, OptionalInt.empty(), "time"), "<think>Hm.</think> {}}"));
    ChatInput begun = HELLO.withArguments(Map.of("begins", true));
    assertEquals(
        "Hm.</think>\n\n\n<tool_call>\n{\"name\": \"time\", \"arguments\": {}}",
        said(call(begun, OptionalInt.empty(), "time"), "Hm.</think> {}}"));
  }

  @Test
  void thoughtsEndWhereTheirBudgetDoes() {
    TokenConstraint course = AnswerCourse.thoughts(tokenizer, prompt(HELLO), 3);
    assertEquals("\n<think>Hm.</think>So.", said(course, "\n<think>Hm.So."));
    assertEquals("So.", said(AnswerCourse.thoughts(tokenizer, prompt(HELLO), 3), "So."));
    assertEquals(
        "<think>H</think>So.",
        said(AnswerCourse.thoughts(tokenizer, prompt(HELLO), 3), "<think>H</think>So."));
    Prompt begun = prompt(HELLO.withArguments(Map.of("begins", true)));
    assertEquals("</think>So.", said(AnswerCourse.thoughts(tokenizer, begun, 0), "So."));
    assertEquals("Hm</think>So.", said(AnswerCourse.thoughts(tokenizer, begun, 2), "HmSo."));
  }

  @Test
  void aBudgetAndACall() {
    assertEquals(
        "<think>Hm</think>\n\n\n<tool_call>\n{\"name\": \"time\", \"arguments\": {}}",
        said(call(HELLO, OptionalInt.of(2), "time"), "<think>Hm {}}"));
  }

  @Test
  void thoughtsDoNotEndTheAnswerWhereACallMustCome() {
    TokenConstraint course =
        call(HELLO.withArguments(Map.of("begins", true)), OptionalInt.empty(), "time");
    tokenizer.endOfGeneration().forEach(id -> assertFalse(course.allowed().allows(id)));
  }
}
