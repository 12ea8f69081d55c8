package io.solebox.planner.measured;

import io.solebox.engine.backend.KvType;
import io.solebox.engine.tensor.TensorType;
import io.solebox.planner.figure.Range;
import java.util.Optional;

/**
 * What a device was measured to do.
 *
 * @param device {@code cpu}, or the name of a card as its driver tells it
 * @param subject with what it was measured
 * @param kvType of keys and values
 * @param weights bytes a second that decode reads of matrices
 * @param kept the same of keys and values
 * @param prompts operations a second of products over prompts, and of attention over them; empty
 *     where that was not measured
 */
public record Measurement(
    String device,
    Subject subject,
    KvType kvType,
    Origin origin,
    Range weights,
    Range kept,
    Optional<Prompts> prompts) {
  /** What {@code device} is of the processor. */
  public static final String PROCESSOR = "cpu";

  /**
   * Operations a second; a multiplication and an addition are two.
   *
   * @param products with matrices
   * @param attention over keys and values
   */
  public record Prompts(Range products, Range attention) {}

  /** With what it was measured. */
  public sealed interface Subject {
    /** Layers whose matrices have one format: holds for all models that have it. */
    record Format(TensorType type) implements Subject {}

    /** A model: holds for this one, since what passes beside reading and computing is in it. */
    record Model(String name, String format) implements Subject {}
  }

  /** Whether the other was measured later. */
  boolean isBefore(Measurement other) {
    return origin.at().isBefore(other.origin.at());
  }

  /** Whether the other is of the same, and takes its place. */
  boolean isOfSame(Measurement other) {
    return device.equals(other.device) && subject.equals(other.subject) && kvType == other.kvType;
  }
}
