package io.solebox.engine.api;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.model.ModelFile;
import io.solebox.engine.tokenizer.Vocabularies;
import java.util.Optional;

/** Whether guesses can be made for a model, and by another one. */
final class DraftCheck {
  private final String option;
  private final String remedy;

  /**
   * @param speculation that is wished, not off
   */
  DraftCheck(Speculation speculation) {
    this.option =
        switch (speculation) {
          case Speculation.Off _ -> "speculation";
          case Speculation.Lookup _ -> "--lookup";
          case Speculation.DraftModel(var file, var _) -> "--draft " + file.getFileName();
        };
    this.remedy = "Leave out " + option.split(" ")[0] + ".";
  }

  /** Whether a model generates text at all. */
  static boolean answers(ModelFile model) {
    return model.graph().logits().isPresent() && !model.graph().seesAhead();
  }

  /**
   * @param model that answers
   * @throws SoleboxException {@code UNSUPPORTED_MODEL} for a model that cannot take a guess back
   */
  void requireTarget(ModelFile model) {
    whyNot(model)
        .ifPresent(
            why -> {
              throw new SoleboxException(
                  ErrorCode.UNSUPPORTED_MODEL,
                  option,
                  "Nothing can be guessed ahead for " + model.info().name() + ": it " + why,
                  remedy);
            });
  }

  /**
   * @throws SoleboxException {@code UNSUPPORTED_MODEL} for a model that cannot guess; {@code
   *     INVALID_PARAMETER} for one of another vocabulary, with the first difference
   */
  void requireDraft(ModelFile draft, ModelFile target) {
    whyNot(draft)
        .ifPresent(
            why -> {
              throw new SoleboxException(
                  ErrorCode.UNSUPPORTED_MODEL,
                  option,
                  draft.info().name() + " cannot guess for another model: it " + why,
                  "Take another model of the same family. " + remedy);
            });
    Vocabularies.difference(target.tokenizer(), draft.tokenizer())
        .ifPresent(
            difference -> {
              throw new SoleboxException(
                  ErrorCode.INVALID_PARAMETER,
                  option,
                  "The vocabulary of %s is not that of %s: %s."
                      .formatted(draft.info().name(), target.info().name(), difference),
                  "Take a smaller model of the same family, or --lookup, which needs none.");
            });
  }

  private static Optional<String> whyNot(ModelFile model) {
    if (!answers(model)) {
      return Optional.of("gives no answers.");
    }
    return model.graph().hasSlots()
        ? Optional.of("keeps a recurrent state, out of which no token can be taken back.")
        : Optional.empty();
  }
}
