package io.solebox.engine.model.arch;

import java.util.List;
import java.util.Optional;

/** The architectures that this version can run. */
public final class Architectures {
  private static final List<Architecture> ALL = List.of(new Llama(), new Qwen2(), new Qwen3());

  private Architectures() {}

  public static Optional<Architecture> byName(String name) {
    return ALL.stream().filter(a -> a.name().equals(name)).findFirst();
  }

  public static List<String> names() {
    return ALL.stream().map(Architecture::name).toList();
  }
}
