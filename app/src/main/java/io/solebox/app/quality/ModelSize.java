package io.solebox.app.quality;

import io.solebox.app.session.ModelLocator;
import io.solebox.engine.source.ModelSource;
import io.solebox.engine.source.TensorInfo;
import io.solebox.engine.source.file.ModelSources;
import java.nio.file.Path;

/**
 * A model and how large it is.
 *
 * @param weightBytes of all tensors
 * @param weights how many numbers these are
 */
record ModelSize(String name, Path file, long weightBytes, long weights) {
  static ModelSize of(Path file) {
    try (ModelSource source = ModelSources.open(file, ModelSource.Access.MAPPED)) {
      return new ModelSize(
          ModelLocator.nameOf(file),
          file,
          source.tensors().stream().mapToLong(TensorInfo::bytes).sum(),
          source.tensors().stream().mapToLong(TensorInfo::elements).sum());
    }
  }

  double bitsPerWeight() {
    return (double) Byte.SIZE * weightBytes / weights;
  }
}
