package io.solebox.engine.chat;

import io.solebox.engine.chat.jinja.JinjaTemplate;
import io.solebox.engine.chat.jinja.TemplateFailure;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes chat templates of Jinja sources: of a model file, of a person's own, of those built in. */
public final class ChatTemplates {
  /** Formats that many models were trained with, for files whose template is missing or broken. */
  private static final List<String> BUILT_IN =
      List.of(
          "alpaca",
          "chatml",
          "command-r",
          "deepseek",
          "gemma",
          "glm4",
          "granite",
          "llama2",
          "llama3",
          "llama4",
          "mistral",
          "mistral-tekken",
          "openchat",
          "phi3",
          "phi4",
          "vicuna",
          "zephyr");

  private ChatTemplates() {}

  /**
   * Compiles the Jinja source of a template.
   *
   * @param place the file's name, for errors
   * @throws SoleboxException {@code BAD_TEMPLATE} with the file and line, if the source is not a
   *     template
   */
  public static ChatTemplate compile(String source, String place) {
    ChatTemplate template = of(source, place);
    template
        .problem()
        .ifPresent(
            problem -> {
              throw problem;
            });
    return template;
  }

  /**
   * As {@link #compile}, but a source that is not a template becomes one that cannot render. A
   * model is of use without its template; only who asks for a chat should hear of it.
   */
  public static ChatTemplate of(String source, String place) {
    try {
      return new Compiled(JinjaTemplate.compile(source), source, place);
    } catch (TemplateFailure failure) {
      return new Broken(failure, source, place);
    }
  }

  /** Names that {@link #builtIn} knows, in alphabetical order. */
  public static List<String> builtInNames() {
    return BUILT_IN;
  }

  /** One of the templates that are part of Solebox; empty for a name that is not. */
  public static Optional<ChatTemplate> builtIn(String name) {
    if (!BUILT_IN.contains(name)) {
      return Optional.empty();
    }
    String file = "templates/" + name + ".jinja";
    try (InputStream source = ChatTemplates.class.getResourceAsStream(file)) {
      String text = new String(source.readAllBytes(), StandardCharsets.UTF_8);
      return Optional.of(compile(text, "the built-in template " + name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private record Compiled(JinjaTemplate template, String source, String place)
      implements ChatTemplate {
    @Override
    public Rendering render(Map<String, Object> variables, Clock clock) {
      try {
        return Rendering.of(template.render(variables, clock));
      } catch (TemplateFailure failure) {
        throw report(failure, place);
      }
    }

    @Override
    public Optional<SoleboxException> problem() {
      return Optional.empty();
    }
  }

  private record Broken(TemplateFailure failure, String source, String place)
      implements ChatTemplate {
    @Override
    public Rendering render(Map<String, Object> variables, Clock clock) {
      throw report(failure, place);
    }

    @Override
    public Optional<SoleboxException> problem() {
      return Optional.of(report(failure, place));
    }
  }

  private static SoleboxException report(TemplateFailure failure, String place) {
    String where =
        failure.line().isPresent()
            ? place + ", line " + failure.line().getAsInt() + " of the chat template"
            : place;
    String remedy =
        failure.raised()
            ? "The model's chat template refuses this conversation; change its messages."
            : "The model's chat template cannot handle this input; try plainer messages, or give"
                + " another template (--chat-template).";
    return new SoleboxException(
        ErrorCode.BAD_TEMPLATE, where, failure.getMessage(), remedy, failure);
  }
}
