package io.solebox.backend.cpu.kernel;

import io.solebox.engine.tensor.BlockLayouts;
import io.solebox.engine.tensor.CodedLayout;
import io.solebox.engine.tensor.Family;
import io.solebox.engine.tensor.TensorType;
import java.util.Optional;

/**
 * A quantized format as {@link CodeKernel} takes it. Follows from its family: any format whose
 * codes and scales are among these has a kernel.
 *
 * @param file where its blocks have their codes and scales
 * @param codes how they are kept and multiplied
 */
record CodeFormat(TensorType type, CodedLayout file, Codes codes, CodeScales scales) {
  /** Empty for formats that are used as the file has them, or have no kernel. */
  static Optional<CodeFormat> of(TensorType type) {
    return type.family().flatMap(family -> of(type, family));
  }

  private static Optional<CodeFormat> of(TensorType type, Family family) {
    CodedLayout file = BlockLayouts.coded(type).orElseThrow();
    return Codes.of(family.codes())
        .filter(codes -> codes.columns == family.scales().run())
        .flatMap(
            codes ->
                CodeScales.of(type, family, codes, file)
                    .map(scales -> new CodeFormat(type, file, codes, scales)));
  }

  /** Runs of a block. */
  int blockRuns() {
    return type.blockSize() / codes.columns;
  }
}
