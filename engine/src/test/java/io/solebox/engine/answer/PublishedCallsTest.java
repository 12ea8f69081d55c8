package io.solebox.engine.answer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.answer.CallGrammar.Otherwise;
import io.solebox.engine.answer.call.ArgumentWriting;
import io.solebox.engine.chat.ChatInput;
import io.solebox.engine.chat.ChatMessage;
import io.solebox.engine.chat.ChatTemplates;
import io.solebox.engine.chat.Prompt;
import io.solebox.engine.chat.Prompts;
import io.solebox.engine.constrain.structure.Structure;
import io.solebox.engine.constrain.structure.Structures;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.generation.TokenConstraint;
import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.engine.testdata.SharedData;
import io.solebox.engine.tokenizer.SmallVocabularies;
import io.solebox.engine.tokenizer.Tokenizer;
import io.solebox.engine.tokenizer.Tokenizer.Specials;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Calls as the published templates of {@code shared/testdata/template} have them: which can be
 * asked for, and which can be held to a schema. What stands in the lists here is refused by name.
 */
@Timeout(120)
class PublishedCallsTest {
  private static final Pattern MARKER =
      Pattern.compile("<[^<>\\]\\s{}%'\"]{1,40}>|\\[/?[A-Z_]{2,40}]");

  private static final String MINIMAX_3 = "]<]minimax[>[";

  /** What ends a turn of MiniMax. */
  private static final String MINIMAX_END = "[e~[";

  /** In Tencent's marks, which the template puts together. */
  private static final String TENCENT = ":opensource";

  private static final JsonReader JSON_READER = new JsonReader(JsonLimits.LOCAL);
  private static final ChatInput HELLO = ChatInput.of(List.of(new ChatMessage("user", "hello")));
  private static final Map<String, Object> ARGUMENTS = Map.of("zone", 9L);
  private static final String JSON = "{\"zone\": 9}";

  /** Whose templates take no tools, or take them in variables of their own. */
  private static final Set<String> WITHOUT_CALLS =
      Set.of(
          "CohereForAI-c4ai-command-r-plus-tool_use",
          "HuggingFaceTB-SmolLM3-3B",
          "MiroThinker@ik",
          "fireworks-ai-llama-3-firefunction-v2",
          "fireworks-ai-llama-3-firefunction-v2@feb2025",
          "google-gemma-2-2b-it",
          "llama-cpp-deepseek-r1",
          "llama-cpp-deepseek-r1@feb2025",
          "llama-cpp-rwkv-world",
          "microsoft-Phi-3.5-mini-instruct");

  /** Whose arguments are tags in tags. */
  private static final Set<String> NOT_HELD = Set.of("MiniMax-M3");

  @TempDir private Path folder;

  private record Published(String name, Prompts prompts, Tokenizer tokenizer) {}

  private Published published(Path file, int number) {
    try {
      String source = Files.readString(file);
      Set<String> markers = new LinkedHashSet<>(List.of("<s>", "</s>", "<|im_start|>"));
      if (source.contains(MINIMAX_3)) {
        markers.add(MINIMAX_3); // what stands behind it is text
      } else {
        String whole = source.contains(TENCENT) ? source.replace("{}", TENCENT) : source;
        MARKER.matcher(whole).results().forEach(found -> markers.add(found.group()));
      }
      if (source.contains(MINIMAX_END)) {
        markers.add(MINIMAX_END);
      }
      Tokenizer tokenizer =
          SmallVocabularies.load(
              SmallVocabularies.bytePair("llama-bpe", List.of(), List.copyOf(markers))
                  .put("tokenizer.ggml.bos_token_id", 256)
                  .put("tokenizer.ggml.eos_token_id", 257),
              folder.resolve(number + ".gguf"));
      Prompts prompts =
          new Prompts(tokenizer, Optional.of(ChatTemplates.of(source, "t")), Map.of());
      return new Published(file.getFileName().toString().replace(".jinja", ""), prompts, tokenizer);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private List<Published> all() throws IOException {
    List<Published> all = new ArrayList<>();
    try (Stream<Path> files = Files.list(SharedData.folder("template").resolve("templates"))) {
      for (Path file : files.sorted().toList()) {
        all.add(published(file, all.size()));
      }
    }
    return all;
  }

  private static Optional<CallOpening> opening(Published one) {
    try {
      return CallOpening.of(one.prompts(), one.tokenizer(), HELLO, Clock.systemUTC());
    } catch (SoleboxException e) {
      return Optional.empty(); // it wants variables that nobody gives
    }
  }

  @Test
  void callsAreBegunAndHeldWhereTheListsSayNothingElse() throws Exception {
    Set<String> withoutCalls = new TreeSet<>();
    Set<String> notHeld = new TreeSet<>();
    int held = 0;
    for (Published one : all()) {
      if (opening(one).isEmpty()) {
        withoutCalls.add(one.name());
        continue;
      }
      Optional<CallEnvelope> envelope =
          CallEnvelope.of(one.prompts(), one.tokenizer(), HELLO, Clock.systemUTC());
      if (envelope.isEmpty()) {
        notHeld.add(one.name());
      } else {
        hold(one, envelope.get());
        held++;
      }
    }
    assertEquals(new TreeSet<>(WITHOUT_CALLS), withoutCalls);
    assertEquals(new TreeSet<>(NOT_HELD), notHeld);
    assertTrue(held > 36, "only " + held);
  }

  /** A call is said as the model would, with the arguments alone that the schema has, and read. */
  private static void hold(Published one, CallEnvelope envelope) throws InterruptedException {
    Tokenizer tokenizer = one.tokenizer();
    Structures structures = new Structures(tokenizer);
    CallGrammar calls =
        new CallGrammar(
            envelope,
            Map.of("time", new Structure.Schema("{\"enum\": [" + JSON + "]}")),
            true,
            new Otherwise.Nothing());
    TokenConstraint course =
        structures.begin(structures.compile(calls, _ -> calls.grammar(tokenizer)));
    String call =
        envelope.writing() instanceof ArgumentWriting.Json
            ? envelope.opening().of("time").stripLeading() + JSON + envelope.closing()
            : written(one, envelope);
    int[] ids = tokenizer.encode(call, Specials.PARSE, false);
    for (int id : ids) {
      assertTrue(course.allowed().allows(id), () -> one.name() + ": " + call);
      course.said(id);
    }
    assertTrue(tokenizer.endOfGeneration().stream().anyMatch(course.allowed()::allows), one.name());
    Prompt prompt = one.prompts().chat(CallSample.greeting(HELLO), Clock.systemUTC());
    Prompt plain = new Prompt(prompt.ids(), prompt.template(), "");
    boolean begun = Thinking.of(prompt).map(Thinking::begun).orElse(false);
    StringBuilder arguments = new StringBuilder();
    Rehearsal.of(ids, tokenizer, begun ? plain : prompt).stream()
        .filter(AnswerEvent.ToolCallArguments.class::isInstance)
        .map(AnswerEvent.ToolCallArguments.class::cast)
        .forEach(part -> arguments.append(part.fragment()));
    assertEquals(ARGUMENTS, JSON_READER.read(arguments.toString().getBytes(UTF_8)), one.name());
  }

  /** A call as the template writes it, or its family. */
  private static String written(Published one, CallEnvelope envelope) {
    ChatInput greeting = CallSample.greeting(HELLO);
    String begin = envelope.opening().before().stripLeading() + CallSample.NAME;
    for (CallSample sample : CallSample.all()) {
      try {
        ChatInput called = sample.call(greeting, ARGUMENTS, false);
        String text = one.prompts().render(called, Clock.systemUTC()).text();
        int from = text.lastIndexOf(begin);
        int to = text.indexOf(envelope.closing(), from);
        if (from >= 0 && to >= 0) {
          String call = text.substring(from, to) + envelope.closing();
          return call.replace(CallSample.NAME, "time");
        }
      } catch (SoleboxException e) {
        // The template does not take a call in this form; another one may do.
      }
    }
    ArgumentWriting.Literals own = (ArgumentWriting.Literals) envelope.writing();
    return envelope.opening().of("time") + "zone" + own.assign() + "9" + envelope.closing();
  }
}
