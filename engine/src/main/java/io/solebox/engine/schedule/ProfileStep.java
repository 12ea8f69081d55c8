package io.solebox.engine.schedule;

import io.solebox.engine.backend.Batch;
import io.solebox.engine.backend.KvBlocks;
import io.solebox.engine.backend.LogitEdit;
import io.solebox.engine.backend.Outputs;
import io.solebox.engine.backend.Plan;
import io.solebox.engine.backend.RowRequest;
import io.solebox.engine.backend.StepProfile;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** A decode step of nobody's token, to be looked at. */
final class ProfileStep {
  private ProfileStep() {}

  /**
   * @param scheduler that must be idle: the step writes over what is in the cache
   * @param position of the token
   * @throws SoleboxException {@code INVALID_PARAMETER} while answers run
   */
  static Optional<StepProfile> run(Plan plan, Scheduler scheduler, int position, Outputs outputs) {
    if (!scheduler.isIdle()) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          "profile",
          "A step cannot be looked at while answers run.",
          "Try again when they have ended.");
    }
    outputs.begin();
    return plan.profile(batch(plan, position), outputs);
  }

  private static Batch batch(Plan plan, int position) {
    int blocks = Math.toIntExact(KvBlocks.forTokens(position + 1L));
    // A group that sees less than the whole sequence has fewer blocks, and uses them in turn.
    int[][] tables =
        plan.kvBlocks().stream()
            .map(size -> IntStream.range(0, blocks).map(i -> i % size).toArray())
            .toArray(int[][]::new);
    return new Batch(
        new int[] {0},
        new int[] {position},
        new int[] {0},
        List.of(new Batch.Sequence(tables, 0)),
        List.of(new RowRequest.Argmax(0, LogitEdit.NONE)),
        new Batch.Input.Tokens());
  }
}
