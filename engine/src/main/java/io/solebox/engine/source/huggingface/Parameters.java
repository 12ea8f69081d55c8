package io.solebox.engine.source.huggingface;

import io.solebox.engine.source.safetensors.Dtype;
import io.solebox.engine.source.safetensors.Safetensors;
import io.solebox.engine.source.safetensors.StoredTensor;
import io.solebox.engine.tensor.TensorBytes;
import io.solebox.engine.tensor.TensorType;
import java.util.List;
import java.util.Optional;

/** Stored tensors as numbers that the engine computes with. */
final class Parameters {
  private Parameters() {}

  /** A tensor of floats as it lies there; empty for other elements, and for none at all. */
  static Optional<Rows> plain(Safetensors file, StoredTensor tensor) {
    return type(tensor.dtype())
        .filter(_ -> tensor.elements() > 0)
        .map(type -> new Rows(type, shape(tensor), new TensorBytes.Stored(file.data(tensor))));
  }

  private static Optional<TensorType> type(Dtype dtype) {
    return switch (dtype) {
      case F32 -> Optional.of(TensorType.F32);
      case F16 -> Optional.of(TensorType.F16);
      case BF16 -> Optional.of(TensorType.BF16);
      case BOOL, F4, F6_E2M3, F6_E3M2, U8, I8, F8_E5M2, F8_E4M3, F8_E8M0 -> Optional.empty();
      case I16, U16, I32, U32, C64, F64, I64, U64 -> Optional.empty();
    };
  }

  private static List<Long> shape(StoredTensor tensor) {
    return tensor.shape().isEmpty() ? List.of(1L) : tensor.shape();
  }
}
