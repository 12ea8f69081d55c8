package io.solebox.planner.trial;

import io.solebox.engine.backend.Activations;
import io.solebox.engine.backend.Backend;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.backend.Limits;
import io.solebox.engine.backend.Transcoding;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.source.TensorInfo;
import io.solebox.engine.tensor.TensorType;
import io.solebox.planner.figure.Range;
import io.solebox.planner.figure.Unit;
import io.solebox.planner.model.PlannedModel;
import io.solebox.planner.model.Shape;
import io.solebox.planner.work.StepWork;
import java.lang.foreign.Arena;
import java.util.Optional;

/**
 * What a device was measured to do with matrices in one format.
 *
 * @param bytesPerSecond of weights, in decode
 * @param keptBytesPerSecond of keys and values, in decode
 * @param operationsPerSecond of products, over prompts
 * @param attentionPerSecond operations of attention over prompts
 */
record Trial(
    double bytesPerSecond,
    double keptBytesPerSecond,
    double operationsPerSecond,
    double attentionPerSecond) {
  /** What is taken to pass beside reading and computing; the rest of it is in the rates. */
  static final double SECONDS_PER_OP = 1e-6;

  static final double SECONDS_PER_STEP = 20e-6;

  /** More than caches hold. */
  private static final long LEAST_BYTES = 160L << 20;

  private static final int CHUNK = 512;
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
          Optional.empty());

  static Trial run(Backend backend, TensorType type, KvType kvType) {
    PlannedModel model = model(type);
    // A copy of the weights may be made as they are taken, and the first is not needed then.
    try (Arena arena = Arena.ofShared()) {
      Graph graph = Transcoding.of(model.filled(arena).graph(), backend, Activations.AUTO).graph();
      var limits =
          new Limits(CONTEXT, CHUNK, 1, 1, CONTEXT, kvType, Activations.AUTO, Long.MAX_VALUE);
      try (var steps = new TrialSteps(backend, graph, limits)) {
        return measure(steps, StepWork.of(graph), kvType);
      }
    }
  }

  private static PlannedModel model(TensorType type) {
    PlannedModel one = model(type, 1);
    long bytes = one.outline().info().fileBytes();
    return model(type, (int) Math.max(1, Math.ceilDiv(LEAST_BYTES, bytes)));
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

  private static Trial measure(TrialSteps steps, StepWork work, KvType kvType) {
    steps.prefill(0, CHUNK);
    double firstChunk = steps.prefill(0, CHUNK);
    double near = steps.decode(CHUNK);
    for (int from = CHUNK; from < CONTEXT - CHUNK; from += CHUNK) {
      steps.prefill(from, CHUNK);
    }
    double lastChunk = steps.prefill(CONTEXT - CHUNK, CHUNK);
    double far = steps.decode(CONTEXT - 1);
    double beside = SECONDS_PER_STEP + work.ops().size() * SECONDS_PER_OP;
    double weights = work.decodeBytes(1, 0, kvType);
    double nearKept = work.decodeBytes(1, CHUNK, kvType) - weights;
    double farKept = work.decodeBytes(1, CONTEXT - 1, kvType) - weights;
    double keptPace = (farKept - nearKept) / atLeast(far - near, 0.001 * near);
    double attended = attention(work, CONTEXT - CHUNK) - attention(work, 0);
    double attentionPace = attended / atLeast(lastChunk - firstChunk, 0.001 * firstChunk);
    double products = firstChunk - beside - attention(work, 0) / attentionPace;
    return new Trial(
        weights / atLeast(near - beside - nearKept / keptPace, 0.1 * near),
        keptPace,
        CHUNK * flops(work) / atLeast(products, 0.1 * firstChunk),
        attentionPace);
  }

  /** Where noise is larger than what is looked for, a little and not less than nothing. */
  private static double atLeast(double seconds, double least) {
    return Math.max(seconds, least);
  }

  /** Operations of attention of a chunk that begins there. */
  private static double attention(StepWork work, int before) {
    return work.ops().stream()
        .flatMap(op -> op.attention().stream())
        .mapToDouble(a -> CHUNK * a.flops() * a.positions(before + CHUNK / 2.0))
        .sum();
  }

  /** Of a token's products; what gives logits is computed for one token alone. */
  private static double flops(StepWork work) {
    return work.ops().stream()
        .filter(op -> !op.isPerRow())
        .mapToDouble(op -> op.flopsPerToken())
        .sum();
  }

  String says(TensorType type) {
    return "In %s decode was measured to read %s on this machine just now, and prompts to compute %s"
        .formatted(
            type,
            Range.exactly(bytesPerSecond, Unit.BYTES_PER_SECOND, "").text(),
            Range.exactly(operationsPerSecond, Unit.OPERATIONS_PER_SECOND, "").text());
  }
}
