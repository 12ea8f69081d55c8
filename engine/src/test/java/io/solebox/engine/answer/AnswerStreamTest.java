package io.solebox.engine.answer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.answer.AnswerEvent.End;
import io.solebox.engine.answer.AnswerEvent.Part;
import io.solebox.engine.answer.AnswerEvent.Reason;
import io.solebox.engine.answer.AnswerEvent.Reasoning;
import io.solebox.engine.answer.AnswerEvent.Text;
import io.solebox.engine.answer.AnswerEvent.Token;
import io.solebox.engine.chat.ChatTemplates;
import io.solebox.engine.chat.Prompt;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.generation.Generation;
import io.solebox.engine.tokenizer.SmallVocabularies;
import io.solebox.engine.tokenizer.Tokenizer;
import io.solebox.engine.tokenizer.Tokenizer.Specials;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Generations as events: tokens of one byte each, tags as control tokens of their own. */
class AnswerStreamTest {
  private static final List<String> TAGS =
      List.of("<think>", "</think>", "<tool_call>", "</tool_call>", "<|x|>");
  private static final String TEMPLATE =
      "{{ messages }}<think></think><tool_call>{\"arguments\"}</tool_call>";
  private static final Prompt PROMPT =
      new Prompt(new int[] {0}, Optional.of(ChatTemplates.of(TEMPLATE, "t")), "");
  private static final Prompt RAW = new Prompt(new int[] {0}, Optional.empty(), "");

  @TempDir static Path folder;
  private static Tokenizer tokenizer;

  @BeforeAll
  static void load() {
    tokenizer =
        SmallVocabularies.load(
            SmallVocabularies.bytePair("gpt-2", List.of(), TAGS), folder.resolve("v.gguf"));
  }

  /** A generation that says a text and ends so. */
  private static final class Spoken implements Generation {
    private final Deque<Event> events = new ArrayDeque<>();
    private final Usage usage;
    private boolean closed;

    Spoken(String text, Event last) {
      for (int id : tokenizer.encode(text, Specials.PARSE, false)) {
        events.add(new Generation.Token(id, Optional.empty()));
      }
      this.usage = new Usage(1, 0, events.size(), 1, 2, 3);
      events.add(last);
    }

    static Spoken ending(String text, FinishReason reason) {
      return new Spoken(text, new Generation.End(reason, new Usage(1, 0, 0, 1, 2, 3)));
    }

    @Override
    public Event next() {
      return closed ? new Generation.End(FinishReason.CANCELLED, usage) : events.remove();
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  private static List<AnswerEvent> events(AnswerStream stream) throws InterruptedException {
    List<AnswerEvent> events = new ArrayList<>();
    for (var event = stream.next(); event.isPresent(); event = stream.next()) {
      events.add(event.get());
    }
    assertTrue(stream.next().isEmpty(), "stays at its end");
    return events;
  }

  private static List<AnswerEvent> read(String text, Prompt prompt, String... stops)
      throws InterruptedException {
    Generation generation = Spoken.ending(text, Generation.FinishReason.STOP);
    try (AnswerStream stream =
        new AnswerStream(generation, tokenizer, List.of(stops), prompt, true)) {
      return events(stream);
    }
  }

  private static ParsedAnswer parts(List<AnswerEvent> events) {
    ParsedAnswer answer = new ParsedAnswer();
    events.stream().filter(Part.class::isInstance).map(Part.class::cast).forEach(answer::add);
    return answer;
  }

  private static Reason reason(List<AnswerEvent> events) {
    return ((End) events.getLast()).reason();
  }

  @Test
  void tagsThatAreControlTokensReachTheParser() throws InterruptedException {
    String text = "<think>a</think>b<|x|>c<tool_call>{\"name\": \"f\"}</tool_call>";
    List<AnswerEvent> events = read(text, PROMPT);
    assertEquals(
        "text bc | reasoning a | calls [Call[id=, name=f, arguments={}]]",
        parts(events).toString());
    assertEquals(Reason.TOOL_CALLS, reason(events));
    assertEquals("abc{\"name\": \"f\"}", parts(read(text, RAW)).text());
    assertEquals(Reason.STOP, reason(read(text, RAW)));
  }

  @Test
  void tokensComeBeforeTheirTextAndCountAllOfIt() throws InterruptedException {
    List<AnswerEvent> events = read("<think>a</think>b", PROMPT);
    int think = tokenizer.encode("<think>", Specials.PARSE, false)[0];
    assertEquals(
        List.of(
            new Token(think, 0, Optional.empty()),
            new Token('a', 7, Optional.empty()),
            new Reasoning("a"),
            new Token(think + 1, 8, Optional.empty()),
            new Token('b', 16, Optional.empty()),
            new Text("b")),
        events.subList(0, events.size() - 1));
  }

  @Test
  void halfCharactersAreJoinedInArgumentsToo() throws InterruptedException {
    String arguments = "{\"a\": \"\u00e9\ud83d\ude42\"}";
    String text = "<tool_call>{\"name\": \"f\", \"arguments\": " + arguments + "}</tool_call>";
    List<AnswerEvent> events = read(text, PROMPT);
    assertEquals(arguments, parts(events).calls().getFirst().arguments());
    long tokens = events.stream().filter(Token.class::isInstance).count();
    assertEquals(
        text.getBytes(StandardCharsets.UTF_8).length - "<tool_call></tool_call>".length() + 2,
        tokens);
  }

  @Test
  void stopStringsEndEverySection() throws InterruptedException {
    assertEquals(
        "text  | reasoning a | calls []", parts(read("<think>ab", PROMPT, "b")).toString());
    assertEquals(
        "text a | reasoning  | calls []", parts(read("ab</think>", PROMPT, "b</")).toString());
    String call = "<tool_call>{\"name\": \"f\", \"arguments\": {\"a\": \"STOP\"}}</tool_call>";
    List<AnswerEvent> events = read("x" + call, PROMPT, "STOP");
    assertEquals("x" + call.substring(0, call.indexOf("STOP")), parts(events).text());
    assertTrue(parts(events).broken());
    assertEquals(Reason.STOP, reason(events));
    assertEquals(Optional.of("STOP"), ((End) events.getLast()).stop());
    List<AnswerEvent> without = read("x", PROMPT, "STOP");
    assertEquals(Optional.empty(), ((End) without.getLast()).stop());
  }

  @Test
  void endsAsTheGenerationDoes() throws InterruptedException {
    for (Generation.FinishReason reason : Generation.FinishReason.values()) {
      String call = "<tool_call>{\"name\": \"f\", \"arguments\": {}}</tool_call>";
      try (AnswerStream stream =
          new AnswerStream(Spoken.ending(call, reason), tokenizer, List.of(), PROMPT, true)) {
        Reason found = reason(events(stream));
        assertEquals(
            reason == Generation.FinishReason.STOP ? "TOOL_CALLS" : reason.name(), found.name());
      }
    }
  }

  @Test
  void aCallThatLengthCutsOffStaysUnfinished() throws InterruptedException {
    String call = "<tool_call>{\"name\": \"f\", \"arguments\": {\"a\"";
    Generation generation = Spoken.ending(call, Generation.FinishReason.LENGTH);
    try (AnswerStream stream = new AnswerStream(generation, tokenizer, List.of(), PROMPT, true)) {
      List<AnswerEvent> events = events(stream);
      assertEquals("{\"a\"", parts(events).calls().getFirst().arguments());
      assertEquals(Reason.LENGTH, reason(events));
    }
  }

  @Test
  void aFailureComesAfterWhatWasSaid() throws InterruptedException {
    var failed =
        new Generation.Failed(
            new SoleboxException(ErrorCode.CLOSED, "", "Gone.", "Load it again."));
    try (AnswerStream stream =
        new AnswerStream(new Spoken("a\n<thi", failed), tokenizer, List.of(), PROMPT, true)) {
      StringBuilder text = new StringBuilder();
      SoleboxException error =
          assertThrows(
              SoleboxException.class,
              () -> {
                for (var event = stream.next(); event.isPresent(); event = stream.next()) {
                  if (event.get() instanceof Text(String more)) {
                    text.append(more);
                  }
                }
              });
      assertEquals(ErrorCode.CLOSED, error.code());
      assertEquals("a\n<thi", text.toString());
    }
  }

  @Test
  void closingCancels() throws InterruptedException {
    Generation generation = Spoken.ending("abc", Generation.FinishReason.STOP);
    try (AnswerStream stream = new AnswerStream(generation, tokenizer, List.of(), PROMPT, true)) {
      stream.next();
      stream.close();
      assertEquals(Reason.CANCELLED, reason(events(stream)));
    }
  }
}
