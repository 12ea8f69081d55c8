package io.solebox.app.model;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import io.solebox.app.console.Inputs;
import io.solebox.app.session.ModelLocator;
import io.solebox.app.session.ModelTemplate;
import io.solebox.app.session.TemplateOptions;
import io.solebox.engine.chat.ChatTemplate;
import io.solebox.engine.chat.ChatTemplates;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.LinkedHashMap;
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

/** Renders a chat template, exactly. */
@Command(
    name = "template",
    description = "Render a chat template with the variables of a JSON file.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class TemplateCommand implements Callable<Integer> {
  private final Console console;
  private final ModelLocator locator;

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "MODEL",
      description = "Path or name of a model, whose own template is rendered.")
  private Optional<String> model = Optional.empty();

  @Mixin private TemplateOptions template;

  @Option(
      names = "--input",
      required = true,
      paramLabel = "CASE.json",
      description =
          "The variables (messages, tools, add_generation_prompt, ...), or an object that has them"
              + " under the key input; - is stdin.")
  private String input;

  @Option(
      names = "--now",
      paramLabel = "2026-07-14T09:05:03",
      description = "The time that strftime_now tells. Default: the clock's.")
  private Optional<LocalDateTime> now;

  @Option(names = "--file", paramLabel = "T.jinja", description = "The same as --chat-template.")
  private Optional<String> file = Optional.empty();

  public TemplateCommand(Console console, Environment environment) {
    this.console = console;
    this.locator = new ModelLocator(environment);
  }

  @Override
  public Integer call() {
    boolean given = template.replacesTemplate() || file.isPresent();
    if (template.replacesTemplate() && file.isPresent() || !given && model.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "Which template? Name a MODEL, or give one --chat-template");
    }
    ChatTemplate chosen =
        file.map(f -> ChatTemplates.compile(Inputs.text(console, f), f))
            .or(() -> template.read(console).template())
            .orElseGet(this::fromModel);
    Map<String, Object> variables = new LinkedHashMap<>(variables());
    variables.putAll(template.arguments());
    console.print(chosen.render(variables, clock()).text());
    return 0;
  }

  private ChatTemplate fromModel() {
    Path path = locator.locate(model);
    return ChatTemplates.compile(
        ModelTemplate.source(path, "Give one (--chat-template)."), path.toString());
  }

  private Clock clock() {
    ZoneId zone = ZoneId.systemDefault();
    return now.map(time -> Clock.fixed(time.atZone(zone).toInstant(), zone))
        .orElseGet(() -> Clock.system(zone));
  }

  @SuppressWarnings("unchecked") // JSON objects have String keys
  private Map<String, Object> variables() {
    Object value = Inputs.json(console, input);
    if (value instanceof Map<?, ?> map && map.get("input") instanceof Map<?, ?> nested) {
      value = nested;
    }
    if (value instanceof Map<?, ?> map) {
      return (Map<String, Object>) map;
    }
    throw new SoleboxException(
        ErrorCode.INVALID_PARAMETER,
        input,
        "It must be a JSON object with the variables.",
        "Begin with {\"messages\": [{\"role\": \"user\", \"content\": \"Hello\"}]}.");
  }
}
