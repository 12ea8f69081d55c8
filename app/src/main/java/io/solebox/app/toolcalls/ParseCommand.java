package io.solebox.app.toolcalls;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import io.solebox.app.console.Inputs;
import io.solebox.app.console.Json;
import io.solebox.app.session.ModelLocator;
import io.solebox.app.session.ModelTemplate;
import io.solebox.engine.answer.AnswerFormat;
import io.solebox.engine.answer.AnswerParser;
import io.solebox.engine.answer.WholeAnswer;
import io.solebox.engine.answer.WholeAnswer.ToolCall;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Parses one answer as {@code serve} would. */
@Command(
    name = "parse",
    description = "Parse an answer, special tokens as text, from stdin; print the message as JSON.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class ParseCommand implements Callable<Integer> {
  private static final String TEMPLATE_FILE = ".jinja";

  private final Console console;
  private final ModelLocator locator;

  @Option(
      names = "--template",
      required = true,
      paramLabel = "MODEL|F.jinja",
      description = "A model, or a file with a chat template, that tells how answers are written.")
  private String template;

  @Option(
      names = "--tools",
      paramLabel = "F.json",
      description =
          "The tools that were offered, as in OpenAI's API. Without any, what looks like a call is"
              + " text.")
  private Optional<String> tools = Optional.empty();

  @Option(
      names = "--generation-prompt",
      paramLabel = "TEXT",
      description =
          "What the template wrote in front of the answer: it may have begun the reasoning.")
  private String generationPrompt = "";

  @Option(
      names = "--partial",
      description = "The answer is cut off: what may be the start of a marker is not shown.")
  private boolean partial;

  ParseCommand(Console console, Environment environment) {
    this.console = console;
    this.locator = new ModelLocator(environment);
  }

  @Override
  public Integer call() {
    AnswerFormat format = AnswerFormat.ofTemplate(source());
    List<Map<String, Object>> offered =
        tools.map(file -> ToolFile.read(console, file)).orElse(List.of());
    String raw = Inputs.strictText(console, "-");
    if (format.name().isEmpty()) {
      console.error("note: The template's format of answers is not known, so all is text.");
    }
    AnswerParser parser = format.parser(generationPrompt, offered);
    WholeAnswer answer = new WholeAnswer();
    parser.accept(raw, answer::add);
    parser.finish(partial, answer::add);
    console.print(Json.text(message(answer)) + "\n");
    return 0;
  }

  private String source() {
    return template.endsWith(TEMPLATE_FILE)
        ? Inputs.text(console, template)
        : ModelTemplate.source(
            locator.locate(Optional.of(template)), "Give one in a file (--template F.jinja).");
  }

  private static Map<String, Object> message(WholeAnswer answer) {
    Map<String, Object> message = new LinkedHashMap<>();
    message.put("role", "assistant");
    message.put("content", answer.text());
    message.put("reasoning_content", answer.reasoning());
    message.put("tool_calls", answer.toolCalls().stream().map(ParseCommand::call).toList());
    return message;
  }

  /** As in OpenAI's API; name and arguments also stand where they are at hand. */
  private static Map<String, Object> call(ToolCall call) {
    Map<String, Object> plain = new LinkedHashMap<>();
    call.id().ifPresent(id -> plain.put("id", id));
    plain.put("type", "function");
    plain.put("name", call.name());
    plain.put("arguments", call.arguments());
    Map<String, Object> function = new LinkedHashMap<>();
    function.put("name", call.name());
    function.put("arguments", call.arguments());
    plain.put("function", function);
    return plain;
  }
}
