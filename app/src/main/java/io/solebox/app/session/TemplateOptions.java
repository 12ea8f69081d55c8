package io.solebox.app.session;

import io.solebox.app.console.Console;
import io.solebox.app.console.Inputs;
import io.solebox.app.console.RawArgument;
import io.solebox.engine.api.ChatOptions;
import io.solebox.engine.chat.ChatInput;
import io.solebox.engine.chat.ChatTemplate;
import io.solebox.engine.chat.ChatTemplates;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.json.JsonException;
import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Options of every command that makes a prompt of a conversation. */
public final class TemplateOptions {
  @Option(
      names = "--chat-template",
      paramLabel = "FILE|NAME",
      description =
          "A chat template in place of the model file's: a file, or one that is built in (alpaca,"
              + " chatml, llama3, mistral, ...; a wrong name lists all).")
  private Optional<String> template = Optional.empty();

  @Option(
      names = "--template-arg",
      paramLabel = "KEY=JSON",
      description =
          "A variable of the chat template, as enable_thinking=false. Can be given several times.")
  private Map<String, String> arguments = Map.of();

  public boolean isEmpty() {
    return template.isEmpty() && arguments.isEmpty();
  }

  /** Whether another template is given than that of the model file. */
  public boolean replacesTemplate() {
    return template.isPresent();
  }

  /**
   * Reads files and values.
   *
   * @throws SoleboxException {@code BAD_TEMPLATE}, {@code IO_ERROR}, or {@code INVALID_PARAMETER}
   *     with the argument's name
   */
  public ChatOptions read(Console console) {
    return new ChatOptions(template.map(name -> template(console, name)), arguments());
  }

  private static ChatTemplate template(Console console, String name) {
    return ChatTemplates.builtIn(name)
        .orElseGet(
            () -> {
              if (!name.equals("-") && !isFile(name)) {
                throw new SoleboxException(
                    ErrorCode.IO_ERROR,
                    name,
                    "There is no such file, and no chat template of this name is built in.",
                    "Built in are " + String.join(", ", ChatTemplates.builtInNames()) + ".");
              }
              return ChatTemplates.compile(Inputs.text(console, name), name);
            });
  }

  private static boolean isFile(String name) {
    try {
      return Files.exists(RawArgument.path(name));
    } catch (InvalidPathException e) {
      return false;
    }
  }

  /** Values by name. */
  public Map<String, Object> arguments() {
    Map<String, Object> values = new LinkedHashMap<>();
    arguments.forEach((key, json) -> values.put(key, value(key, json)));
    ChatInput.requireArguments(values);
    return values;
  }

  private static Object value(String key, String json) {
    try {
      return new JsonReader(JsonLimits.LOCAL).read(json.getBytes(StandardCharsets.UTF_8));
    } catch (JsonException e) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          "--template-arg " + key,
          "The value " + json + " is not JSON.",
          "JSON has true, false, null, numbers and \"text\"; a shell wants '"
              + key
              + "=\"text\"' for a text.",
          e);
    }
  }
}
