package io.solebox.engine.api;

import io.solebox.engine.draft.Drafter;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.nio.file.Path;

/**
 * Who guesses the next tokens of an answer, several of which are then checked in the step of one.
 * Answers are the same with every choice; they come faster where guesses are right.
 */
public sealed interface Speculation {
  /**
   * Tokens guessed at once, where nobody says otherwise: with the one that is none eight, which
   * kernels compute in one go, and GPUs with the bits of single ones.
   */
  int DEFAULT_TOKENS = 7;

  /** Nobody guesses. */
  record Off() implements Speculation {
    @Override
    public int mostTokens() {
      return 0;
    }
  }

  /**
   * What followed the last tokens where they stood before, in the prompt or the answer.
   *
   * @param mostTokens guessed for a sequence and step, at most
   */
  record Lookup(int mostTokens) implements Speculation {
    public Lookup {
      requireRange(mostTokens);
    }
  }

  /**
   * What a smaller model of the same vocabulary would say.
   *
   * @param file of the smaller model, which is loaded on the same devices
   * @param mostTokens guessed for a sequence and step, at most
   */
  record DraftModel(Path file, int mostTokens) implements Speculation {
    public DraftModel {
      requireRange(mostTokens);
    }
  }

  /** Tokens guessed for a sequence and step, at most; 0 where nobody guesses. */
  int mostTokens();

  private static void requireRange(int tokens) {
    if (tokens < 1 || tokens > Drafter.MAX_TOKENS) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          "draft_tokens",
          "is " + tokens + ", but must be 1 to " + Drafter.MAX_TOKENS + ".",
          "Leave --draft-tokens out: the measured speed decides how many are used.");
    }
  }
}
