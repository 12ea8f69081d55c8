package io.solebox.server.responses;

import io.solebox.engine.chat.Prompt;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.generation.SamplingParams;
import io.solebox.server.answers.AnswerRequest;
import io.solebox.server.answers.AskedStructure;
import io.solebox.server.answers.ContextFit;
import io.solebox.server.answers.Courses;
import io.solebox.server.answers.TemplateProbe;
import io.solebox.server.answers.Terms;
import io.solebox.server.answers.TermsFields;
import io.solebox.server.answers.Truncation;
import io.solebox.server.formats.FormatReader;
import io.solebox.server.http.EngineProblems;
import io.solebox.server.http.RequestNotes;
import io.solebox.server.knowledge.Lookup;
import io.solebox.server.knowledge.search.Passage;
import io.solebox.server.models.Models;
import io.solebox.server.params.FieldTable;
import io.solebox.server.params.Fields;
import io.solebox.server.params.Params;
import io.solebox.server.params.Whole;
import io.solebox.server.storage.Metadata;
import io.solebox.storage.Ids;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Reads the bodies of {@code POST /v1/responses}. */
final class ResponseRequests {
  private static final String LOGPROBS = "message.output_text.logprobs";
  private static final String FOUND = "file_search_call.results";
  private static final String SEALED = "reasoning.encrypted_content";

  /** They are alike here: what the model thought is shown whole. */
  private static final Set<String> SUMMARIES = Set.of("auto", "concise", "detailed");

  private final FieldTable table;
  private final ItemReader items;
  private final ResponsePrompts prompts;
  private final Clock clock;
  private final Optional<ResponseStore> store;
  private final History history;
  private final Optional<Lookup> lookup;

  /**
   * @param store empty where nothing may be kept
   * @param history what requests go on from
   * @param lookup of passages of documents; empty where there are none
   */
  ResponseRequests(
      FieldTable table,
      Clock clock,
      Optional<ResponseStore> store,
      History history,
      Optional<Lookup> lookup) {
    this.table = table;
    Items read = new Items(table);
    this.items = new ItemReader(table, read);
    this.prompts = new ResponsePrompts(read);
    this.clock = clock;
    this.store = store;
    this.history = history;
    this.lookup = lookup;
  }

  /**
   * @param owner whose it is
   * @param use takes the model that the request names
   */
  ResponseAsk read(Map<String, Object> json, String owner, Models.Use use)
      throws InterruptedException {
    Fields body = new Fields(table, ResponseFields.RESPONSE, "", json);
    boolean strict = body.flag("strict");
    ResponseTools tools = ResponseTools.read(table, body, strict);
    List<Object> include = body.array("include").orElse(List.of());
    Map<String, Object> variables = new LinkedHashMap<>();
    boolean summary = reasoning(body, variables);
    Optional<AskedStructure> structure = structure(body);
    Object given = body.raw("input").orElseThrow(() -> Params.missing("input"));
    List<Map<String, Object>> input = items.read(given, "input", id -> history.item(id, owner));
    Optional<String> previous = body.string("previous_response_id");
    Optional<String> conversation = conversation(body);
    List<Map<String, Object>> earlier = earlier(previous, conversation, owner);
    if (conversation.isPresent()) {
      ItemReader.requireNew(input, earlier, "input");
    }
    Models.Named chosen = use.select(body.string("model"), body.string("adapter"));
    chosen.requireAnswers();
    if (!tools.offered().isEmpty()) {
      TemplateProbe.requireTools(chosen, clock);
    }
    Optional<Searched> searched = searched(tools, input, owner, include);
    boolean logprobs = include.contains(LOGPROBS);
    SamplingParams.Builder sampling = sampling(body, chosen, logprobs);
    OptionalInt most = maxTokens(body);
    boolean auto = Truncation.isAuto(body);
    Keeping keeping = keeping(body, owner);
    Terms terms = TermsFields.answer(body);
    Map<String, Object> echo = echo(body, tools);
    body.settle(strict);
    Truncation.Fitted rendered =
        prompts.render(
            Truncation.of(chosen, most, "input", clock),
            earlier,
            new ResponsePrompts.Parts(
                input, echo, tools, variables, searched.map(Searched::quotes).orElse("")),
            auto);
    SamplingParams params = params(sampling, chosen, rendered.prompt(), most);
    AnswerRequest free =
        AnswerRequest.of(chosen, rendered.prompt(), "input", params, List.of())
            .withTerms(terms)
            .withTools(tools.offered())
            .withCalls(tools.rules())
            .withFit(ContextFit.WHOLE.withDropped(rendered.dropped()));
    AnswerRequest answer =
        Courses.keep(free, rendered.input(), structure, OptionalInt.empty(), "tool_choice", clock);
    return new ResponseAsk(
        answer,
        input,
        conversation,
        previous,
        tools,
        searched,
        echo,
        new Thoughts(summary, include.contains(SEALED)),
        logprobs,
        keeping.store(),
        keeping.stream(),
        keeping.background());
  }

  private Optional<Searched> searched(
      ResponseTools tools, List<Map<String, Object>> input, String owner, List<Object> include)
      throws InterruptedException {
    Optional<String> question = items.question(input).map(Lookup::question);
    if (tools.search().isEmpty() || question.isEmpty()) {
      return Optional.empty();
    }
    Lookup its =
        lookup.orElseThrow(() -> Params.unsupported("tools", "Documents cannot be searched here."));
    List<Passage> passages =
        tools.search().get().find(its, owner, question.get(), new RequestNotes());
    return Optional.of(
        new Searched(Ids.of("fs"), question.get(), passages, include.contains(FOUND)));
  }

  /** How long an answer lives. */
  private record Keeping(boolean store, boolean stream, boolean background) {}

  private Keeping keeping(Fields body, String owner) {
    boolean asked = body.has("store");
    boolean kept = store.filter(s -> s.keeps(owner)).isPresent();
    boolean stored = body.flag("store", kept);
    boolean background = body.flag("background");
    if (stored && asked && !kept) {
      throw Stored.off("store", store);
    }
    if (background && !kept && store.isPresent()) {
      throw Stored.off("background", store);
    }
    if (background && !stored) {
      throw Params.invalidValue(
          "background", "A response in the background must be stored, to be found again.");
    }
    boolean stream = body.flag("stream");
    body.object("stream_options", ResponseFields.STREAM_OPTIONS).ifPresent(o -> o.settle(false));
    return new Keeping(stored, stream, background);
  }

  private static Optional<String> conversation(Fields body) {
    return body.raw("conversation")
        .map(
            given ->
                switch (given) {
                  case String id -> id;
                  case Map<?, ?> map when map.get("id") instanceof String id -> id;
                  default ->
                      throw Params.invalidType(
                          "conversation", "an id, or an object with one", given);
                });
  }

  private List<Map<String, Object>> earlier(
      Optional<String> previous, Optional<String> conversation, String owner) {
    if (previous.isPresent() && conversation.isPresent()) {
      throw Params.invalidValue(
          "previous_response_id", "A request can go on with a response or with a conversation.");
    }
    return history.before(previous, conversation, owner);
  }

  private static SamplingParams.Builder sampling(
      Fields body, Models.Named chosen, boolean logprobs) {
    SamplingParams.Builder params = SamplingParams.builder();
    chosen.model().info().temperature().ifPresent(params::temperature);
    body.number("temperature").ifPresent(params::temperature);
    body.number("top_p").ifPresent(params::topP);
    body.whole("seed").map(Whole::bits).ifPresent(params::seed);
    int top =
        body.whole("top_logprobs")
            .map(n -> n.inRange("top_logprobs", 0, SamplingParams.MAX_LOGPROBS))
            .orElse(0);
    if (logprobs || top > 0) {
      params.logprobs(top);
    }
    return params;
  }

  private static OptionalInt maxTokens(Fields body) {
    return body.whole("max_output_tokens")
        .map(n -> OptionalInt.of(n.atLeast(body.param("max_output_tokens"), 1)))
        .orElse(OptionalInt.empty());
  }

  private static SamplingParams params(
      SamplingParams.Builder sampling, Models.Named chosen, Prompt prompt, OptionalInt most) {
    try {
      return sampling.maxTokens(AnswerRequest.maxTokens(chosen, prompt, most)).build();
    } catch (SoleboxException e) {
      throw EngineProblems.of(e, "");
    }
  }

  /**
   * @param variables gets what templates are told of it
   * @return whether thoughts are to be shown as a summary
   */
  private static boolean reasoning(Fields body, Map<String, Object> variables) {
    Optional<Fields> given = body.object("reasoning", ResponseFields.REASONING);
    if (given.isEmpty()) {
      return false;
    }
    Fields reasoning = given.get();
    reasoning
        .string("effort")
        .ifPresent(
            effort -> {
              variables.put("reasoning_effort", effort);
              variables.put("enable_thinking", !effort.equals("none"));
            });
    Optional<String> summary = reasoning.string("summary");
    if (summary.filter(how -> !SUMMARIES.contains(how)).isPresent()) {
      throw Params.invalidValue(
          reasoning.param("summary"),
          "'%s' must be auto, concise or detailed.".formatted(reasoning.param("summary")));
    }
    reasoning.settle(false);
    return summary.isPresent();
  }

  private static Optional<AskedStructure> structure(Fields body) {
    Optional<Fields> text = body.object("text", ResponseFields.TEXT);
    Optional<AskedStructure> structure =
        text.flatMap(fields -> fields.object("format", ResponseFields.FORMAT))
            .flatMap(FormatReader::flat);
    text.ifPresent(fields -> fields.settle(false));
    return structure;
  }

  private static Map<String, Object> echo(Fields body, ResponseTools tools) {
    Map<String, Object> echo = new LinkedHashMap<>();
    echo.put("instructions", body.string("instructions").orElse(null));
    echo.put("max_output_tokens", body.raw("max_output_tokens").orElse(null));
    echo.put("metadata", body.raw("metadata").map(Metadata::of).orElse(Map.of()));
    echo.put("parallel_tool_calls", body.flag("parallel_tool_calls", true));
    echo.put("reasoning", body.raw("reasoning").orElse(Map.of()));
    echo.put("temperature", body.raw("temperature").orElse(null));
    echo.put("text", body.raw("text").orElse(Map.of("format", Map.of("type", "text"))));
    echo.put("tool_choice", tools.choice());
    echo.put("tools", tools.given());
    echo.put("top_logprobs", body.raw("top_logprobs").orElse(0));
    echo.put("top_p", body.raw("top_p").orElse(null));
    echo.put("truncation", body.string("truncation").orElse("disabled"));
    echo.put("user", body.string("user").orElse(null));
    return echo;
  }
}
