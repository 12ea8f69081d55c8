package io.solebox.engine.chat;

import io.solebox.engine.chat.jinja.JinjaTemplate;
import io.solebox.engine.chat.jinja.TemplateFailure;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.time.Clock;
import java.util.Map;

/** Compiles chat templates. A model without a template gets none from here: its caller decides. */
public final class ChatTemplates {
  private ChatTemplates() {}

  /**
   * Compiles the Jinja source that a model file holds as {@code tokenizer.chat_template}.
   *
   * @param place the file's name, for errors
   * @throws SoleboxException {@code BAD_TEMPLATE} with the file and line, if the source is not a
   *     template
   */
  public static ChatTemplate compile(String source, String place) {
    try {
      return new Compiled(JinjaTemplate.compile(source), place);
    } catch (TemplateFailure failure) {
      throw report(failure, place);
    }
  }

  private record Compiled(JinjaTemplate template, String place) implements ChatTemplate {
    @Override
    public String render(Map<String, Object> variables, Clock clock) {
      try {
        return template.render(variables, clock);
      } catch (TemplateFailure failure) {
        throw report(failure, place);
      }
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
            : "The model's chat template cannot handle this input; try plainer messages or"
                + " another template.";
    return new SoleboxException(
        ErrorCode.BAD_TEMPLATE, where, failure.getMessage(), remedy, failure);
  }
}
