package io.solebox.backend.cuda;

import io.solebox.engine.graph.LowRank;
import io.solebox.engine.graph.Value;
import io.solebox.engine.graph.Weight;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What adapters add to a product, by two kernels.
 *
 * @param inner what A makes of the rows that use an adapter [T, highest rank]
 * @param a of all changes, one after the other
 * @param b likewise
 * @param table four words for each variant, as adapters.cu reads them
 * @param variants that have a place in it
 */
record AdapterNode(
    Value out,
    Value inner,
    LowRank op,
    List<Optional<Weight>> a,
    List<Optional<Weight>> b,
    Weight table,
    int variants)
    implements Node {
  private static final int WORDS = 4;

  static AdapterNode of(LowRank op, Value inner) {
    int variants = op.changes().stream().mapToInt(LowRank.Change::variant).max().orElse(0) + 1;
    float[] table = new float[WORDS * variants];
    var a = new ArrayList<Optional<Weight>>();
    var b = new ArrayList<Optional<Weight>>();
    int aAt = 0;
    int bAt = 0;
    for (LowRank.Change change : op.changes()) {
      int at = WORDS * change.variant();
      table[at] = Float.intBitsToFloat(change.rank());
      table[at + 1] = change.scale();
      table[at + 2] = Float.intBitsToFloat(aAt);
      table[at + 3] = Float.intBitsToFloat(bAt);
      a.add(Optional.of(change.a()));
      b.add(Optional.of(change.b()));
      aAt = Math.addExact(aAt, Math.toIntExact(change.a().elements()));
      bAt = Math.addExact(bAt, Math.toIntExact(change.b().elements()));
    }
    Weight words = Weight.of(op.out().name() + " changes", table);
    return new AdapterNode(op.out(), inner, op, List.copyOf(a), List.copyOf(b), words, variants);
  }

  @Override
  public List<Vectors> vectors() {
    return List.of(
        new Vectors(a, List.of()), new Vectors(b, List.of()), Vectors.of(Optional.of(table)));
  }

  @Override
  public List<Value> outs() {
    return List.of(out, inner);
  }

  @Override
  public List<Value> inputs() {
    return op.inputs();
  }
}
