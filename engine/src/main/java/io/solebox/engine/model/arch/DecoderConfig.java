package io.solebox.engine.model.arch;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.gguf.GgufMetadata;
import io.solebox.engine.graph.GraphBuilder.AttentionShape;
import io.solebox.engine.graph.Mask;
import io.solebox.engine.graph.Rotation;
import io.solebox.engine.graph.Weight;
import java.util.Arrays;
import java.util.Optional;

/**
 * The hyperparameters that decoder-only transformers share, from the keys of the GGUF format. E
 * hidden, H query heads, K key/value heads, D head dim, L layers.
 *
 * @param ropeDims leading elements of a head that are rotated
 * @param ropeTheta base of the rotation's frequencies
 * @param ropeFactor positions are divided by this (linear scaling), 1 for none
 */
public record DecoderConfig(
    int numLayers,
    int embeddingLength,
    int numHeads,
    int numKvHeads,
    int headDim,
    float rmsNormEps,
    int ropeDims,
    float ropeTheta,
    float ropeFactor,
    Mask mask) {

  private static final int MAX_LAYERS = 4096;

  /** Reads the keys that begin with {@code architecture}. */
  public static DecoderConfig read(GgufMetadata metadata, String architecture) {
    var keys = new Keys(metadata, architecture);
    int heads = keys.positive("attention.head_count");
    int kvHeads = keys.positiveOr("attention.head_count_kv", heads);
    int width = keys.positive("embedding_length");
    int headDim = keys.positiveOr("attention.key_length", Math.max(1, width / heads));
    keys.refuseIf(heads % kvHeads != 0, "attention.head_count_kv", "does not divide the heads");
    keys.refuseIf(
        metadata.intOr(architecture + ".attention.value_length", headDim) != headDim,
        "attention.value_length",
        "differs from the key length, which this version cannot compute");
    keys.refuseIf(
        metadata.intOr(architecture + ".expert_count", 0) > 0,
        "expert_count",
        "asks for a mixture of experts, which this version cannot compute");
    int layers = keys.positive("block_count");
    keys.refuseIf(layers > MAX_LAYERS, "block_count", "is " + layers + ", which makes no sense");
    int ropeDims = keys.positiveOr("rope.dimension_count", headDim);
    keys.refuseIf(
        ropeDims > headDim || ropeDims % 2 != 0,
        "rope.dimension_count",
        "is odd or larger than a head");
    return new DecoderConfig(
        layers,
        width,
        heads,
        kvHeads,
        headDim,
        metadata.floatValue(architecture + ".attention.layer_norm_rms_epsilon"),
        ropeDims,
        metadata.floatOr(architecture + ".rope.freq_base", 10000f),
        keys.linearRopeFactor(),
        keys.mask());
  }

  public AttentionShape attention() {
    return new AttentionShape(
        numHeads, numKvHeads, headDim, (float) (1 / Math.sqrt(headDim)), mask);
  }

  /**
   * The rotation with frequency {@code theta^(-2i/n)} for pair i.
   *
   * @param divisors per pair, from the tensor {@code rope_freqs.weight} by which converters write
   *     llama-3 scaling
   */
  public Rotation rotation(Rotation.Pairing pairing, Optional<Weight> divisors) {
    float[] inverse = new float[ropeDims / 2];
    float[] by = divisors.map(w -> RopeDivisors.read(w, inverse.length)).orElseGet(this::ones);
    for (int i = 0; i < inverse.length; i++) {
      inverse[i] = (float) (Math.pow(ropeTheta, -2.0 * i / ropeDims) / by[i] / ropeFactor);
    }
    return new Rotation(pairing, inverse, 1);
  }

  private float[] ones() {
    float[] ones = new float[ropeDims / 2];
    Arrays.fill(ones, 1);
    return ones;
  }

  private record Keys(GgufMetadata metadata, String architecture) {
    int positive(String name) {
      int value = metadata.intValue(architecture + "." + name);
      refuseIf(value <= 0, name, "is " + value + ", which makes no sense");
      return value;
    }

    int positiveOr(String name, int fallback) {
      return metadata.has(architecture + "." + name) ? positive(name) : fallback;
    }

    float linearRopeFactor() {
      String type = metadata.stringOr(architecture + ".rope.scaling.type", "none");
      float factor = metadata.floatOr(architecture + ".rope.scaling.factor", 1f);
      return switch (type) {
        case "none" -> 1f;
        case "linear" -> {
          refuseIf(!(factor > 0), "rope.scaling.factor", "must be above 0");
          yield factor;
        }
        default -> {
          refuseIf(true, "rope.scaling.type", "is " + type + ", which this version cannot compute");
          yield 1f;
        }
      };
    }

    Mask mask() {
      int window = metadata.intOr(architecture + ".attention.sliding_window", 0);
      return window > 0 ? new Mask.SlidingWindow(window) : new Mask.Causal();
    }

    void refuseIf(boolean bad, String name, String why) {
      if (bad) {
        throw new SoleboxException(
            ErrorCode.UNSUPPORTED_MODEL,
            metadata.place(architecture + "." + name),
            "The key " + architecture + "." + name + " " + why + ".",
            "");
      }
    }
  }
}
