package io.solebox.engine.graph;

import io.solebox.engine.graph.Weight.Role;
import io.solebox.engine.graph.Weight.Use;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One step of the forward pass. Activations are f32 [T, width]; T = tokens of this step, of any mix
 * of sequences. E hidden, H query heads, K key/value heads, D head dim, F ffn, V vocabulary.
 *
 * <p>An op answers for itself what it reads, holds and keeps, so that nobody else has to know all
 * ops to ask that. A new record here breaks every backend's exhaustive {@code switch} until it is
 * handled; that is intended.
 */
public sealed interface Op {
  Value out();

  /** The values that it reads. */
  List<Value> inputs();

  /** The weights that it holds, and what for. */
  default List<Use> weights() {
    return List.of();
  }

  /** What of a sequence's memory it reads or writes. */
  default List<Keep> keeps() {
    return List.of();
  }

  /** Operations on one token, a multiplication and an addition being two. */
  default long flopsPerToken() {
    return 0;
  }

  /** Further operations on one token for each position that it sees. */
  default long flopsPerPosition() {
    return 0;
  }

  /** Row {@code tokens[t]} of the table [V, E], as f32. */
  record Embed(Value out, Weight table) implements Op {
    @Override
    public List<Value> inputs() {
      return List.of();
    }

    @Override
    public List<Use> weights() {
      return List.of(new Use(table, Role.TABLE));
    }
  }

  /** The hidden state [T, E] that an earlier stage of a cut graph gave ({@code Batch.input}). */
  record TakeHidden(Value out) implements Op {
    @Override
    public List<Value> inputs() {
      return List.of();
    }
  }

  /**
   * {@code x / sqrt(mean(x^2) + eps) * gain}, over each group of {@code gain.cols()} elements: the
   * whole row for a layer norm, one head for a q/k norm.
   */
  record RmsNorm(Value out, Value x, Weight gain, float eps) implements Op {
    @Override
    public List<Value> inputs() {
      return List.of(x);
    }

    @Override
    public List<Use> weights() {
      return List.of(new Use(gain, Role.VECTOR));
    }
  }

  /** {@code x W^T (+ bias)}: [T, W.cols] to [T, W.rows]. The bias is a vector of W.rows. */
  record Linear(Value out, Value x, Weight weight, Optional<Weight> bias) implements Op {
    @Override
    public List<Value> inputs() {
      return List.of(x);
    }

    @Override
    public List<Use> weights() {
      return Stream.concat(
              Stream.of(new Use(weight, Role.MATRIX)),
              bias.stream().map(b -> new Use(b, Role.VECTOR)))
          .toList();
    }

    @Override
    public long flopsPerToken() {
      return 2L * weight.rows() * weight.cols();
    }
  }

  /** Rotary embedding of every head of {@code headDim} elements in the row. */
  record Rope(Value out, Value x, int headDim, Rotation rotation) implements Op {
    @Override
    public List<Value> inputs() {
      return List.of(x);
    }
  }

  /**
   * Writes the keys and values of these tokens to {@code keep}, then attends from q [T, H*D]:
   * {@code softmax(q k^T * scale) v} over the positions of the token's own sequence that the keep's
   * mask lets it see. Query head h reads key/value head {@code h / (H/K)}.
   *
   * @param fresh what it writes; empty where an earlier op of the graph has written to the same
   *     keep (layers that share keys and values)
   */
  record Attention(
      Value out,
      Value q,
      Optional<KeysValues> fresh,
      Keep.Paged keep,
      int numHeads,
      int numKvHeads,
      int headDim,
      float scale)
      implements Op {
    @Override
    public List<Value> inputs() {
      return Stream.concat(Stream.of(q), fresh.stream().flatMap(f -> Stream.of(f.k(), f.v())))
          .toList();
    }

    @Override
    public List<Keep> keeps() {
      return List.of(keep);
    }

    @Override
    public long flopsPerPosition() {
      return 4L * numHeads * headDim;
    }

    public Mask mask() {
      return keep.mask();
    }
  }

  /** Keys and values [T, K*D] of the step's tokens. */
  record KeysValues(Value k, Value v) {}

  /**
   * Causal convolution of each channel over time, a tap per column of the kernel [width, taps]:
   * {@code out[p, c] = sum over j of kernel[c, j] * x[p - taps + 1 + j, c] (+ bias[c])}, where
   * positions before the sequence count as zeros (Mamba, arXiv:2312.00752; LFM2).
   *
   * @param keep the last {@code taps - 1} inputs
   */
  record ShortConv(Value out, Value x, Weight kernel, Optional<Weight> bias, Keep.Slot keep)
      implements Op {
    @Override
    public List<Value> inputs() {
      return List.of(x);
    }

    @Override
    public List<Use> weights() {
      return Stream.concat(
              Stream.of(new Use(kernel, Role.VECTOR)),
              bias.stream().map(b -> new Use(b, Role.VECTOR)))
          .toList();
    }

    @Override
    public List<Keep> keeps() {
      return List.of(keep);
    }

    @Override
    public long flopsPerToken() {
      return 2L * kernel.rows() * kernel.cols();
    }

    public int taps() {
      return kernel.cols();
    }
  }

  /** {@code silu(gate) * up}, elementwise. */
  record SwiGlu(Value out, Value gate, Value up) implements Op {
    @Override
    public List<Value> inputs() {
      return List.of(gate, up);
    }
  }

  /** {@code a + b}, elementwise. */
  record Add(Value out, Value a, Value b) implements Op {
    @Override
    public List<Value> inputs() {
      return List.of(a, b);
    }
  }

  /**
   * Keeps only the rows that the batch asks for, in the order of {@code Batch.rows}: [rows, width].
   */
  record SelectRows(Value out, Value x) implements Op {
    @Override
    public List<Value> inputs() {
      return List.of(x);
    }
  }

  /**
   * For each row that the batch asks for the mean over all tokens that its sequence has in this
   * step, in the order of {@code Batch.rows}: [rows, width].
   */
  record MeanRows(Value out, Value x) implements Op {
    @Override
    public List<Value> inputs() {
      return List.of(x);
    }
  }
}
