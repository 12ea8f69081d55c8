package io.solebox.backend.cpu;

import io.solebox.backend.cpu.SystemMemory.Pages;
import io.solebox.engine.backend.Batch;
import io.solebox.engine.backend.Limits;
import io.solebox.engine.backend.Outputs;
import io.solebox.engine.backend.Plan;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.graph.Op;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * A graph as phases of steps that the thread team walks. Owns the KV pool, the scratch memory and
 * the weights that are not used in place.
 */
final class CpuPlan implements Plan {
  private final ThreadTeam team;
  private final Arena arena;
  private final Limits limits;
  private final int kvBlocks;
  private final int vocab;
  private final StepFactory factory;
  private final Frame frame;
  private final Step[][] phases;
  private final Optional<Buffer> takes;
  private final Results results;
  private boolean closed;

  /**
   * @param arena owned by the plan from now on
   */
  private CpuPlan(
      ThreadTeam team, Footprint footprint, Weights weights, int kvBlocks, Arena arena) {
    this.team = team;
    this.arena = arena;
    this.limits = footprint.limits();
    this.kvBlocks = kvBlocks;
    Op first = footprint.graph().ops().getFirst();
    this.vocab = first instanceof Op.Embed e ? e.table().rows() : Integer.MAX_VALUE;
    this.frame = new Frame(limits.maxStepTokens());
    MemorySegment scratch =
        SystemMemory.allocate(
            footprint.buffers().scratchBytes(), Pages.HUGE, "the activations", arena);
    MemorySegment kvPool =
        SystemMemory.allocate(
            footprint.buffers().kvBlockBytes() * kvBlocks, Pages.SMALL, "the KV cache", arena);
    this.factory = footprint.kernels().steps(footprint, weights, arena, team.size());
    var compiler = new PlanCompiler(footprint, factory, scratch, kvPool, kvBlocks, team.size());
    this.phases = compiler.compile();
    this.takes = footprint.program().takes().map(compiler::buffer);
    this.results = Results.of(footprint.program().result(), compiler::buffer);
  }

  /**
   * @throws SoleboxException {@code OUT_OF_MEMORY}, {@code CANCELLED} or {@code BAD_MODEL_FILE}
   */
  static CpuPlan prepare(ThreadTeam team, Footprint footprint, int kvBlocks, Progress progress) {
    Arena arena = Arena.ofShared();
    try {
      Weights weights = WeightLoader.load(footprint, team, arena, progress);
      return new CpuPlan(team, footprint, weights, kvBlocks, arena);
    } catch (Throwable t) {
      arena.close();
      throw t;
    }
  }

  @Override
  public int kvBlocks() {
    return kvBlocks;
  }

  @Override
  public void run(Batch batch, Outputs outputs) {
    if (closed) {
      throw new SoleboxException(ErrorCode.CLOSED, "", "The model is closed.", "Load it again.");
    }
    check(batch);
    takes.ifPresent(buffer -> takeHidden(batch, buffer));
    frame.begin(batch, outputs);
    factory.begin(frame);
    team.run(new FrameWalk());
    results.copy(frame);
  }

  /** Breaking these is a bug of the engine, not of a person. */
  private void check(Batch batch) {
    if (batch.size() > limits.maxStepTokens() || batch.rows().size() > limits.maxRows()) {
      throw new IllegalArgumentException(
          "a step of %d tokens and %d rows; at most %d and %d were announced"
              .formatted(
                  batch.size(), batch.rows().size(), limits.maxStepTokens(), limits.maxRows()));
    }
    for (int token : batch.tokens()) {
      if (token < 0 || token >= vocab) {
        throw new IllegalArgumentException("token " + token + " of a vocabulary of " + vocab);
      }
    }
  }

  private static void takeHidden(Batch batch, Buffer buffer) {
    switch (batch.input()) {
      case Batch.Input.Tokens _ ->
          throw new IllegalArgumentException("this stage takes a hidden state, not tokens");
      case Batch.Input.Hidden h ->
          MemorySegment.copy(h.hidden(), 0, buffer.data(), 0, buffer.at(batch.size()));
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      factory.close();
      arena.close();
    }
  }

  /** The frame's walk through all phases. */
  private final class FrameWalk implements ThreadTeam.Walk {
    @Override
    public int phases() {
      return phases.length;
    }

    @Override
    public int units(int phase) {
      int units = 0;
      for (Step step : phases[phase]) {
        units += step.units(frame);
      }
      return units;
    }

    @Override
    public void run(int phase, int unit, int worker) {
      int left = unit;
      for (Step step : phases[phase]) {
        int units = step.units(frame);
        if (left < units) {
          step.run(left, frame, worker);
          return;
        }
        left -= units;
      }
    }
  }
}
