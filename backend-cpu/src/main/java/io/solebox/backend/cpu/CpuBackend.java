package io.solebox.backend.cpu;

import io.solebox.backend.cpu.kernel.Lanes;
import io.solebox.engine.ErrorCode;
import io.solebox.engine.SoleboxException;
import io.solebox.engine.backend.Backend;
import io.solebox.engine.backend.Estimate;
import io.solebox.engine.backend.KvPoolSize;
import io.solebox.engine.backend.Limits;
import io.solebox.engine.backend.Plan;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.graph.Graph;
import java.util.OptionalDouble;

/** The processor, with one thread team for all plans. */
final class CpuBackend implements Backend {
  private final ThreadTeam team;
  private final WarmUp.Mode mode;

  CpuBackend(int threads) {
    this(threads, WarmUp.Mode.ofProperty());
  }

  CpuBackend(int threads, WarmUp.Mode mode) {
    this.mode = mode;
    this.team = new ThreadTeam(threads);
  }

  @Override
  public String describe() {
    return "CPU, %d thread%s, %d-bit vectors"
        .formatted(team.size(), team.size() == 1 ? "" : "s", Lanes.vectorBits());
  }

  @Override
  public Estimate estimate(Graph graph, Limits limits) {
    return Footprint.of(graph, limits).estimate(team.size());
  }

  @Override
  public Plan prepare(Graph graph, Limits limits, Progress progress) {
    Footprint footprint = Footprint.of(graph, limits);
    int kvBlocks = KvPoolSize.blocks(footprint.estimate(team.size()), limits);
    WeightLoader.load(graph, progress);
    try {
      return new CpuPlan(team, footprint, kvBlocks, mode);
    } catch (OutOfMemoryError e) {
      throw new SoleboxException(
          ErrorCode.OUT_OF_MEMORY,
          "",
          "The operating system refused the memory for the KV cache: " + e.getMessage() + ".",
          "Use a smaller --context or --kv-type, or end other programs.",
          e);
    }
  }

  @Override
  public OptionalDouble readBandwidthBytesPerSecond() {
    return OptionalDouble.of(BandwidthMeter.measure(team));
  }

  @Override
  public void close() {
    team.close();
  }
}
