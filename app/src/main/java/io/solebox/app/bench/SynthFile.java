package io.solebox.app.bench;

import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.source.gguf.GgufWriter;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/** Writes models of random weights as GGUF. */
final class SynthFile {
  private SynthFile() {}

  /**
   * @param seed of the weights
   * @throws SoleboxException {@code IO_ERROR}
   */
  static void write(SynthModel model, long seed, Path out) {
    GgufWriter writer = model.header();
    var blocks = new RandomBlocks(seed);
    for (SynthTensor t : model.tensors()) {
      writer.tensor(t.name(), t.type(), t.sizes(), data(t, blocks));
    }
    writer.write(out);
  }

  private static GgufWriter.TensorData data(SynthTensor t, RandomBlocks blocks) {
    return t.values()
        .map(values -> GgufWriter.TensorData.of(MemorySegment.ofArray(bytes(values))))
        .orElseGet(() -> blocks.tensor(t.type(), t.cols(), t.bytes()));
  }

  private static byte[] bytes(float[] values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return bytes.array();
  }
}
