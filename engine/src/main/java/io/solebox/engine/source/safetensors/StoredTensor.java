package io.solebox.engine.source.safetensors;

import java.util.List;

/**
 * A tensor of a safetensors file, checked to lie inside it.
 *
 * @param shape as PyTorch writes it: the contiguous axis last; empty for a single number
 * @param offset of its data in its file, in bytes
 * @param bytes of its data
 */
public record StoredTensor(String name, Dtype dtype, List<Long> shape, long offset, long bytes) {
  public StoredTensor {
    shape = List.copyOf(shape);
  }

  public long elements() {
    return shape.stream().reduce(1L, (a, b) -> a * b);
  }

  long end() {
    return offset + bytes;
  }
}
