package io.solebox.server.library;

import java.util.Map;
import java.util.Optional;

/**
 * How a model is to be made.
 *
 * @param name of it; whatever it stood for before stays as an older generation
 * @param settings that go along with it, in place of those of what it is made of
 * @param quantize what its weights become, as in {@code Q4_K_M}; empty where they stay
 */
public record ModelRecipe(
    String name, Origin origin, ModelSettings settings, Optional<String> quantize) {
  /** What it is made of. */
  public sealed interface Origin {
    /** A model that the library keeps. */
    record Kept(String name) implements Origin {}

    /**
     * Files that were received before.
     *
     * @param digests of their contents, 64 hexadecimal digits, by their names
     */
    record Files(Map<String, String> digests) implements Origin {}
  }
}
