package io.solebox.engine.api;

import io.solebox.engine.backend.Batch;
import io.solebox.engine.backend.InputSquares;
import io.solebox.engine.backend.Limits;
import io.solebox.engine.backend.Outputs;
import io.solebox.engine.backend.Plan;
import io.solebox.engine.cache.SequenceMemory;
import io.solebox.engine.cache.SequencePools;
import io.solebox.engine.cache.StateSlots;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.model.ModelInfo;
import io.solebox.engine.tokenizer.Tokenizer;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.List;

/**
 * A model that reads texts and tells what its matrices were multiplied with. Computes every text
 * from its beginning, whatever it has read before, and no logits. Owns its plan, its file and its
 * memory; for one thread.
 */
public final class WatchedModel implements AutoCloseable {
  private final Prepared own;
  private final String device;
  private final List<String> notes;
  private final Limits limits;
  private final Arena arena = Arena.ofShared();
  private final Outputs outputs;
  private final SequencePools pools;

  /**
   * @param own closed with this
   * @param device for people
   * @param notes what differs from what was asked for, for people
   */
  WatchedModel(Prepared own, String device, List<String> notes) {
    this.own = own;
    this.device = device;
    this.notes = List.copyOf(notes);
    this.limits = own.reserved().limits();
    Plan plan = own.plan();
    this.outputs = new Outputs(arena, limits.maxRows(), 1, 1); // which nobody asks for anything
    this.pools =
        new SequencePools(
            own.source().graph(),
            plan.kvBlocks(),
            StateSlots.of(plan, limits),
            limits.maxStepTokens());
  }

  public ModelInfo info() {
    return own.source().info();
  }

  public Tokenizer tokenizer() {
    return own.source().tokenizer();
  }

  /** As {@link LoadedModel#device}. */
  public String device() {
    return device;
  }

  /** As {@link LoadedModel#notes}. */
  public List<String> notes() {
    return notes;
  }

  /**
   * Computes a text.
   *
   * @param ids at least one, at most the context that it was loaded with
   * @throws SoleboxException {@code CONTEXT_LENGTH_EXCEEDED}
   */
  public void read(int[] ids) {
    if (ids.length > limits.maxSequenceTokens()) {
      throw new SoleboxException(
          ErrorCode.CONTEXT_LENGTH_EXCEEDED,
          "text",
          "It has %d tokens, and the context %d.".formatted(ids.length, limits.maxSequenceTokens()),
          "Use a larger context.");
    }
    SequenceMemory memory = pools.newSequence();
    try {
      compute(ids, memory);
    } finally {
      memory.release();
      pools.forgetContents(); // what was found again would not be multiplied again
    }
  }

  private void compute(int[] ids, SequenceMemory memory) {
    boolean room = memory.reserve(0, ids.length);
    for (int done = 0; done < ids.length; ) {
      int n = Math.min(limits.maxStepTokens(), ids.length - done);
      room = room && memory.grow(done + n);
      if (!room) {
        throw new IllegalStateException("no room for a sequence of " + ids.length);
      }
      int[] positions = new int[n];
      int from = done;
      Arrays.setAll(positions, i -> from + i);
      var batch =
          new Batch(
              Arrays.copyOfRange(ids, done, done + n),
              positions,
              new int[n],
              List.of(memory.view()),
              List.of(),
              new Batch.Input.Tokens());
      outputs.begin();
      own.plan().run(batch, outputs);
      done += n;
      memory.advance(ids, done);
    }
  }

  /** As {@link Plan#inputSquares}, of all texts so far. */
  public List<InputSquares> inputSquares() {
    return own.plan().inputSquares();
  }

  @Override
  public void close() {
    arena.close();
    own.close();
  }
}
