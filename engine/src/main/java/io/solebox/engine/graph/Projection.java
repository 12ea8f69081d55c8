package io.solebox.engine.graph;

import java.util.Optional;

/**
 * A matrix [rows, cols] with the bias that some models add to its product.
 *
 * @param bias a vector of {@code weight.rows()}
 */
public record Projection(Weight weight, Optional<Weight> bias) {}
