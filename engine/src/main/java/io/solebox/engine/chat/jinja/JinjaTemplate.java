package io.solebox.engine.chat.jinja;

import java.time.Clock;
import java.util.List;
import java.util.Map;

/**
 * A compiled template of the Jinja language, as transformers renders chat templates: an immutable
 * sandbox with {@code trim_blocks}, {@code lstrip_blocks}, {@code break} and {@code continue}, the
 * {@code generation} tag, {@code tojson} as {@code json.dumps}, {@code raise_exception} and {@code
 * strftime_now}. Templates cannot include others and reach nothing but their variables.
 */
public final class JinjaTemplate {
  private static final int MAX_SOURCE_CHARS = 1 << 20;

  private final List<Stmt> body;

  private JinjaTemplate(List<Stmt> body) {
    this.body = body;
  }

  /**
   * Parses a template.
   *
   * @throws TemplateFailure with a line, if the source is not a template
   */
  public static JinjaTemplate compile(String source) {
    if (source.length() > MAX_SOURCE_CHARS) {
      throw new TemplateFailure(
          "the template is larger than " + MAX_SOURCE_CHARS + " characters", 1);
    }
    return new JinjaTemplate(StatementParser.parse(source));
  }

  /**
   * Renders with the default limits.
   *
   * @param variables of JSON's types, or {@link Text}s; a String is plain text
   * @throws TemplateFailure with a line where there is one
   */
  public Text render(Map<String, Object> variables, Clock clock) {
    return render(variables, clock, Limits.DEFAULT);
  }

  Text render(Map<String, Object> variables, Clock clock, Limits limits) {
    return Interpreter.render(body, new RenderContext(new Budget(limits), clock), variables);
  }
}
