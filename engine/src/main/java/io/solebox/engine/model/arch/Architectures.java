package io.solebox.engine.model.arch;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.Printable;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.source.Keys;
import io.solebox.engine.source.Metadata;
import io.solebox.engine.source.ModelSource;
import java.util.List;

/** The architectures that this version can run. */
public final class Architectures {
  private static final String KEY = "general.architecture";

  private static final List<Architecture<?>> ALL = List.of(new Llama(), new Qwen2(), new Qwen3());

  private Architectures() {}

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
    return describe(of(source.metadata()), source);
  }

  /**
   * Refuses a model that no line of this version's registry describes, whatever else it needs.
   *
   * @throws SoleboxException {@code UNSUPPORTED_MODEL}
   */
  public static void requireKnown(Metadata metadata) {
    of(metadata);
  }

  private static Architecture<?> of(Metadata metadata) {
    String name = metadata.string(KEY);
    return ALL.stream()
        .filter(a -> a.name().equals(name))
        .findFirst()
        .orElseThrow(() -> unknown(metadata, name));
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

  private static SoleboxException unknown(Metadata metadata, String name) {
    List<String> known = ALL.stream().<String>map(Architecture::name).toList();
    return new SoleboxException(
        ErrorCode.UNSUPPORTED_MODEL,
        metadata.place(KEY),
        "The architecture " + Printable.name(name) + " is not known to this version.",
        "Update Solebox, or use a model of a known one: " + String.join(", ", known) + ".");
  }
}
