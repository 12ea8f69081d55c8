package io.solebox.backend.cpu;

import io.solebox.backend.cpu.SystemMemory.Pages;
import io.solebox.engine.backend.Batch;
import io.solebox.engine.backend.HiddenPlace;
import io.solebox.engine.backend.InputSquares;
import io.solebox.engine.backend.KeptPlace;
import io.solebox.engine.backend.Outputs;
import io.solebox.engine.backend.Plan;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.backend.StepCheck;
import io.solebox.engine.backend.StepProfile;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A graph as phases of steps that the thread team walks. Owns the KV pool, the scratch memory and
 * the weights that are not used in place.
 */
final class CpuPlan implements Plan {
  private static final int PROFILED_STEPS = 9;

  private final ThreadTeam team;
  private final Arena arena;
  private final KeptRows kept;
  private final StepCheck check;
  private final StepFactory factory;
  private final Frame frame;
  private final Step[][] phases;
  private final SlotCopy slotCopy;
  private final KeptCopy keptCopy;
  private final Optional<Buffer> takes;
  private final Results results;
  private final WatchedInputs watched;
  private boolean closed;

  /**
   * @param arena owned by the plan from now on
   */
  private CpuPlan(
      ThreadTeam team, Footprint footprint, Weights weights, KeptRows kept, Arena arena) {
    this.team = team;
    this.arena = arena;
    this.kept = kept;
    this.check = new StepCheck(footprint.graph(), footprint.limits());
    this.frame = new Frame(footprint.limits());
    BufferPlan.Memory memory = allocate(footprint.buffers(), kept, arena);
    this.factory = footprint.kernels().steps(footprint, weights, arena, team.size());
    var compiler = new PlanCompiler(footprint, factory, memory, team.size());
    this.phases = compiler.compile();
    this.slotCopy = SlotCopy.of(footprint.program(), compiler::buffer);
    this.keptCopy = KeptCopy.of(footprint.program(), compiler::buffer);
    this.takes = footprint.program().takes().map(compiler::buffer);
    this.results = Results.of(footprint.program().result(), compiler::buffer);
    this.watched = WatchedInputs.of(footprint.program(), compiler::buffer);
  }

  private static BufferPlan.Memory allocate(BufferPlan buffers, KeptRows kept, Arena arena) {
    MemorySegment scratch =
        SystemMemory.allocate(buffers.scratchBytes(), Pages.HUGE, "the activations", arena);
    List<MemorySegment> pools = new ArrayList<>();
    for (int g = 0; g < buffers.blockBytes().size(); g++) {
      long bytes = buffers.blockBytes().get(g) * kept.blocksOfGroup().get(g);
      pools.add(SystemMemory.allocate(bytes, Pages.SMALL, "the KV cache", arena));
    }
    MemorySegment states =
        SystemMemory.allocate(
            buffers.sequenceBytes() * kept.slots(), Pages.SMALL, "recurrent state", arena);
    MemorySegment sums =
        SystemMemory.allocate(buffers.sumBytes(), Pages.SMALL, "sums of inputs", arena);
    return new BufferPlan.Memory(scratch, pools, states, sums, kept);
  }

  /**
   * @throws SoleboxException {@code OUT_OF_MEMORY}, {@code CANCELLED} or {@code BAD_MODEL_FILE}
   */
  static CpuPlan prepare(ThreadTeam team, Footprint footprint, KeptRows kept, Progress progress) {
    Arena arena = Arena.ofShared();
    try {
      Weights weights = WeightLoader.load(footprint, team, arena, progress);
      return new CpuPlan(team, footprint, weights, kept, arena);
    } catch (Throwable t) {
      arena.close();
      throw t;
    }
  }

  @Override
  public List<Integer> kvBlocks() {
    return kept.blocksOfGroup();
  }

  @Override
  public int slots() {
    return kept.slots();
  }

  @Override
  public void copySlot(int from, int to) {
    requireOpen();
    StepCheck.requireSlots(from, to, this);
    slotCopy.begin(from, to);
    team.run(slotCopy);
  }

  @Override
  public long bytes(KeptPlace place) {
    return keptCopy.bytes(place);
  }

  @Override
  public void read(KeptPlace place, MemorySegment to) {
    requireOpen();
    StepCheck.requirePlace(place, to, this);
    keptCopy.read(place, to);
  }

  @Override
  public void write(KeptPlace place, MemorySegment from) {
    requireOpen();
    StepCheck.requirePlace(place, from, this);
    keptCopy.write(place, from);
  }

  private void requireOpen() {
    if (closed) {
      throw new SoleboxException(ErrorCode.CLOSED, "", "The model is closed.", "Load it again.");
    }
  }

  @Override
  public void run(Batch batch, Outputs outputs) {
    requireOpen();
    check.require(batch, this);
    takes.ifPresent(buffer -> takeHidden(batch, buffer));
    frame.begin(batch, outputs);
    factory.begin(frame);
    team.run(new FrameWalk());
    results.copy(frame);
  }

  @Override
  public Optional<StepProfile> profile(Batch batch, Outputs outputs) {
    run(batch, outputs); // once for the caches
    var profile = new PhaseProfile(phases, new FrameWalk());
    for (int i = 0; i < PROFILED_STEPS; i++) {
      profile.begin();
      team.run(profile);
      profile.end();
    }
    return Optional.of(profile.result());
  }

  @Override
  public List<InputSquares> inputSquares() {
    requireOpen();
    return watched.read();
  }

  private static void takeHidden(Batch batch, Buffer buffer) {
    switch (batch.input()) {
      case Batch.Input.Tokens _ ->
          throw new IllegalArgumentException("this stage takes a hidden state, not tokens");
      case Batch.Input.Hidden h ->
          MemorySegment.copy(
              HiddenPlace.hostRows(h.place()), 0, buffer.data(), 0, buffer.at(batch.size()));
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
