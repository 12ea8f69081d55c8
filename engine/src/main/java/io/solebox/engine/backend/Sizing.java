package io.solebox.engine.backend;

import io.solebox.engine.graph.Graph;
import io.solebox.engine.tensor.TensorType;
import java.util.Set;

/** What plans take on devices of one kind, from shapes alone: needs no such device. */
public interface Sizing {
  /**
   * The formats that there are kernels for. Matrices of other formats come to a backend in one of
   * these ({@link Transcoding}), so F32 and Q8_0 are among them; small vectors come in any format.
   *
   * @param activations of {@link Limits}
   */
  Set<TensorType> computes(Activations activations);

  /**
   * The formats of which it reads the rows of embedding tables. Tables in others come in one that
   * it {@link #computes}.
   */
  Set<TensorType> embeds();

  /** What {@link Backend#prepare} would take, before anything is loaded. */
  Estimate estimate(Graph graph, Limits limits);
}
