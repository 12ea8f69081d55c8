package io.solebox.server.openai;

import io.solebox.engine.chat.ChatTemplate;
import io.solebox.engine.chat.ChatVariables;
import io.solebox.engine.chat.SpecialTexts;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.generation.SamplingParams;
import io.solebox.engine.tokenizer.Tokenizer;
import io.solebox.server.error.ApiError;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/** Reads the bodies of {@code /v1/chat/completions}. */
public final class ChatRequests {
  private static final Set<String> LATER =
      Set.of(
          "tools",
          "functions",
          "function_call",
          "audio",
          "prediction",
          "web_search_options",
          "moderation");

  private static final Set<String> KNOWN = new HashSet<>(CommonFields.USED);

  static {
    KNOWN.addAll(CommonFields.IGNORED);
    KNOWN.addAll(LATER);
    KNOWN.addAll(
        Set.of(
            "messages",
            "max_completion_tokens",
            "logprobs",
            "top_logprobs",
            "tool_choice",
            "parallel_tool_calls",
            "response_format",
            "modalities",
            "reasoning_effort",
            "verbosity"));
  }

  private final Models models;
  private final Clock clock;

  /**
   * @param clock for templates that write the date
   */
  public ChatRequests(Models models, Clock clock) {
    this.models = models;
    this.clock = clock;
  }

  public AnswerRequest read(Map<String, Object> json) {
    Fields body = new Fields(json, "");
    body.refuseOthers(KNOWN);
    refuseUnsupported(body);
    Models.Named chosen = models.select(body);
    List<Map<String, Object>> messages = Messages.read(body);
    OptionalInt maxTokens = maxTokens(body);
    OptionalInt logprobs = logprobs(body);
    boolean stream = body.flag("stream");
    boolean includeUsage = CommonFields.includeUsage(body, stream);
    List<String> stops = CommonFields.stops(body);
    int[] prompt = prompt(chosen, messages);
    SamplingParams params =
        CommonFields.sampling(body, chosen.model(), prompt, maxTokens, logprobs);
    return new AnswerRequest(
        chosen.name(), chosen.model(), prompt, "messages", params, stops, stream, includeUsage);
  }

  private static void refuseUnsupported(Fields body) {
    CommonFields.refuseSeveralAnswers(body);
    CommonFields.refuse(body, LATER);
    if (body.has("tool_choice")
        && !Set.of("none", "auto").contains(body.object().get("tool_choice"))) {
      throw ApiError.unsupported("tool_choice", "This server does not have tools yet.");
    }
    if (body.has("response_format")
        && !"text".equals(body.object("response_format").orElseThrow().object().get("type"))) {
      throw ApiError.unsupported("response_format", "Only the type 'text' is supported.");
    }
    if (!List.of("text").containsAll(body.array("modalities").orElse(List.of()))) {
      throw ApiError.unsupported("modalities", "Only 'text' is supported.");
    }
  }

  private static OptionalInt maxTokens(Fields body) {
    OptionalInt old = body.count("max_tokens", 1);
    OptionalInt current = body.count("max_completion_tokens", 1);
    if (old.isPresent() && current.isPresent() && !old.equals(current)) {
      throw ApiError.invalidValue(
          "max_tokens", "'max_tokens' and 'max_completion_tokens' say different things.");
    }
    return current.isPresent() ? current : old;
  }

  private static OptionalInt logprobs(Fields body) {
    boolean wanted = body.flag("logprobs");
    if (!body.has("top_logprobs")) {
      return wanted ? OptionalInt.of(0) : OptionalInt.empty();
    }
    int top =
        Fields.inRange(
            body.object().get("top_logprobs"), "top_logprobs", 0, SamplingParams.MAX_LOGPROBS);
    if (!wanted) {
      throw ApiError.invalidValue(
          "top_logprobs", "'top_logprobs' is only allowed when 'logprobs' is true.");
    }
    return OptionalInt.of(top);
  }

  private int[] prompt(Models.Named chosen, List<Map<String, Object>> messages) {
    ChatTemplate template =
        chosen.model().chatTemplate().orElseThrow(() -> ApiError.noChatTemplate(chosen.name()));
    Tokenizer tokenizer = chosen.model().tokenizer();
    Map<String, Object> variables =
        ChatVariables.ofMaps(messages, true, SpecialTexts.of(tokenizer));
    try {
      String text = template.render(variables, clock);
      return tokenizer.encode(text, Tokenizer.Specials.PARSE, false);
    } catch (SoleboxException e) {
      throw ApiError.from(e, "messages");
    }
  }
}
