package io.solebox.backend.cuda;

import io.solebox.engine.graph.Gating;
import io.solebox.engine.graph.Op;
import io.solebox.engine.graph.Rotation;
import io.solebox.engine.graph.Value;
import io.solebox.engine.graph.Weight;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the device does in one go: an op record, or several that {@link Lowering} joined. Nodes run
 * in the order of their list; each sees all that the ones before it wrote.
 */
sealed interface Node permits Node.Basic, GroupNode, AdapterNode, SumNode {
  /** What stands in this file. */
  sealed interface Basic extends Node {}

  /** What it writes. */
  List<Value> outs();

  /** What it reads. */
  List<Value> inputs();

  /** What it multiplies with. */
  default List<Product> products() {
    return List.of();
  }

  /** All matrices that it reads, each a stack of weights of one type and width. */
  default List<List<Weight>> matrices() {
    return products().stream().map(Product::weights).toList();
  }

  /** The most kernels that it launches. */
  default int launches() {
    return 2;
  }

  /** What it reads element by element. */
  default List<Vectors> vectors() {
    return List.of();
  }

  /** By what it turns heads. */
  default Optional<Rotation> rotation() {
    return Optional.empty();
  }

  /** Counters of its kernel that blocks share. */
  default int counters() {
    return 0;
  }

  /**
   * A product with weights of one type and width, one over the other.
   *
   * @param columns of a token
   */
  record Product(List<Weight> weights, int columns) {}

  /**
   * f32 vectors one after the other.
   *
   * @param stack each may be absent, and is zeros then where another is there
   * @param owners the weights whose rows an absent one has zeros for; none where there is one
   *     vector
   */
  record Vectors(List<Optional<Weight>> stack, List<Weight> owners) {
    static Vectors of(Optional<Weight> vector) {
      return new Vectors(List.of(vector), List.of());
    }
  }

  /**
   * A result in one form or both: as f32 and as blocks of 8-bit integers, for products with
   * quantized weights.
   */
  record Forms(Optional<Value> dense, Optional<Value> rounded) {
    List<Value> values() {
      return Stream.concat(dense.stream(), rounded.stream()).toList();
    }
  }

  /** Neighbouring columns of a value, as of q in a product that gives q, k and v together. */
  record Slice(Value of, int from) {}

  record Embed(Value out, Weight table) implements Basic {
    @Override
    public List<List<Weight>> matrices() {
      return List.of(List.of(table));
    }

    @Override
    public List<Value> outs() {
      return List.of(out);
    }

    @Override
    public List<Value> inputs() {
      return List.of();
    }
  }

  /** Copied in by the plan before the first node. */
  record TakeHidden(Value out) implements Basic {
    @Override
    public List<Value> outs() {
      return List.of(out);
    }

    @Override
    public List<Value> inputs() {
      return List.of();
    }
  }

  /** An op that no other is joined with, by a kernel of its own. */
  record Single(Op op) implements Basic {
    @Override
    public List<Vectors> vectors() {
      return op.weights().stream().map(use -> Vectors.of(Optional.of(use.weight()))).toList();
    }

    @Override
    public Optional<Rotation> rotation() {
      return op instanceof Op.Rope rope ? Optional.of(rope.rotation()) : Optional.empty();
    }

    @Override
    public List<Value> outs() {
      return List.of(op.out());
    }

    @Override
    public List<Value> inputs() {
      return op.inputs();
    }
  }

  record LayerNorm(Forms out, Op.LayerNorm op) implements Basic {
    @Override
    public List<Vectors> vectors() {
      return List.of(Vectors.of(Optional.of(op.gain())), Vectors.of(op.bias()));
    }

    @Override
    public List<Value> outs() {
      return out.values();
    }

    @Override
    public List<Value> inputs() {
      return List.of(op.x());
    }
  }

  record Norm(Forms out, Value x, Weight gain, float eps) implements Basic {
    @Override
    public List<Vectors> vectors() {
      return List.of(Vectors.of(Optional.of(gain)));
    }

    @Override
    public List<Value> outs() {
      return out.values();
    }

    @Override
    public List<Value> inputs() {
      return List.of(x);
    }
  }

  record Quantize(Value out, Value x) implements Basic {
    @Override
    public List<Value> outs() {
      return List.of(out);
    }

    @Override
    public List<Value> inputs() {
      return List.of(x);
    }
  }

  /**
   * {@code x W^T (+ bias) (+ residual)}.
   *
   * @param x f32, or its rounded form
   * @param weights of one type and width, one over the other
   * @param biases of each weight
   */
  record Linear(
      Value out,
      Value x,
      List<Weight> weights,
      List<Optional<Weight>> biases,
      Optional<Value> residual)
      implements Basic {
    @Override
    public List<Product> products() {
      return List.of(new Product(weights, 1));
    }

    @Override
    public List<Vectors> vectors() {
      return List.of(new Vectors(biases, weights));
    }

    @Override
    public List<Value> outs() {
      return List.of(out);
    }

    @Override
    public List<Value> inputs() {
      return Stream.concat(Stream.of(x), residual.stream()).toList();
    }
  }

  /**
   * {@code gating(x gate^T, x up^T)}: two weights of one shape and type.
   *
   * @param rounded the result in 8-bit blocks, beside {@code out}
   * @param gateOut the product with gate, where that is computed by itself
   * @param upOut likewise
   */
  record GateUp(
      Value out,
      Optional<Value> rounded,
      Value gateOut,
      Value upOut,
      Value x,
      Weight gate,
      Weight up,
      Gating gating)
      implements Basic {
    @Override
    public List<Product> products() {
      return List.of(new Product(List.of(gate), 1), new Product(List.of(up), 1));
    }

    @Override
    public List<Value> outs() {
      return Stream.concat(Stream.of(out, gateOut, upOut), rounded.stream()).toList();
    }

    /** One for each block of the rounded result. */
    @Override
    public int counters() {
      return rounded.isPresent() ? out.width() / Rounding.BLOCK : 0;
    }

    @Override
    public List<Value> inputs() {
      return List.of(x);
    }
  }

  /**
   * Norms and turns the heads of q and k, and writes k and v to the cache.
   *
   * @param out q [T, H*D] for {@link Attend}; absent where that takes q as it comes
   * @param v absent where values are parts of the keys
   */
  record StoreKv(
      Optional<Value> out,
      Slice q,
      Slice k,
      Optional<Slice> v,
      Optional<Weight> qGain,
      Optional<Weight> kGain,
      float eps,
      Optional<Rotation> rotation,
      Op.Attention op)
      implements Basic {
    @Override
    public List<Vectors> vectors() {
      return List.of(Vectors.of(qGain), Vectors.of(kGain));
    }

    @Override
    public List<Value> outs() {
      return out.stream().toList();
    }

    @Override
    public List<Value> inputs() {
      return Stream.concat(Stream.of(q.of(), k.of()), v.stream().map(Slice::of)).toList();
    }
  }

  record Attend(Value out, Optional<Value> rounded, Slice q, Op.Attention op) implements Basic {
    @Override
    public List<Vectors> vectors() {
      return List.of(Vectors.of(op.sinks()), Vectors.of(op.slopes()));
    }

    @Override
    public List<Value> outs() {
      return Stream.concat(Stream.of(out), rounded.stream()).toList();
    }

    @Override
    public List<Value> inputs() {
      return List.of(q.of());
    }
  }
}
