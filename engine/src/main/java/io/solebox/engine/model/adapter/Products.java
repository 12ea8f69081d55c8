package io.solebox.engine.model.adapter;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.Printable;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.Op;
import io.solebox.engine.graph.Weight;
import io.solebox.engine.source.ModelSource;
import io.solebox.engine.source.TensorInfo;
import io.solebox.engine.tensor.TensorBytes;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The products in which a graph uses the matrices of a model: mostly one for each, several where a
 * file has q, k and v, or gate and up, in one tensor.
 */
final class Products {
  private final Graph graph;
  private final ModelSource base;
  private final LoraFile adapter;

  Products(Graph graph, ModelSource base, LoraFile adapter) {
    this.graph = graph;
    this.base = base;
    this.adapter = adapter;
  }

  /**
   * The products that a change is added to, each with the rows of B that belong there.
   *
   * @throws SoleboxException {@code UNSUPPORTED_MODEL} where the matrix, or a part of it, is
   *     something else in the graph; {@code BAD_MODEL_FILE} where the change does not fit it
   */
  Map<Op.Linear, Weight> parts(LoraFile.Pair pair) {
    List<Op> users = graph.ops().stream().filter(op -> uses(op, pair.tensor())).toList();
    if (users.isEmpty() || !users.stream().allMatch(Op.Linear.class::isInstance)) {
      throw refused(pair);
    }
    Fit.requireShapes(adapter, pair, base);
    TensorInfo tensor = base.tensor(pair.tensor()).orElseThrow();
    TensorBytes whole = base.bytes(tensor);
    Map<Op.Linear, Weight> parts = new LinkedHashMap<>();
    boolean[] covered = new boolean[tensor.rows()];
    for (Op user : users) {
      Op.Linear linear = (Op.Linear) user;
      Weight used = linear.weight();
      long offset = used.file().offsetIn(whole);
      int from = Math.toIntExact(offset / used.stored().bytes(used.cols()));
      parts.put(linear, pair.b().rows(from, used.rows()));
      Arrays.fill(covered, from, from + used.rows(), true);
    }
    for (boolean row : covered) {
      if (!row) {
        throw refused(pair);
      }
    }
    return parts;
  }

  private static boolean uses(Op op, String tensor) {
    return op.weights().stream().anyMatch(use -> use.weight().name().equals(tensor));
  }

  private SoleboxException refused(LoraFile.Pair pair) {
    return new SoleboxException(
        ErrorCode.UNSUPPORTED_MODEL,
        adapter.place() + ", tensor " + Printable.name(pair.a().name()),
        ("It changes %s, which the model uses as an embedding, by experts or by heads; this version"
                + " adds to matrices that whole tokens are multiplied with.")
            .formatted(Printable.name(pair.tensor())),
        "Use an adapter that leaves it alone, or a model that has it merged in.");
  }
}
