package io.solebox.app.session;

import io.solebox.engine.api.Speculation;
import io.solebox.engine.error.SoleboxException;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Options of every command that answers: who guesses the next tokens. */
public final class DraftOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--draft",
      paramLabel = "MODEL",
      description =
          "A smaller model of the same vocabulary that guesses the next tokens, to be checked"
              + " several at once. The answer stays the same.")
  private Optional<String> draft;

  @Option(
      names = "--lookup",
      description =
          "Guess what followed the last tokens where they stood before, in the prompt or the"
              + " answer: for summaries and edits of texts. The answer stays the same.")
  private boolean lookup;

  @Option(
      names = "--draft-tokens",
      paramLabel = "N",
      description = "Most tokens to guess at once; fewer where that is faster. Default: 7.")
  private Optional<Integer> tokens;

  /** Whether {@code --draft} names a model. */
  public boolean namesModel() {
    return draft.isPresent();
  }

  /** Whether anybody guesses. */
  public boolean isGiven() {
    return lookup || draft.isPresent();
  }

  /** Refuses wrong values before anything is opened. */
  public void check() {
    require(!lookup || draft.isEmpty(), "--draft and --lookup exclude each other; choose one");
    require(tokens.isEmpty() || isGiven(), "--draft-tokens is for --draft and --lookup");
    try {
      tokens.ifPresent(Speculation.Lookup::new);
    } catch (SoleboxException e) {
      throw new ParameterException(command.commandLine(), "--draft-tokens " + e.getMessage(), e);
    }
  }

  private void require(boolean ok, String message) {
    if (!ok) {
      throw new ParameterException(command.commandLine(), message);
    }
  }

  /**
   * Who guesses.
   *
   * @throws SoleboxException {@code MODEL_NOT_FOUND}
   */
  public Speculation speculation(ModelLocator locator) {
    int most = tokens.orElse(Speculation.DEFAULT_TOKENS);
    if (draft.isPresent()) {
      return new Speculation.DraftModel(locator.locate(draft), most);
    }
    return lookup ? new Speculation.Lookup(most) : new Speculation.Off();
  }
}
