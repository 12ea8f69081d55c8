package io.solebox.backend.cpu;

import io.solebox.engine.ErrorCode;
import io.solebox.engine.SoleboxException;
import io.solebox.engine.backend.Batch;
import io.solebox.engine.backend.Limits;
import io.solebox.engine.backend.Outputs;
import io.solebox.engine.backend.Plan;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.Op;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/**
 * A graph as phases of steps that the thread team walks. Owns the KV pool and the scratch memory;
 * weights stay where they are.
 */
final class CpuPlan implements Plan {
  private final ThreadTeam team;
  private final Arena arena;
  private final Limits limits;
  private final int kvBlocks;
  private final WarmUp warmUp;
  private final Frame frame;
  private final Step[][] phases;
  private final List<AnswerStep> answers;
  private final Optional<Buffer> takes;
  private final Optional<Buffer> gives;
  private final int vocab;
  private boolean closed;

  CpuPlan(ThreadTeam team, Footprint footprint, int kvBlocks, WarmUp.Mode mode) {
    this.team = team;
    this.limits = footprint.limits();
    this.kvBlocks = kvBlocks;
    this.arena = Arena.ofShared();
    try {
      var compiler = new PlanCompiler(footprint, arena, kvBlocks, team.size());
      List<List<Step>> steps = compiler.compile();
      this.answers = compiler.compileAnswers();
      this.phases = steps.stream().map(s -> s.toArray(Step[]::new)).toArray(Step[][]::new);
      Graph graph = footprint.graph();
      Op first = graph.ops().getFirst();
      this.takes =
          first instanceof Op.TakeHidden t
              ? Optional.of(compiler.buffer(t.out()))
              : Optional.empty();
      this.gives =
          graph.end() instanceof Graph.End.Hidden h
              ? Optional.of(compiler.buffer(h.hidden()))
              : Optional.empty();
      this.vocab = first instanceof Op.Embed e ? e.table().rows() : Integer.MAX_VALUE;
      this.warmUp = new WarmUp(footprint, mode);
      this.frame = new Frame(limits.maxStepTokens(), warmUp);
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
      throw new SoleboxException(ErrorCode.CLOSED, "", "The model is closed.", "");
    }
    check(batch);
    takes.ifPresent(buffer -> takeHidden(batch, buffer));
    frame.begin(batch, outputs);
    team.run(new Steps());
    answers.forEach(step -> step.copyDense(frame));
    gives.ifPresent(
        b -> MemorySegment.copy(b.data(), 0, outputs.stageHidden(), 0, b.at(frame.tokens())));
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
      warmUp.close();
      arena.close();
    }
  }

  /** The frame's walk through all phases. */
  private final class Steps implements ThreadTeam.Walk {
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
