package io.solebox.server.openai;

import io.solebox.engine.generation.SamplingParams;
import io.solebox.engine.json.JsonReader;
import io.solebox.engine.json.JsonSkips;
import io.solebox.server.answers.AnswerRequest;
import io.solebox.server.answers.AskedStructure;
import io.solebox.server.answers.Courses;
import io.solebox.server.answers.KeepAliveField;
import io.solebox.server.answers.Truncation;
import io.solebox.server.answers.Window;
import io.solebox.server.models.Models;
import io.solebox.server.params.FieldTable;
import io.solebox.server.params.Fields;
import io.solebox.server.params.Params;
import io.solebox.server.params.Whole;
import io.solebox.server.storage.Metadata;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads the bodies of {@code /v1/chat/completions}. */
final class ChatRequests {
  private final FieldTable table;
  private final JsonSkips skips;
  private final Clock clock;
  private final JsonReader arguments = new JsonReader(Messages.ARGUMENTS);

  /**
   * @param clock for templates that write the date
   */
  ChatRequests(FieldTable table, Clock clock) {
    this.table = table;
    this.skips = OpenAiFields.skips(table, OpenAiFields.CHAT);
    this.clock = clock;
  }

  /** What need not be parsed. */
  JsonSkips skips() {
    return skips;
  }

  /**
   * What is asked for.
   *
   * @param legacyCalls whether calls go as {@code function_call}
   * @param keeping what is kept of it beside the answer, if that is to be kept
   */
  record Chat(CommonFields.Ask ask, boolean legacyCalls, Optional<Keeping> keeping) {}

  /**
   * What is kept of a request.
   *
   * @param messages as templates take them
   */
  record Keeping(Map<String, Object> metadata, List<Map<String, Object>> messages) {}

  /**
   * @param use takes the model that the request names
   */
  Chat read(Map<String, Object> json, Models.Use use) throws InterruptedException {
    Fields body = new Fields(table, OpenAiFields.CHAT, "", json);
    boolean strict = body.flag("strict");
    refuseModalities(body);
    Optional<AskedStructure> structure = StructureFields.read(body);
    ToolUse tools = ToolFields.read(table, body);
    KeepAliveField.read(body, use);
    Optional<String> model = body.string("model");
    Optional<String> adapter = body.string("adapter");
    use.require(model, adapter);
    Messages reader = new Messages(table, arguments, strict);
    List<Map<String, Object>> messages = reader.read(body);
    ChatPrompt rendering = ChatPrompt.read(body, messages, reader.lastIsPrefix(), tools.tools());
    OptionalInt maxTokens = CommonFields.maxTokens(body, OptionalInt.empty(), 1);
    Window window = Window.read(body, "context_tokens");
    CommonFields common = CommonFields.read(body, logprobs(body));
    Optional<Keeping> keeping = keeping(body, messages, strict);
    boolean truncates = Truncation.isAuto(body);
    body.settle(strict);
    Models.Named chosen = use.select(model, adapter);
    chosen.requireAnswers();
    Truncation.Fitted fitted =
        rendering.fit(
            Truncation.of(chosen, window, maxTokens, "messages", clock), messages, truncates);
    window.requireRoom(fitted.prompt(), "messages");
    AnswerRequest whole =
        common.request(chosen, fitted.prompt(), "messages", window.of(chosen), maxTokens);
    AnswerRequest free =
        whole
            .withFit(whole.fit().withDropped(fitted.dropped()))
            .withTools(tools.tools())
            .withCalls(tools.rules());
    String callParam = tools.legacy() ? "function_call" : "tool_choice";
    AnswerRequest request =
        Courses.keep(
            free, fitted.input(), structure, rendering.thinking().budget(), callParam, clock);
    return new Chat(common.ask(common.times(common.choices(), request)), tools.legacy(), keeping);
  }

  private static Optional<Keeping> keeping(
      Fields body, List<Map<String, Object>> messages, boolean strict) {
    Optional<Object> metadata = body.raw("metadata");
    if (!body.flag("store")) {
      if (strict && metadata.isPresent()) {
        throw Params.unsupported(
            "metadata", "It has no effect without 'store', and 'strict' was asked for.");
      }
      return Optional.empty();
    }
    return Optional.of(new Keeping(metadata.map(Metadata::of).orElse(Map.of()), messages));
  }

  private static void refuseModalities(Fields body) {
    if (!body.array("modalities").orElse(List.of()).stream().allMatch("text"::equals)) {
      throw Params.unsupported("modalities", "Only 'text' is supported.");
    }
  }

  private static OptionalInt logprobs(Fields body) {
    boolean wanted = body.flag("logprobs");
    Optional<Whole> top = body.whole("top_logprobs");
    if (top.isEmpty()) {
      return wanted ? OptionalInt.of(0) : OptionalInt.empty();
    }
    int alternatives =
        top.get().inRange(body.param("top_logprobs"), 0, SamplingParams.MAX_LOGPROBS);
    if (!wanted && alternatives > 0) {
      throw Params.invalidValue(
          "top_logprobs", "'top_logprobs' is only allowed when 'logprobs' is true.");
    }
    return wanted ? OptionalInt.of(alternatives) : OptionalInt.empty();
  }
}
