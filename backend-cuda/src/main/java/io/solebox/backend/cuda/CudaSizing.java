package io.solebox.backend.cuda;

import io.solebox.engine.backend.Activations;
import io.solebox.engine.backend.Estimate;
import io.solebox.engine.backend.Limits;
import io.solebox.engine.backend.Sizing;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.tensor.TensorType;
import java.util.Set;

/** What plans take of any GPU: the same kernels and the same layout run on all of them. */
final class CudaSizing implements Sizing {
  @Override
  public Set<TensorType> computes(Activations activations) {
    return PlaneLayout.types();
  }

  @Override
  public Set<TensorType> embeds() {
    return PlaneLayout.types();
  }

  @Override
  public Estimate estimate(Graph graph, Limits limits) {
    return Footprint.of(graph, limits).estimate();
  }
}
