package io.solebox.planner.model;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Shapes of models that people name without having them. */
public final class Shapes {
  private static final List<Shape> ALL =
      List.of(
          dense("1b", "Llama-3.2-1B", 16, 2048, 8192, 32, 8, 64, 128_256, 131_072, true),
          dense("3b", "Llama-3.2-3B", 28, 3072, 8192, 24, 8, 128, 128_256, 131_072, true),
          dense("7b", "Llama-2-7b-hf", 32, 4096, 11_008, 32, 32, 128, 32_000, 4096, false),
          dense("8b", "Llama-3.1-8B", 32, 4096, 14_336, 32, 8, 128, 128_256, 131_072, false),
          dense("13b", "Llama-2-13b-hf", 40, 5120, 13_824, 40, 40, 128, 32_000, 4096, false),
          dense("70b", "Llama-3.1-70B", 80, 8192, 28_672, 64, 8, 128, 128_256, 131_072, false),
          new Shape(
              "30b-a3b",
              "config.json of huggingface.co/Qwen/Qwen3-30B-A3B",
              48,
              2048,
              768,
              32,
              4,
              128,
              151_936,
              40_960,
              false,
              Optional.empty(),
              Optional.of(128),
              Optional.of(8)));

  private Shapes() {}

  private static Shape dense(
      String name,
      String repository,
      int layers,
      int width,
      int ffn,
      int heads,
      int kvHeads,
      int headDim,
      int vocabulary,
      int context,
      boolean tied) {
    return new Shape(
        name,
        "config.json of huggingface.co/meta-llama/" + repository,
        layers,
        width,
        ffn,
        heads,
        kvHeads,
        headDim,
        vocabulary,
        context,
        tied,
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /** By name, in any case. */
  public static Optional<Shape> named(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return ALL.stream().filter(shape -> shape.name().equals(lower)).findFirst();
  }

  public static List<String> names() {
    return ALL.stream().map(Shape::name).toList();
  }
}
