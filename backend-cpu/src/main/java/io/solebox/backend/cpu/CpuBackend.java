package io.solebox.backend.cpu;

import io.solebox.engine.backend.Activations;
import io.solebox.engine.backend.Arithmetic;
import io.solebox.engine.backend.Backend;
import io.solebox.engine.backend.Estimate;
import io.solebox.engine.backend.KvPools;
import io.solebox.engine.backend.Limits;
import io.solebox.engine.backend.Plan;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.backend.Yardstick;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.memory.HostMemory;
import io.solebox.engine.tensor.TensorType;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;

/** The processor, with one thread team for all plans. */
final class CpuBackend implements Backend {
  private final ThreadTeam team;
  private final KernelChoice choice;
  private final CpuSizing sizing;
  private final Kernels kernels;

  CpuBackend(int threads) {
    this(threads, KernelChoice.ofProperty());
  }

  CpuBackend(int threads, KernelChoice choice) {
    this.choice = choice;
    this.sizing = CpuSizing.of(choice, threads);
    this.kernels = sizing.kernels();
    this.team = new ThreadTeam(threads);
  }

  static Kernels kernels(KernelChoice choice) {
    return switch (choice) {
      case KernelChoice.Native(var library) -> new LibraryKernels(library.bind());
      case KernelChoice.Java(var mode, var _) -> new JavaKernels(mode, Activations.AUTO);
    };
  }

  @Override
  public String describe() {
    return "CPU, %d thread%s%s, %s"
        .formatted(
            team.size(),
            team.size() == 1 ? "" : "s",
            team.pinned() ? " pinned" : "",
            kernels.describe());
  }

  @Override
  public Arithmetic arithmetic() {
    return new Arithmetic(kernels.describe(), true);
  }

  @Override
  public List<String> notes() {
    return choice.notice().stream().toList();
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
    Footprint footprint = Footprint.of(graph, limits, sizing.kernels(limits.activations()));
    Estimate estimate = footprint.estimate(team.size());
    var blocks = KvPools.blocks(graph.groups(), estimate, limits);
    var kept = new KeptRows(blocks, KvPools.slots(graph, estimate, limits));
    return CpuPlan.prepare(team, footprint, kept, progress);
  }

  @Override
  public List<Yardstick> yardsticks() {
    return List.of(new Yardstick(Yardstick.Kind.READ_BANDWIDTH, this::readBandwidth));
  }

  private OptionalDouble readBandwidth() {
    boolean isRoom = HostMemory.availableBytes() > 2 * BandwidthMeter.BYTES;
    return isRoom
        ? OptionalDouble.of(BandwidthMeter.measure(team, kernels.reader()))
        : OptionalDouble.empty();
  }

  @Override
  public void close() {
    team.close();
  }
}
