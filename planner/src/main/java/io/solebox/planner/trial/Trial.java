package io.solebox.planner.trial;

import io.solebox.engine.backend.Activations;
import io.solebox.engine.backend.Backend;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.backend.Limits;
import io.solebox.engine.backend.Transcoding;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.memory.HostMemory;
import io.solebox.engine.source.TensorInfo;
import io.solebox.engine.tensor.TensorType;
import io.solebox.planner.figure.Range;
import io.solebox.planner.figure.Unit;
import io.solebox.planner.model.PlannedModel;
import io.solebox.planner.model.Shape;
import java.lang.foreign.Arena;
import java.util.Optional;

/**
 * What a device was measured to do with matrices in one format.
 *
 * @param weights bytes a second in decode
 * @param kept of keys and values, the same
 * @param products operations a second over prompts
 * @param attention over prompts, the same
 */
record Trial(Range weights, Range kept, Range products, Range attention) {
  /** More than most caches hold, also where a model is smaller: others are planned by it, too. */
  private static final long LEAST_BYTES = 512L << 20;

  /** What is read beyond is read no differently. */
  private static final long MOST_BYTES = 4L << 30;

  /** Layers whose prompts are measured: these take long. */
  private static final long PROMPT_BYTES = 160L << 20;

  /** Weights are there twice while they are turned, and the system wants the rest. */
  private static final int SHARE_OF_FREE = 4;

  private static final int CONTEXT = 4096;

  /** Layers of the size of those of a model of a billion weights. */
  private static final Shape LAYERS =
      new Shape(
          "trial",
          "layers as Llama-3.2-1B has them",
          1,
          2048,
          8192,
          32,
          8,
          64,
          512,
          CONTEXT,
          true,
          Optional.empty(),
          Optional.empty(),
          Optional.empty());

  /**
   * Measures.
   *
   * @param bytes of a model: as much as that is read, at least half a GiB and as far as there is
   *     room
   */
  static Trial run(Backend backend, TensorType type, KvType kvType, long bytes) {
    long wanted = Math.clamp(bytes, LEAST_BYTES, MOST_BYTES);
    long room = HostMemory.availableBytes() / SHARE_OF_FREE;
    // A copy of the weights may be made as they are taken, and the first is not needed then.
    try (Arena arena = Arena.ofShared();
        var all = steps(backend, type, kvType, Math.min(wanted, room), arena);
        var few = steps(backend, type, kvType, Math.min(PROMPT_BYTES, room), arena)) {
      return new Rounds(all, few, kvType).trial();
    }
  }

  private static TrialSteps steps(
      Backend backend, TensorType type, KvType kvType, long bytes, Arena arena) {
    Graph graph =
        Transcoding.of(model(type, bytes).filled(arena).graph(), backend, Activations.AUTO).graph();
    var limits =
        new Limits(CONTEXT, Rounds.CHUNK, 1, 1, CONTEXT, kvType, Activations.AUTO, Long.MAX_VALUE);
    return new TrialSteps(backend, graph, limits);
  }

  /** As many layers as take so much, at least one. */
  static PlannedModel model(TensorType type, long bytes) {
    long one = model(type, 1).outline().info().fileBytes();
    return model(type, (int) Math.max(1, Math.ceilDiv(bytes, one)));
  }

  private static PlannedModel model(TensorType type, int layers) {
    return PlannedModel.of(LAYERS.withLayers(layers))
        .in((_, tensors) -> tensors.stream().map(tensor -> in(type, tensor)).toList());
  }

  private static TensorInfo in(TensorType type, TensorInfo tensor) {
    return tensor.type() == TensorType.F16
        ? new TensorInfo(tensor.name(), type, tensor.shape(), type.bytes(tensor.elements()))
        : tensor;
  }

  /** So many bytes a second. */
  static Range bytes(Samples paces) {
    return paces.range(Unit.BYTES_PER_SECOND);
  }

  /** So many operations a second. */
  static Range operations(Samples paces) {
    return paces.range(Unit.OPERATIONS_PER_SECOND);
  }
}
