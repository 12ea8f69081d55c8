package io.solebox.server.answers;

import io.solebox.engine.chat.Prompt;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.server.http.EngineProblems;
import io.solebox.server.models.Models;
import io.solebox.server.params.Fields;
import io.solebox.server.params.Params;
import java.util.OptionalInt;

/**
 * How many tokens a prompt and its answer may have together.
 *
 * @param asked as a request has it; empty for the whole context of the model
 * @param name of the parameter that says so
 * @param param its full name, for who sent it
 */
public record Window(OptionalInt asked, String name, String param) {
  /**
   * Before a model is there.
   *
   * @throws io.solebox.server.http.Problem 400 where it is no number of tokens
   */
  public static Window read(Fields fields, String name) {
    String param = fields.param(name);
    OptionalInt asked =
        fields
            .whole(name)
            .map(n -> OptionalInt.of(n.atLeast(param, 1)))
            .orElse(OptionalInt.empty());
    return new Window(asked, name, param);
  }

  /**
   * Tokens of prompt and answer together.
   *
   * @throws io.solebox.server.http.Problem 400 where the model has no room for as many
   */
  public int of(Models.Named chosen) {
    int loaded = chosen.model().contextTokens();
    if (asked.isPresent() && asked.getAsInt() > loaded) {
      throw Params.invalidValue(
          param,
          "'%s' is %d, but the model '%s' is loaded with a context of %d. Start the server with --context %d."
              .formatted(param, asked.getAsInt(), chosen.name(), loaded, asked.getAsInt()));
    }
    return asked.orElse(loaded);
  }

  /** What bounds it, in front of its number. */
  public String bound() {
    return asked.isPresent() ? "'" + name + "' is" : Truncation.WHOLE;
  }

  /**
   * The engine refuses what the whole context has no room for; this, what was asked for has not.
   *
   * @throws io.solebox.server.http.Problem 400 with both counts
   */
  public void requireRoom(Prompt prompt, String promptParam) {
    if (asked.isPresent() && prompt.ids().length >= asked.getAsInt()) {
      throw EngineProblems.of(
          new SoleboxException(
              ErrorCode.CONTEXT_LENGTH_EXCEEDED,
              "",
              "The prompt has %d tokens, and %s %d."
                  .formatted(prompt.ids().length, bound(), asked.getAsInt()),
              "Send less, or make '%s' larger.".formatted(param)),
          promptParam);
    }
  }
}
