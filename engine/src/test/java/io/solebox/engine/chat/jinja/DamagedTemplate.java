package io.solebox.engine.chat.jinja;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Clock;
import java.util.Map;

/** What must hold of every template, however damaged. */
final class DamagedTemplate {
  private static final Limits SMALL = new Limits(100_000, 400, 100_000, 2 << 20);

  private DamagedTemplate() {}

  /** Whether the template renders; otherwise it fails with a {@link TemplateFailure}. */
  static boolean renders(byte[] bytes, Map<String, Object> variables) {
    // What is not UTF-8 becomes half a surrogate pair, which no decoder would let through.
    String source = new String(bytes, UTF_8).replace('\ufffd', '\ud83d');
    try {
      JinjaTemplate.compile(source).render(variables, Clock.systemUTC(), SMALL);
      return true;
    } catch (TemplateFailure failure) {
      assertTrue(failure.getMessage() != null && failure.line().isPresent(), source);
      return false;
    } catch (RuntimeException | Error bug) {
      throw new AssertionError(source, bug);
    }
  }
}
