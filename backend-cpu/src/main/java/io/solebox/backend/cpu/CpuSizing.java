package io.solebox.backend.cpu;

import io.solebox.engine.backend.Activations;
import io.solebox.engine.backend.Estimate;
import io.solebox.engine.backend.Limits;
import io.solebox.engine.backend.Sizing;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.tensor.TensorType;
import java.util.EnumSet;
import java.util.Set;

/**
 * What plans take of a processor that has the kernels that were chosen for this one.
 *
 * @param kernels for {@link Activations#AUTO}
 * @param threads each with memory of its own
 */
record CpuSizing(KernelChoice choice, Kernels kernels, int threads) implements Sizing {
  static CpuSizing of(KernelChoice choice, int threads) {
    return new CpuSizing(choice, CpuBackend.kernels(choice), threads);
  }

  Kernels kernels(Activations activations) {
    return switch (activations) {
      case AUTO -> kernels;
      case F32 -> new JavaKernels(choice.javaMode(), Activations.F32);
    };
  }

  @Override
  public Set<TensorType> computes(Activations activations) {
    return kernels(activations).computes();
  }

  /** All: a row at a time, by the scalar truth. */
  @Override
  public Set<TensorType> embeds() {
    return EnumSet.allOf(TensorType.class);
  }

  @Override
  public Estimate estimate(Graph graph, Limits limits) {
    return Footprint.of(graph, limits, kernels(limits.activations())).estimate(threads);
  }
}
