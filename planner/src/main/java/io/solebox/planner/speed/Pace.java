package io.solebox.planner.speed;

import io.solebox.engine.tensor.TensorType;
import java.util.function.ToDoubleFunction;

/**
 * How fast a device goes in one of the cases between which a figure lies.
 *
 * @param weightBytesPerSecond of matrices in a format, where one token is multiplied
 * @param keptBytesPerSecond of keys and values
 * @param operationsPerSecond of products with a matrix in a format; infinite where nothing is known
 * @param attentionPerSecond operations of attention over prompts; infinite where nothing is known
 * @param secondsPerOp beside what it reads and computes
 * @param secondsPerStep the same of a step
 */
public record Pace(
    ToDoubleFunction<TensorType> weightBytesPerSecond,
    double keptBytesPerSecond,
    ToDoubleFunction<TensorType> operationsPerSecond,
    double attentionPerSecond,
    double secondsPerOp,
    double secondsPerStep) {}
