package io.solebox.engine.api;

import io.solebox.engine.backend.KvBlocks;
import io.solebox.engine.backend.Limits;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.model.ModelOutline;

/** What a plan is asked to hold of a model, before anybody looks what memory there is. */
final class WishedLimits {
  /** Short texts share a step, which costs next to nothing where none is kept behind it. */
  private static final int TEXTS_AT_ONCE = 32;

  private WishedLimits() {}

  static Limits of(ModelOutline model, LoadOptions options) {
    Graph graph = model.graph();
    int context = context(model, options);
    // Rows of logits are wide; a model without them can hand out all rows of a step.
    int rows =
        graph.logits().isPresent()
            ? options.parallel() + LoadOptions.EXTRA_ROWS
            : Math.max(options.parallel(), Math.max(context, options.stepTokens()));
    // A text whose tokens see what comes after them is computed in one step, and then forgotten.
    boolean whole = graph.seesAhead();
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
        graph.hasSlots() ? LoadOptions.SNAPSHOTS * options.parallel() : 0,
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
  static int context(ModelOutline model, LoadOptions options) {
    int most = mostPositions(model);
    int usual = Math.min(model.info().trainedContext(), LoadOptions.DEFAULT_CONTEXT);
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

  static int mostPositions(ModelOutline model) {
    return model.graph().mostPositions().orElse(Integer.MAX_VALUE);
  }
}
