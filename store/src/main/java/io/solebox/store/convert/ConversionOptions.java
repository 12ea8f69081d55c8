package io.solebox.store.convert;

import java.util.Optional;

/**
 * What a person wishes of a conversion.
 *
 * @param type of matrices
 * @param nearest whether codes of formats that GGUF lacks go to the nearest that it has
 * @param name of the model; what its files say where it is empty
 */
public record ConversionOptions(OutputType type, boolean nearest, Optional<String> name) {
  public ConversionOptions {
    if (nearest && type != OutputType.AUTO) {
      throw new IllegalArgumentException("a type and the nearest one exclude each other");
    }
  }
}
