package io.solebox.engine.api;

import io.solebox.engine.backend.KvBlocks;
import io.solebox.engine.backend.Limits;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.model.ModelFile;

/** What a plan is asked to hold of a model, before anybody looks what memory there is. */
final class WishedLimits {
  /** Short texts share a step, which costs next to nothing where none is kept behind it. */
  private static final int TEXTS_AT_ONCE = 32;

  private WishedLimits() {}

  static Limits of(ModelFile file, LoadOptions options) {
    int context = context(file, options);
    // Rows of logits are wide; a model without them can hand out all rows of a step.
    int rows =
        file.graph().logits().isPresent()
            ? options.parallel() + LoadOptions.EXTRA_ROWS
            : Math.max(options.parallel(), Math.max(context, options.stepTokens()));
    // A text whose tokens see what comes after them is computed in one step, and then forgotten.
    boolean whole = file.graph().seesAhead();
    int step = whole ? Math.max(context, options.stepTokens()) : options.stepTokens();
    int sequences = whole ? Math.max(options.parallel(), TEXTS_AT_ONCE) : options.parallel();
    long blocks =
        whole
            ? sequences + KvBlocks.forTokens((long) step)
            : sequences * KvBlocks.forTokens((long) context);
    return new Limits(
        context,
        step,
        sequences,
        rows,
        blocks * KvBlocks.TOKENS,
        file.graph().hasSlots() ? LoadOptions.SNAPSHOTS * options.parallel() : 0,
        options.kvType(),
        options.activations(),
        Long.MAX_VALUE);
  }

  /**
   * The longest sequence.
   *
   * @throws SoleboxException {@code INVALID_PARAMETER} where more is asked for than the model has
   *     positions
   */
  static int context(ModelFile file, LoadOptions options) {
    int most = mostPositions(file);
    int usual = Math.min(file.info().trainedContext(), LoadOptions.DEFAULT_CONTEXT);
    int context = options.contextTokens().orElse(Math.min(usual, most));
    if (context > most) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          "context",
          "The model has %d positions, and %d were asked for.".formatted(most, context),
          "Use --context " + most + " or less.");
    }
    return context;
  }

  static int mostPositions(ModelFile file) {
    return file.graph().mostPositions().orElse(Integer.MAX_VALUE);
  }
}
