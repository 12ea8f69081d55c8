package io.solebox.engine.source.gguf;

import io.solebox.engine.error.Printable;
import io.solebox.engine.source.TensorInfo;

/**
 * A tensor and where it lies in its file: {@link TensorTable} has checked that it lies inside.
 *
 * @param offset absolute, in bytes from the start of the file
 */
record PlacedTensor(TensorInfo info, long offset) {
  long end() {
    return offset + info.bytes();
  }

  /** The name as it may be shown. */
  String printable() {
    return Printable.name(info.name());
  }
}
