package io.solebox.backend.cuda;

import io.solebox.engine.graph.ExpertOp;
import io.solebox.engine.graph.ExpertOp.Stack;
import io.solebox.engine.graph.Op;
import io.solebox.engine.graph.Value;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Products in which a token has several columns, each with a matrix of its own. */
sealed interface GroupNode extends Node {
  /**
   * @param x f32 [T, H*cols], or its rounded form
   */
  record Heads(Value out, Value x, Op.HeadLinear op) implements GroupNode {
    @Override
    public List<Product> products() {
      return List.of(new Product(List.of(op.weight()), op.heads()));
    }

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
   * A mixture of experts: products with up and gate, the activation in place of up's result, the
   * product with down, and the sum of the parts.
   *
   * @param gateX what gate multiplies, where there is a gate
   * @param upX what up multiplies
   * @param gateOut [T, k*F]
   * @param upOut [T, k*F]
   * @param rounded the activation in 8-bit blocks, where down takes it so
   * @param parts [T, k*E]
   * @param residual added to the sum
   */
  record Experts(
      Value out,
      Optional<Value> gateX,
      Value upX,
      Optional<Value> gateOut,
      Value upOut,
      Optional<Value> rounded,
      Value parts,
      Optional<Value> residual,
      ExpertOp.Experts op)
      implements GroupNode {
    @Override
    public List<Product> products() {
      return Stream.concat(
              Stream.concat(op.gate().stream(), Stream.of(op.up()))
                  .map(s -> new Product(List.of(s.weight()), 1)),
              Stream.of(new Product(List.of(op.down().weight()), op.used())))
          .toList();
    }

    @Override
    public List<Vectors> vectors() {
      return op.stacks().stream().map(s -> Vectors.of(s.bias())).toList();
    }

    /** Slots by expert, input and result of three products to 16 or 8 bits, activation, sum. */
    @Override
    public int launches() {
      return 9;
    }

    @Override
    public List<Value> outs() {
      return Stream.of(
              Stream.of(out),
              gateOut.stream(),
              Stream.of(upOut),
              rounded.stream(),
              Stream.of(parts))
          .flatMap(v -> v)
          .toList();
    }

    @Override
    public List<Value> inputs() {
      return Stream.of(gateX.stream(), Stream.of(upX, op.routing()), residual.stream())
          .flatMap(v -> v)
          .toList();
    }

    /** One for each block of the activation of as many tokens as take their experts alone. */
    @Override
    public int counters() {
      return rounded.isPresent() ? DecodeBatch.LARGEST * op.used() * inner() / Rounding.BLOCK : 0;
    }

    /** Whether one kernel has both products and the gate between them. */
    boolean isPair() {
      return op.gate().filter(g -> g.weight().type() == op.up().weight().type()).isPresent();
    }

    /** What one token reads of all weights: those of the experts that it takes. */
    long bytesOfToken() {
      return op.stacks().stream().mapToLong(s -> s.bytes() / s.experts() * op.used()).sum();
    }

    int experts() {
      return op.up().experts();
    }

    /** Elements within an expert, F. */
    int inner() {
      return op.up().rows();
    }

    /** What a stack multiplies. */
    Value operand(Stack stack) {
      return stack.equals(op.down())
          ? rounded.orElse(upOut)
          : op.gate().filter(stack::equals).flatMap(_ -> gateX).orElse(upX);
    }
  }
}
