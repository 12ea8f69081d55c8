package io.solebox.server.anthropic;

import io.solebox.engine.chat.ChatInput;
import io.solebox.engine.chat.Prompt;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.generation.SamplingParams;
import io.solebox.engine.json.JsonSkips;
import io.solebox.server.answers.AnswerRequest;
import io.solebox.server.answers.AskedStructure;
import io.solebox.server.answers.ChatPrompts;
import io.solebox.server.answers.Courses;
import io.solebox.server.answers.TemplateProbe;
import io.solebox.server.answers.Terms;
import io.solebox.server.answers.TermsFields;
import io.solebox.server.http.EngineProblems;
import io.solebox.server.models.Models;
import io.solebox.server.params.FieldTable;
import io.solebox.server.params.Fields;
import io.solebox.server.params.Params;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads the bodies of {@code /v1/messages} and {@code /v1/messages/count_tokens}. */
final class MessageRequests {
  private static final int MAX_STOPS = 64;
  private static final int MAX_STOP_LENGTH = 1000;

  private final FieldTable table;
  private final Clock clock;

  /**
   * What is asked for.
   *
   * @param maxTokens as the request has it; the context may have room for fewer
   * @param showThinking whether what the model thinks is a part of the answer
   */
  record Ask(AnswerRequest request, int maxTokens, boolean stream, boolean showThinking) {}

  /** A prompt, and what the model may do behind it. */
  private record Asked(
      Models.Named chosen,
      ChatInput input,
      Prompt prompt,
      ToolOffer tools,
      Thinking thinking,
      Optional<AskedStructure> structure) {}

  /**
   * @param clock for templates that write the date
   */
  MessageRequests(FieldTable table, Clock clock) {
    this.table = table;
    this.clock = clock;
  }

  /** What need not be parsed. */
  JsonSkips skips() {
    return AnthropicFields.skips(table, AnthropicFields.MESSAGES);
  }

  JsonSkips countSkips() {
    return AnthropicFields.skips(table, AnthropicFields.COUNT);
  }

  /**
   * @param use takes the model that the request names
   */
  Ask read(Map<String, Object> json, Models.Use use) throws InterruptedException {
    Fields body = new Fields(table, AnthropicFields.MESSAGES, "", json);
    int maxTokens =
        body.whole("max_tokens")
            .orElseThrow(() -> Params.missing("max_tokens"))
            .atLeast("max_tokens", 1);
    boolean stream = body.flag("stream");
    List<String> stops = stops(body);
    SamplingParams.Builder sampling = sampling(body);
    Terms terms = terms(body);
    params(sampling, 1); // what is out of range is told before a prompt is made
    Asked asked = asked(body, use, OptionalInt.of(maxTokens));
    int most = AnswerRequest.maxTokens(asked.chosen(), asked.prompt(), OptionalInt.of(maxTokens));
    if (body.number("temperature").isEmpty()) {
      asked.chosen().model().info().temperature().ifPresent(sampling::temperature);
    }
    AnswerRequest free =
        AnswerRequest.of(asked.chosen(), asked.prompt(), "messages", params(sampling, most), stops)
            .withTools(asked.tools().tools())
            .withCalls(asked.tools().rules())
            .withTerms(terms);
    AnswerRequest request =
        Courses.keep(
            free,
            asked.input(),
            asked.structure(),
            asked.thinking().budget(),
            "tool_choice",
            clock);
    return new Ask(request, maxTokens, stream, asked.thinking().shown());
  }

  /** The prompt that a request would be answered to. */
  Prompt prompt(Map<String, Object> json, Models.Use use) throws InterruptedException {
    Fields body = new Fields(table, AnthropicFields.COUNT, "", json);
    return asked(body, use, OptionalInt.empty()).prompt();
  }

  private Asked asked(Fields body, Models.Use use, OptionalInt maxTokens)
      throws InterruptedException {
    boolean strict = body.flag("strict");
    Models.Named chosen = use.select(body.string("model"), body.string("adapter"));
    chosen.requireAnswers();
    Conversation conversation = Conversation.read(table, body);
    ToolOffer tools = ToolOffer.read(table, body);
    OutputConfig config = OutputConfig.read(body);
    Thinking thinking = Thinking.read(body, config.effort(), maxTokens);
    body.settle(strict);
    if (!tools.tools().isEmpty()) {
      TemplateProbe.requireTools(chosen, clock);
    }
    ChatInput input =
        ChatInput.ofMaps(conversation.messages())
            .withTools(tools.tools())
            .withArguments(thinking.variables())
            .withEnding(conversation.ending());
    Prompt prompt = ChatPrompts.encode(chosen, input, "messages", clock);
    return new Asked(chosen, input, prompt, tools, thinking, config.structure());
  }

  private static SamplingParams.Builder sampling(Fields body) {
    SamplingParams.Builder params = SamplingParams.builder();
    body.number("temperature").ifPresent(params::temperature);
    body.number("top_p").ifPresent(params::topP);
    body.whole("top_k")
        .map(k -> k.atLeast("top_k", 0))
        .ifPresent(k -> params.topK(k == 0 ? SamplingParams.ALL : k));
    return params;
  }

  private static SamplingParams params(SamplingParams.Builder sampling, int maxTokens) {
    try {
      return sampling.maxTokens(maxTokens).build();
    } catch (SoleboxException e) {
      throw EngineProblems.of(e, "");
    }
  }

  private static Terms terms(Fields body) {
    Optional<Fields> given = body.object("metadata", AnthropicFields.METADATA);
    Terms terms =
        given
            .flatMap(metadata -> metadata.string("user_id"))
            .map(Terms.USUAL::withUser)
            .orElse(Terms.USUAL);
    given.ifPresent(metadata -> metadata.settle(false));
    return TermsFields.receipt(terms, body);
  }

  private static List<String> stops(Fields body) {
    List<Object> given = body.array("stop_sequences").orElse(List.of());
    if (given.size() > MAX_STOPS) {
      throw Params.invalidValue(
          "stop_sequences",
          "'stop_sequences' has %d strings, at most %d.".formatted(given.size(), MAX_STOPS));
    }
    List<String> stops = new ArrayList<>();
    for (int i = 0; i < given.size(); i++) {
      String param = "stop_sequences[" + i + "]";
      if (!(given.get(i) instanceof String text)) {
        throw Params.invalidType(param, "a string", given.get(i));
      }
      if (text.isBlank() || text.length() > MAX_STOP_LENGTH) {
        throw Params.invalidValue(
            param,
            "A stop sequence has 1 to %d characters, and not white space alone."
                .formatted(MAX_STOP_LENGTH));
      }
      stops.add(text);
    }
    return stops;
  }
}
