package io.solebox.engine.model.arch;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.Printable;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.source.Keys;
import io.solebox.engine.source.ModelSource;
import java.util.List;
import java.util.Optional;

/** The architectures that this version can run. */
public final class Architectures {
  private static final List<Architecture<?>> ALL = List.of(new Llama(), new Qwen2(), new Qwen3());

  private Architectures() {}

  private static Optional<Architecture<?>> byName(String name) {
    return ALL.stream().filter(a -> a.name().equals(name)).findFirst();
  }

  private static List<String> names() {
    return ALL.stream().map(Architecture::name).toList();
  }

  /**
   * A source as a graph.
   *
   * @param notes what was found and may be left out, for people
   */
  public record Described(Graph graph, List<String> notes) {}

  /**
   * Describes the forward pass of a model.
   *
   * @throws SoleboxException {@code UNSUPPORTED_MODEL} for an architecture, a key or a tensor that
   *     this version does not know; {@code BAD_MODEL_FILE} for what is missing or does not fit
   */
  public static Described describe(ModelSource source) {
    String name = source.metadata().string("general.architecture");
    return describe(byName(name).orElseThrow(() -> unknown(source, name)), source);
  }

  private static <C> Described describe(Architecture<C> architecture, ModelSource source) {
    Keys keys = new Keys(source.metadata(), architecture.name());
    WeightBinder weights = new WeightBinder(source, architecture.name());
    try {
      C config = architecture.config(keys);
      keys.requireAllRead();
      Graph graph = architecture.graph(config, weights);
      return new Described(graph, weights.requireAllBound());
    } catch (IllegalArgumentException e) {
      throw new SoleboxException(
          ErrorCode.BAD_MODEL_FILE,
          source.place(),
          "The tensors do not fit the hyperparameters: " + Printable.line(e.getMessage()) + ".",
          "Download or convert the file again.",
          e);
    }
  }

  private static SoleboxException unknown(ModelSource source, String name) {
    return new SoleboxException(
        ErrorCode.UNSUPPORTED_MODEL,
        source.metadata().place("general.architecture"),
        "The architecture " + Printable.name(name) + " is not known to this version.",
        "Known ones: " + String.join(", ", names()) + ".");
  }
}
