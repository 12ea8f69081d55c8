package io.solebox.backend.cuda;

import io.solebox.backend.cuda.driver.CudaThread;
import io.solebox.engine.backend.trial.Burn;
import io.solebox.engine.backend.trial.BurnResult;
import io.solebox.engine.backend.trial.BurnSample;
import io.solebox.engine.backend.trial.Copy;
import io.solebox.engine.backend.trial.CopyResult;
import io.solebox.engine.backend.trial.CopySample;
import io.solebox.engine.backend.trial.DeviceTrials;
import io.solebox.engine.backend.trial.WalkDepth;
import io.solebox.engine.backend.trial.WalkResult;
import io.solebox.engine.backend.trial.WalkSample;
import io.solebox.engine.backend.trial.Watch;
import java.time.Duration;
import java.util.List;

/** The trials of one GPU. What they take is given back as each ends. */
final class CudaTrials implements DeviceTrials {
  private final CudaThread gpu;
  private final Kernels kernels;
  private final Effort effort;

  /** How much at a time; less where tests interpret the kernels. */
  record Effort(BurnMeter.Pace pace, MemoryWalk.Extent extent, long copyBytes) {
    static Effort usual(long reserveBytes) {
      return new Effort(
          BurnMeter.Pace.USUAL, MemoryWalk.Extent.usual(reserveBytes), CopyMeter.USUAL_BYTES);
    }
  }

  CudaTrials(CudaThread gpu, Kernels kernels, Effort effort) {
    this.gpu = gpu;
    this.kernels = kernels;
    this.effort = effort;
  }

  @Override
  public List<Burn> burns() {
    return BurnMeter.burns(kernels.target());
  }

  @Override
  public BurnResult burn(Burn burn, Duration time, Watch<BurnSample> watch) {
    requireContext();
    try (var meter = new BurnMeter(gpu, kernels, burn, effort.pace())) {
      return meter.run(time, watch);
    }
  }

  @Override
  public WalkResult walk(WalkDepth depth, Watch<WalkSample> watch) {
    requireContext();
    try (var walk = new MemoryWalk(gpu, kernels, effort.extent())) {
      return walk.run(depth, watch);
    }
  }

  @Override
  public List<Copy> copies() {
    return CopyMeter.kinds();
  }

  @Override
  public CopyResult copy(Copy copy, Duration time, Watch<CopySample> watch) {
    try (CopyMeter meter = copies(copy)) {
      meter.prepare();
      return meter.run(
          time, (at, rate) -> watch.samples().accept(new CopySample(0, at, rate)), watch.stopped());
    }
  }

  /** For copies beside those of other GPUs. */
  CopyMeter copies(Copy copy) {
    requireContext();
    return new CopyMeter(gpu, copy, effort.copyBytes());
  }

  /** A lost one is made anew. */
  void requireContext() {
    if (gpu.lost()) {
      gpu.recover();
    }
  }
}
