package io.solebox.backend.cuda;

import io.solebox.backend.cuda.driver.CudaDriver;
import io.solebox.backend.cuda.driver.CudaThread;
import io.solebox.backend.cuda.driver.DeviceMemory;
import io.solebox.backend.cuda.driver.GpuInfo;
import io.solebox.backend.cuda.driver.Patience;
import io.solebox.engine.backend.Activations;
import io.solebox.engine.backend.Backend;
import io.solebox.engine.backend.Estimate;
import io.solebox.engine.backend.KvPools;
import io.solebox.engine.backend.Limits;
import io.solebox.engine.backend.Plan;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.backend.Sizing;
import io.solebox.engine.backend.Team;
import io.solebox.engine.backend.Yardstick;
import io.solebox.engine.backend.trial.DeviceTrials;
import io.solebox.engine.backend.trial.Identity;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.tensor.TensorType;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;

/** One GPU, its thread and its compiled kernels, for all plans. */
final class CudaBackend implements Backend {
  /** Left to the driver for itself, and to what a desktop may want. */
  private static final long RESERVE_BYTES = 256L << 20;

  private final CudaThread gpu;
  private final Kernels kernels;
  private final Sizing sizing = new CudaSizing();
  private final Peers peers;

  CudaBackend(CudaDriver driver, GpuInfo info, Switches switches) {
    this.gpu = CudaThread.open(driver, info, switches.patience());
    this.kernels = new Kernels(gpu, switches);
    this.peers = new Peers(gpu, kernels);
  }

  CudaThread gpu() {
    return gpu;
  }

  @Override
  public String describe() {
    GpuInfo info = gpu.info();
    return "%s, %d MiB, compute capability %s"
        .formatted(info.name(), info.memoryBytes() >> 20, info.computeCapabilityText());
  }

  /** The ways from here to other GPUs. */
  Peers peers() {
    return peers;
  }

  @Override
  public Optional<Identity> identity() {
    GpuInfo info = gpu.info();
    return Optional.of(
        new Identity(
            info.name(),
            info.pciBusId(),
            info.computeCapabilityText(),
            info.multiprocessors(),
            info.nominalBandwidth()));
  }

  @Override
  public OptionalDouble nominalBandwidth() {
    return gpu.info().nominalBandwidth();
  }

  @Override
  public Set<TensorType> computes(Activations activations) {
    return sizing.computes(activations);
  }

  @Override
  public Set<TensorType> embeds() {
    return sizing.embeds();
  }

  @Override
  public Estimate estimate(Graph graph, Limits limits) {
    return sizing.estimate(graph, limits);
  }

  @Override
  public Plan prepare(Graph graph, Limits limits, Progress progress) {
    Team.requireWhole(graph);
    return prepare(graph, limits, progress, Seat.NONE);
  }

  /** As a rank, which meets others at its seat. */
  Plan prepare(Graph graph, Limits limits, Progress progress, Seat seat) {
    requireOffered(graph, limits.activations());
    requireUnwatched(graph);
    Footprint footprint = Footprint.of(graph, limits);
    requireContext();
    Estimate estimate = footprint.estimate();
    List<Integer> blocks = KvPools.blocks(graph.groups(), estimate, limits);
    var kept = new KeptRows(blocks, KvPools.slots(graph, estimate, limits));
    return new CudaPlan(peers, footprint, kept, seat, progress);
  }

  void requireContext() {
    if (gpu.lost()) {
      gpu.recover();
    }
  }

  /** Kernels of quantized weights take activations of 8 bits alone. */
  private static void requireOffered(Graph graph, Activations activations) {
    if (activations == Activations.F32 && graph.ops().stream().anyMatch(GraphUse::rounds)) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          "activations",
          "The CUDA backend rounds activations to 8 bits for quantized weights, and f32 was asked"
              + " for.",
          "Use --device cpu.");
    }
  }

  private static void requireUnwatched(Graph graph) {
    if (graph.watched()) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          "device",
          "The CUDA backend cannot tell what matrices are multiplied with.",
          "Use --device cpu.");
    }
  }

  /** What others on this GPU leave, less what the driver needs for itself. */
  @Override
  public OptionalLong freeBytes() {
    requireContext();
    return OptionalLong.of(Math.max(0, DeviceMemory.info(gpu).free() - RESERVE_BYTES));
  }

  @Override
  public List<Yardstick> yardsticks() {
    return List.of(
        new Yardstick(Yardstick.Kind.READ_BANDWIDTH, () -> BandwidthMeter.measure(gpu, kernels)),
        new Yardstick(Yardstick.Kind.LINK_BANDWIDTH, () -> LinkMeter.measure(gpu)),
        new Yardstick(
            Yardstick.Kind.MATRIX_FLOPS,
            () -> OptionalDouble.of(gpu.call(() -> MatrixMeter.measure(gpu, kernels)))),
        new Yardstick(Yardstick.Kind.KERNEL_NODE, () -> LaunchMeter.kernel(gpu, kernels)),
        new Yardstick(
            Yardstick.Kind.EARLY_KERNEL_NODE, () -> LaunchMeter.earlyKernel(gpu, kernels)),
        new Yardstick(Yardstick.Kind.COPY_NODE, () -> LaunchMeter.copy(gpu, kernels)),
        new Yardstick(Yardstick.Kind.PREFETCH, () -> PrefetchMeter.measure(gpu, kernels)),
        wait(Yardstick.Kind.SLEEPING_WAIT, Patience.NONE),
        wait(Yardstick.Kind.LOOKING_WAIT, Patience.DEFAULT));
  }

  private Yardstick wait(Yardstick.Kind kind, Patience patience) {
    return new Yardstick(kind, () -> OptionalDouble.of(WaitMeter.measure(gpu, kernels, patience)));
  }

  @Override
  public Optional<DeviceTrials> trials() {
    return Optional.of(cudaTrials());
  }

  CudaTrials cudaTrials() {
    return new CudaTrials(gpu, kernels, CudaTrials.Effort.usual(RESERVE_BYTES));
  }

  @Override
  public void close() {
    gpu.run(kernels::close);
    gpu.close();
  }
}
