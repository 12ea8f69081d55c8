package io.solebox.store.edit;

import io.solebox.engine.graph.Weight;
import io.solebox.engine.model.adapter.LoraFile;
import io.solebox.engine.source.ModelSource;
import io.solebox.engine.source.ModelSource.Access;
import io.solebox.engine.source.file.ModelSources;
import io.solebox.engine.source.gguf.GgufWriter;
import io.solebox.engine.tensor.TensorType;
import io.solebox.store.convert.FreeSpace;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;

/**
 * An adapter of PEFT as a GGUF file, in the words of llama.cpp ({@code convert_lora_to_gguf.py}).
 * Its matrices are F32, which holds all that PEFT saves.
 */
public final class LoraConversion {
  private LoraConversion() {}

  /** What was written. */
  public record Written(int matrices, long bytes) {}

  /**
   * @param adapter its folder
   * @param base the model that it was made for, which says how its matrices lie in GGUF
   * @param replace whether a file of this name may be replaced
   * @throws io.solebox.engine.error.SoleboxException as {@link LoraFile#open}; {@code
   *     INVALID_PARAMETER} for a name that is taken; {@code IO_ERROR}
   */
  public static Written write(Path adapter, Path base, Path out, boolean replace) {
    try (ModelSource model = ModelSources.open(base, Access.MAPPED);
        LoraFile lora = LoraFile.open(adapter, model, Access.MAPPED)) {
      List<LoraFile.Pair> pairs = lora.pairs();
      boolean oneAlpha = pairs.stream().mapToDouble(LoraConversion::alpha).distinct().count() == 1;
      var writer = new GgufWriter();
      writer
          .put("general.architecture", model.metadata().string("general.architecture"))
          .put("general.type", "adapter")
          .put("general.name", adapter.toAbsolutePath().normalize().getFileName().toString())
          .put("adapter.type", "lora");
      if (oneAlpha) {
        writer.put("adapter.lora.alpha", alpha(pairs.getFirst()));
      }
      for (LoraFile.Pair pair : pairs) {
        add(writer, pair.tensor() + ".lora_a", pair.a(), 1);
        add(writer, pair.tensor() + ".lora_b", pair.b(), oneAlpha ? 1 : pair.scale());
      }
      FreeSpace.require(out, writer.size(), replace);
      writer.write(out);
      return new Written(pairs.size(), writer.size());
    }
  }

  /** GGUF has one for all matrices, and divides it by the rank of each. */
  private static float alpha(LoraFile.Pair pair) {
    return pair.scale() * pair.a().rows();
  }

  private static void add(GgufWriter writer, String name, Weight weight, float scale) {
    List<Long> shape = List.of((long) weight.cols(), (long) weight.rows());
    writer.tensor(
        name,
        TensorType.F32,
        shape,
        out -> GgufWriter.TensorData.of(bytes(weight, scale)).writeTo(out));
  }

  private static MemorySegment bytes(Weight weight, float scale) {
    float[] values = new float[weight.rows() * weight.cols()];
    weight.dequantize(values, 0);
    MemorySegment bytes = MemorySegment.ofArray(new byte[4 * values.length]);
    for (int i = 0; i < values.length; i++) {
      bytes.set(ValueLayout.JAVA_FLOAT_UNALIGNED, 4L * i, values[i] * scale);
    }
    return bytes;
  }
}
