package io.solebox.backend.cuda;

import io.solebox.backend.cuda.driver.CudaDriver;
import io.solebox.backend.cuda.driver.CudaThread;
import io.solebox.backend.cuda.driver.DeviceMemory;
import io.solebox.backend.cuda.driver.GpuInfo;
import io.solebox.engine.backend.Activations;
import io.solebox.engine.backend.Backend;
import io.solebox.engine.backend.Estimate;
import io.solebox.engine.backend.KvBlocks;
import io.solebox.engine.backend.KvPoolSize;
import io.solebox.engine.backend.Limits;
import io.solebox.engine.backend.Plan;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.Op;
import java.util.OptionalDouble;

/** One GPU, its thread and its compiled kernels, for all plans. */
final class CudaBackend implements Backend {
  /** Left to the driver: code, captured graphs, and what a desktop may want. */
  private static final long RESERVE_BYTES = 256L << 20;

  private final CudaThread gpu;
  private final Kernels kernels;

  CudaBackend(CudaDriver driver, GpuInfo info) {
    this.gpu = CudaThread.open(driver, info);
    this.kernels = new Kernels(gpu);
  }

  @Override
  public String describe() {
    GpuInfo info = gpu.info();
    return "%s, %d MiB, compute capability %s"
        .formatted(info.name(), info.memoryBytes() >> 20, info.computeCapabilityText());
  }

  @Override
  public Estimate estimate(Graph graph, Limits limits) {
    return Footprint.of(graph, limits).estimate();
  }

  @Override
  public Plan prepare(Graph graph, Limits limits, Progress progress) {
    requireOffered(graph, limits.activations());
    Footprint footprint = Footprint.of(graph, limits);
    if (gpu.lost()) {
      gpu.recover();
    }
    Limits free = withinFree(limits);
    int kvBlocks;
    try {
      kvBlocks = KvPoolSize.blocks(footprint.estimate(), free);
    } catch (SoleboxException refusal) {
      throw withSplit(refusal, graph, free);
    }
    return new CudaPlan(gpu, kernels, footprint, kvBlocks, progress);
  }

  /** Kernels of quantized weights take activations of 8 bits alone. */
  private static void requireOffered(Graph graph, Activations activations) {
    if (activations == Activations.F32 && graph.ops().stream().anyMatch(CudaBackend::rounds)) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          "activations",
          "The CUDA backend rounds activations to 8 bits for quantized weights, and f32 was asked for.",
          "Use --device cpu.");
    }
  }

  private static boolean rounds(Op op) {
    return op instanceof Op.Linear o
        && switch (o.weight().type()) {
          case F32, F16, BF16 -> false;
          case Q8_0, Q4_0, Q4_1, Q5_0, Q5_1, Q4_K, Q5_K, Q6_K -> true;
        };
  }

  /** Adds how many layers would fit, to a refusal of all of them. */
  private static SoleboxException withSplit(SoleboxException refusal, Graph graph, Limits limits) {
    int layers = graph.boundaries().size();
    for (int n = layers - 1; n > 0; n--) {
      Graph last = graph.cutBefore(graph.boundaries().get(layers - n).layer()).second();
      if (fits(Footprint.of(last, limits).estimate(), limits)) {
        return new SoleboxException(
            refusal.code(),
            refusal.place(),
            refusal.getMessage(),
            refusal.remedy() + " Or leave some layers to the CPU: --gpu-layers " + n + ".",
            refusal);
      }
    }
    return refusal;
  }

  private static boolean fits(Estimate estimate, Limits limits) {
    long kv = estimate.kvBytesPerBlock() * KvBlocks.forTokens(limits.maxSequenceTokens());
    return estimate.weightBytes() + estimate.scratchBytes() + kv <= limits.memoryBudgetBytes();
  }

  /** The budget that others on this GPU leave. */
  private Limits withinFree(Limits limits) {
    long free = Math.max(0, DeviceMemory.info(gpu).free() - RESERVE_BYTES);
    return limits.withMemoryBudget(Math.min(free, limits.memoryBudgetBytes()));
  }

  /** Empty where the card has no room beside what is loaded. */
  @Override
  public OptionalDouble readBandwidthBytesPerSecond() {
    return BandwidthMeter.measure(gpu, kernels);
  }

  @Override
  public OptionalDouble linkBandwidthBytesPerSecond() {
    return LinkMeter.measure(gpu);
  }

  @Override
  public OptionalDouble matrixFlopsPerSecond() {
    return OptionalDouble.of(gpu.call(() -> MatrixMeter.measure(gpu, kernels)));
  }

  @Override
  public void close() {
    gpu.run(kernels::close);
    gpu.close();
  }
}
