package io.solebox.app.run;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import io.solebox.app.console.Json;
import io.solebox.app.session.AdapterArgument;
import io.solebox.app.session.DraftOptions;
import io.solebox.app.session.EngineOptions;
import io.solebox.app.session.ModelLocator;
import io.solebox.app.session.Session;
import io.solebox.app.session.StructureOptions;
import io.solebox.app.session.TemplateOptions;
import io.solebox.engine.answer.AnswerEvent;
import io.solebox.engine.answer.AnswerStream;
import io.solebox.engine.answer.WholeAnswer;
import io.solebox.engine.api.LoadOptions;
import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.chat.ChatInput;
import io.solebox.engine.chat.ChatMessage;
import io.solebox.engine.chat.Prompt;
import io.solebox.engine.constrain.structure.Structure;
import io.solebox.engine.generation.GenerationRequest;
import io.solebox.engine.generation.SamplingParams;
import io.solebox.engine.tokenizer.Tokenizer.Specials;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** One answer: text on stdout as it is made, numbers on stderr. */
@Command(
    name = "run",
    description = "Answer one prompt.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class RunCommand implements Callable<Integer> {
  private final Console console;
  private final ModelLocator locator;

  @Spec private CommandSpec spec;

  @Parameters(arity = "0..1", paramLabel = "MODEL", description = "Path or name of a model.")
  private Optional<String> model;

  @Option(
      names = {"-p", "--prompt"},
      paramLabel = "TEXT",
      description = "What to answer; - or nothing reads it from stdin, without its last newline.")
  private Optional<String> prompt;

  @Option(names = "--system", paramLabel = "TEXT", description = "The system message.")
  private Optional<String> system;

  @Option(
      names = "--raw",
      description =
          "Give the prompt to the model as it is, without its chat template; special tokens in it"
              + " count.")
  private boolean raw;

  @Option(names = "--json", description = "Print one JSON object with text and numbers.")
  private boolean json;

  @Mixin private TemplateOptions template;
  @Mixin private SamplingOptions sampling;
  @Mixin private StructureOptions structure;
  @Mixin private AdapterArgument adapter;
  @Mixin private DraftOptions draft;
  @Mixin private EngineOptions engine;

  public RunCommand(Console console, Environment environment) {
    this.console = console;
    this.locator = new ModelLocator(environment);
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    sampling.check();
    engine.check();
    draft.check();
    if (raw && (system.isPresent() || !template.isEmpty())) {
      String option = system.isPresent() ? "--system" : "--chat-template or --template-arg";
      throw new ParameterException(spec.commandLine(), option + " needs a conversation, not --raw");
    }
    Optional<Structure> held = structure.read(console);
    String text = text();
    Path file = locator.locate(model);
    LoadOptions options =
        adapter.with(
            engine
                .loadOptions(1)
                .withChat(template.read(console))
                .withSpeculation(draft.speculation(locator)));
    try (var session = Session.openToAnswer(console, engine, file, options)) {
      LoadedModel loaded = session.model();
      Prompt prepared = prepare(loaded, text);
      int tokens = sampling.maxTokens(Room.of(loaded, prepared));
      var params = sampling.params(tokens, loaded.info().temperature());
      try (var answer = answer(loaded, prepared, params, held)) {
        write(session, answer);
      }
    }
    return 0;
  }

  private AnswerStream answer(
      LoadedModel loaded, Prompt prompt, SamplingParams params, Optional<Structure> held)
      throws InterruptedException {
    if (held.isEmpty()) {
      return loaded.answer(prompt, params, sampling.stops(), true);
    }
    GenerationRequest request =
        GenerationRequest.of(prompt.ids(), params)
            .withConstraint(loaded.held(prompt, held.get()).get());
    return loaded.answer(prompt, request, sampling.stops(), List.of());
  }

  private String text() throws IOException {
    if (prompt.isPresent() && !prompt.get().equals("-")) {
      return checked(prompt.get());
    }
    if (prompt.isEmpty() && console.inIsTerminal()) {
      throw new ParameterException(spec.commandLine(), "There is no prompt: give -p TEXT");
    }
    return checked(
        withoutLastLineEnd(new String(console.in().readAllBytes(), StandardCharsets.UTF_8)));
  }

  /** Shells and editors end a text with a newline that nobody wrote; a second one was meant. */
  private static String withoutLastLineEnd(String text) {
    return text.endsWith("\r\n")
        ? text.substring(0, text.length() - 2)
        : text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
  }

  private String checked(String text) {
    if (text.isEmpty()) {
      throw new ParameterException(spec.commandLine(), "The prompt is empty");
    }
    return text;
  }

  private Prompt prepare(LoadedModel loaded, String text) {
    if (!raw && loaded.chatTemplate().isPresent()) {
      List<ChatMessage> messages = new ArrayList<>();
      system.ifPresent(s -> messages.add(new ChatMessage("system", s)));
      messages.add(new ChatMessage("user", text));
      return loaded.prompts().chat(ChatInput.of(messages), Clock.systemDefaultZone());
    }
    if (!raw) {
      console.error(
          "note: the model file has no chat template; the prompt is used as it is (as with --raw)"
              + (system.isPresent() || !template.isEmpty()
                  ? ", and --system and --template-arg are left out."
                  : "."));
    }
    return loaded.prompts().raw(text, Specials.PARSE);
  }

  private void write(Session session, AnswerStream answer) throws InterruptedException {
    var whole = new WholeAnswer();
    var printer = new AnswerPrinter(console, console.outIsTerminal());
    for (var event = answer.next(); event.isPresent(); event = answer.next()) {
      whole.add(event.get());
      if (!json) {
        printer.write(event.get());
      }
      if (event.get() instanceof AnswerEvent.End(var reason, var usage, _)) {
        report(printer, whole, session, new AnswerReport(reason, usage, session.loadSeconds()));
      }
    }
  }

  private void report(
      AnswerPrinter printer, WholeAnswer whole, Session session, AnswerReport report) {
    if (json) {
      console.println(Json.text(fields(session, report, whole)));
      return;
    }
    if (!printer.atLineStart() || whole.text().isEmpty()) {
      console.print("\n");
    }
    if (printer.hiddenReasoning() > 0) {
      console.error(
          "note: %d characters of reasoning are left out; --json has them."
              .formatted(printer.hiddenReasoning()));
    }
    String load = String.format(Locale.ROOT, "load %.2f s | ", report.loadSeconds());
    console.errorFaint(load + report.line());
  }

  private static Map<String, Object> fields(
      Session session, AnswerReport report, WholeAnswer answer) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("model", session.model().info().name());
    fields.put("device", session.model().device());
    fields.put("text", answer.text());
    fields.put("reasoning", answer.reasoning());
    fields.put("tool_calls", answer.toolCalls().stream().map(RunCommand::fields).toList());
    fields.put("finish_reason", report.reasonName());
    fields.put("prompt_tokens", report.usage().promptTokens());
    fields.put("completion_tokens", report.usage().completionTokens());
    fields.put("load_seconds", report.loadSeconds());
    fields.put("prompt_tokens_per_second", report.promptTokensPerSecond());
    fields.put("completion_tokens_per_second", report.tokensPerSecond());
    fields.put("time_to_first_token_seconds", report.timeToFirstTokenSeconds());
    report
        .usage()
        .drafts()
        .ifPresent(
            drafts -> {
              fields.put("drafted_tokens", drafts.drafted());
              fields.put("accepted_draft_tokens", drafts.accepted());
            });
    return fields;
  }

  private static Map<String, Object> fields(WholeAnswer.ToolCall call) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("name", call.name());
    fields.put("arguments", call.arguments());
    return fields;
  }
}
