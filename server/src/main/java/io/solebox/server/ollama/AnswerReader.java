package io.solebox.server.ollama;

import io.solebox.engine.chat.ChatInput;
import io.solebox.engine.chat.Prompt;
import io.solebox.engine.tokenizer.Tokenizer;
import io.solebox.engine.tokenizer.Tokenizer.Specials;
import io.solebox.server.answers.AnswerRequest;
import io.solebox.server.answers.AskedStructure;
import io.solebox.server.answers.Courses;
import io.solebox.server.answers.KeepAliveField;
import io.solebox.server.answers.TemplateProbe;
import io.solebox.server.answers.Terms;
import io.solebox.server.answers.TermsFields;
import io.solebox.server.answers.Truncation;
import io.solebox.server.answers.Truncation.Fitted;
import io.solebox.server.answers.Turns;
import io.solebox.server.library.ModelSettings;
import io.solebox.server.models.Models;
import io.solebox.server.params.FieldTable;
import io.solebox.server.params.Fields;
import io.solebox.server.params.Params;
import io.solebox.server.params.Whole;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/** Reads the bodies of {@code /api/chat} and {@code /api/generate}. */
final class AnswerReader {
  private final FieldTable table;
  private final Function<String, ModelSettings> presets;
  private final Clock clock;

  /**
   * @param presets what goes along with a name
   * @param clock for templates that write the date
   */
  AnswerReader(FieldTable table, Function<String, ModelSettings> presets, Clock clock) {
    this.table = table;
    this.presets = presets;
    this.clock = clock;
  }

  /** A model that a request has chosen, and what is asked of it. */
  private record Chosen(
      Models.Named named,
      String asked,
      ModelSettings preset,
      boolean leaves,
      long loadNanos,
      Options options) {
    /** What is asked where the model is only to be loaded. */
    Ask nothing(boolean stream) {
      return new Ask(asked, Optional.empty(), stream, loadNanos, leaves, false);
    }

    /**
     * @param dropped messages that are not in the prompt
     */
    AnswerRequest request(Prompt prompt, String promptParam, int dropped) {
      AnswerRequest request = options.request(named, prompt, promptParam);
      return request.withFit(request.fit().withDropped(dropped));
    }

    Ask ask(AnswerRequest request, boolean stream, boolean withContext) {
      return new Ask(asked, Optional.of(request), stream, loadNanos, leaves, withContext);
    }
  }

  private Chosen choose(Fields body, Models.Use use, boolean leaves) throws InterruptedException {
    Optional<String> asked = body.string("model");
    long begin = System.nanoTime();
    Models.Named named = use.select(asked, Optional.empty());
    long loadNanos = System.nanoTime() - begin;
    String name = asked.filter(text -> !text.isBlank()).orElse(named.name());
    ModelSettings preset = presets.apply(name);
    Map<String, Object> options = new LinkedHashMap<>(preset.parameters());
    int context = named.model().contextTokens();
    // Whoever made the model wished for that; the server's owner has the last word.
    options.computeIfPresent(
        "num_ctx", (_, most) -> most instanceof Long wish && wish > context ? context : most);
    body.raw("options").ifPresent(own -> options.putAll(Fields.members(own, "options")));
    Fields read = new Fields(table, OllamaFields.OPTIONS, "options.", options);
    return new Chosen(
        named, name, preset, leaves, loadNanos, Options.read(read, named, body.flag("shift")));
  }

  /** A model that only is to leave need not come for that. */
  private static Ask leave(Fields body, Models.Use use) {
    Optional<String> asked = body.string("model");
    String name = use.selectAsItIs(asked).name();
    boolean stream = body.flag("stream", true);
    boolean strict = body.flag("strict");
    body.readAll();
    body.settle(strict);
    return new Ask(
        asked.filter(text -> !text.isBlank()).orElse(name),
        Optional.empty(),
        stream,
        0,
        true,
        false);
  }

  /**
   * @param use takes the model that the request names
   */
  Ask chat(Map<String, Object> json, Models.Use use) throws InterruptedException {
    Fields body = new Fields(table, OllamaFields.CHAT, "", json);
    ChatMessages reader = new ChatMessages(table);
    List<Map<String, Object>> own = reader.messages(body);
    boolean leaves = KeepAliveField.read(body, use);
    if (own.isEmpty() && leaves) {
      return leave(body, use);
    }
    Chosen chosen = choose(body, use, leaves);
    List<Map<String, Object>> tools = reader.tools(body);
    Map<String, Object> variables = Think.variables(body, chosen.named());
    boolean stream = body.flag("stream", true);
    Optional<AskedStructure> structure = FormatField.read(body);
    boolean truncates = body.flag("truncate");
    Terms terms = TermsFields.receipt(Terms.USUAL, body);
    body.settle(body.flag("strict"));
    if (own.isEmpty()) {
      return chosen.nothing(stream);
    }
    if (!tools.isEmpty()) {
      TemplateProbe.requireTools(chosen.named(), clock);
    }
    List<Map<String, Object>> messages = before(own, chosen.preset());
    Function<List<Map<String, Object>>, ChatInput> chat =
        left ->
            ChatInput.ofMaps(left)
                .withTools(tools)
                .withArguments(variables)
                .withEnding(ChatMessages.ending(left));
    Fitted fitted = fit(chosen, messages, chat, truncates, 0, "messages");
    AnswerRequest request =
        chosen
            .request(fitted.prompt(), "messages", fitted.dropped())
            .withTools(tools)
            .withTerms(terms);
    AnswerRequest kept =
        Courses.keep(request, fitted.input(), structure, OptionalInt.empty(), "tools", clock);
    return chosen.ask(kept, stream, false);
  }

  /**
   * @param before tokens in front of it
   */
  private Fitted fit(
      Chosen chosen,
      List<Map<String, Object>> messages,
      Function<List<Map<String, Object>>, ChatInput> chat,
      boolean truncates,
      int before,
      String param) {
    Options options = chosen.options();
    int window = Math.max(0, options.window(chosen.named()) - before);
    String bound =
        before == 0
            ? options.bound()
            : "behind the %d ids of 'context' there is room for".formatted(before);
    Truncation truncation =
        new Truncation(chosen.named(), window, options.room(window), bound, param, clock);
    Turns turns = new Turns(messages);
    return truncates
        ? truncation.fit(turns.cuts(), cut -> chat.apply(turns.without(cut)))
        : truncation.all(chat.apply(messages));
  }

  /** With what a preset says first. */
  private static List<Map<String, Object>> before(
      List<Map<String, Object>> own, ModelSettings preset) {
    List<Map<String, Object>> all = new ArrayList<>();
    boolean hasSystem = own.stream().anyMatch(message -> message.get("role").equals("system"));
    preset.system().filter(_ -> !hasSystem).ifPresent(text -> all.add(message("system", text)));
    all.addAll(preset.messages());
    all.addAll(own);
    return all;
  }

  private static Map<String, Object> message(String role, String text) {
    Map<String, Object> message = new LinkedHashMap<>();
    message.put("role", role);
    message.put("content", text);
    return message;
  }

  /**
   * @param use takes the model that the request names
   */
  Ask generate(Map<String, Object> json, Models.Use use) throws InterruptedException {
    Fields body = new Fields(table, OllamaFields.GENERATE, "", json);
    String text = body.string("prompt").orElse("");
    String suffix = body.string("suffix").orElse("");
    boolean empty = text.isEmpty() && suffix.isEmpty();
    boolean leaves = KeepAliveField.read(body, use);
    if (empty && leaves) {
      return leave(body, use);
    }
    Chosen chosen = choose(body, use, leaves);
    Optional<String> system =
        body.string("system").filter(own -> !own.isEmpty()).or(chosen.preset()::system);
    boolean raw = body.flag("raw");
    int[] context = context(body, chosen.named());
    Map<String, Object> variables = Think.variables(body, chosen.named());
    boolean stream = body.flag("stream", true);
    Optional<AskedStructure> structure = FormatField.read(body);
    boolean truncates = body.flag("truncate");
    Terms terms = TermsFields.receipt(Terms.USUAL, body);
    body.settle(body.flag("strict"));
    if (empty) {
      return chosen.nothing(stream);
    }
    boolean template = !raw && chosen.named().model().chatTemplate().isPresent();
    if (!suffix.isEmpty() || !template) {
      Prompt all = behind(context, raw(chosen.named(), text, suffix), chosen.named());
      AnswerRequest request = chosen.request(all, "prompt", 0).withTerms(terms);
      return chosen.ask(AskedStructure.hold(structure, request), stream, !raw);
    }
    Fitted fitted =
        fit(
            chosen,
            messages(chosen, system, text),
            left -> ChatInput.ofMaps(left).withArguments(variables),
            truncates,
            context.length,
            "prompt");
    Prompt all = behind(context, fitted.prompt(), chosen.named());
    AnswerRequest request = chosen.request(all, "prompt", fitted.dropped()).withTerms(terms);
    return chosen.ask(AskedStructure.hold(structure, request), stream, true);
  }

  /** A text as it is, or what stands before a gap and behind it. */
  private static Prompt raw(Models.Named named, String text, String suffix) {
    if (suffix.isEmpty()) {
      return named.model().prompts().raw(text, Specials.PARSE);
    }
    Tokenizer tokenizer = named.model().tokenizer();
    return named
        .model()
        .prompts()
        .gap(
            tokenizer.encode(text, Specials.AS_TEXT, false),
            tokenizer.encode(suffix, Specials.AS_TEXT, false))
        .orElseThrow(
            () ->
                Params.invalidValue(
                    "suffix", "\"%s\" does not support insert".formatted(named.name())));
  }

  private static List<Map<String, Object>> messages(
      Chosen chosen, Optional<String> system, String text) {
    List<Map<String, Object>> messages = new ArrayList<>();
    system.ifPresent(words -> messages.add(message("system", words)));
    messages.addAll(chosen.preset().messages());
    messages.add(message("user", text));
    return messages;
  }

  /** A prompt behind the ids of an earlier answer. */
  private static Prompt behind(int[] context, Prompt prompt, Models.Named named) {
    if (context.length == 0) {
      return prompt;
    }
    int[] own = prompt.ids();
    int begin = named.model().tokenizer().bos().orElse(-1);
    boolean begins = named.model().tokenizer().addsBos() && own.length > 0 && own[0] == begin;
    int from = begins ? 1 : 0; // the context has it
    int[] ids = new int[context.length + own.length - from];
    System.arraycopy(context, 0, ids, 0, context.length);
    System.arraycopy(own, from, ids, context.length, own.length - from);
    return prompt.withIds(ids);
  }

  private static int[] context(Fields body, Models.Named named) {
    List<Object> given = body.array("context").orElse(List.of());
    int most = named.model().tokenizer().vocabSize() - 1;
    return given.stream().mapToInt(id -> Whole.inRange(id, "context", 0, most)).toArray();
  }
}
