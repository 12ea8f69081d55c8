package io.solebox.app.bench;

import io.solebox.app.console.Console;
import io.solebox.app.console.Json;
import io.solebox.app.console.Units;
import io.solebox.engine.source.gguf.GgufWriter;
import io.solebox.engine.tensor.TensorType;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes a model of random weights in the shape of a known one, for benchmarks. */
@Command(
    name = "synth",
    hidden = true,
    description = "Write a model file of random weights, for benchmarks.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class SynthCommand implements Callable<Integer> {
  private static final float NORM_EPS = 1e-5f;

  /** Llama 3.1's scaling of rotary frequencies (config.json, rope_scaling). */
  private static final double ROPE_FACTOR = 32;

  private static final double LOW_FREQUENCY = 1;
  private static final double HIGH_FREQUENCY = 4;
  private static final double ORIGINAL_CONTEXT = 8192;

  /** Enough for chat and serve to work. */
  private static final String CHAT_TEMPLATE =
      "{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}"
          + "{% if add_generation_prompt %}assistant: {% endif %}";

  private final Console console;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "SHAPE", description = "1b, 7b, 13b, tiny or tiny-bpe.")
  private String shapeTitle;

  @Option(
      names = "--type",
      paramLabel = "TYPE",
      defaultValue = "Q8_0",
      description = "A weight format, or Q4_K_M. Default: ${DEFAULT-VALUE}.")
  private String type;

  @Option(names = "--out", required = true, paramLabel = "FILE", description = "Where to write.")
  private Path out;

  @Option(names = "--json", description = "Print what was written, and how fast, as JSON.")
  private boolean json;

  @Option(names = "--seed", paramLabel = "S", defaultValue = "1", description = "Of the weights.")
  private long seed;

  public SynthCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    SynthShape shape =
        SynthShape.byTitle(shapeTitle)
            .orElseThrow(
                () ->
                    wrong(
                        "there is no shape " + shapeTitle + "; there are " + SynthShape.titles()));
    SynthFormat format;
    try {
      format = SynthFormat.of(type);
    } catch (IllegalArgumentException e) {
      throw wrong(
          "there is no format %s; there are %s, Q4_K_M"
              .formatted(
                  type,
                  String.join(", ", Arrays.stream(TensorType.values()).map(Enum::name).toList())));
    }
    long start = System.nanoTime();
    GgufWriter writer = new GgufWriter();
    metadata(writer, shape, format);
    SynthVocabulary.write(writer, shape);
    tensors(writer, shape, format);
    writer.write(out);
    double seconds = (System.nanoTime() - start) / 1e9;
    long bytes = Files.size(out);
    if (json) {
      console.println(Json.text(Map.of("bytes", bytes, "seconds", seconds)));
    }
    console.error(
        String.format(
            Locale.ROOT,
            "%s: %s in %.1f s, %.0f MB/s",
            out,
            Units.bytes(bytes),
            seconds,
            bytes / seconds / 1e6));
    return 0;
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  private static void metadata(GgufWriter out, SynthShape shape, SynthFormat format) {
    out.put("general.architecture", "llama")
        .put("general.name", "synthetic " + shape.title + " " + format.name())
        .put("general.file_type", format.fileType())
        .put("llama.block_count", shape.layers)
        .put("llama.context_length", shape.context)
        .put("llama.embedding_length", shape.hidden)
        .put("llama.feed_forward_length", shape.ffn)
        .put("llama.attention.head_count", shape.heads)
        .put("llama.attention.head_count_kv", shape.kvHeads)
        .put("llama.attention.layer_norm_rms_epsilon", NORM_EPS)
        .put("llama.rope.dimension_count", shape.headDim())
        .put("llama.rope.freq_base", shape.ropeBase)
        .put("llama.vocab_size", shape.vocab)
        .put("tokenizer.chat_template", CHAT_TEMPLATE);
  }

  private void tensors(GgufWriter out, SynthShape shape, SynthFormat format) {
    var matrices = new Matrices(out, new RandomBlocks(seed));
    int kv = shape.kvHeads * shape.headDim();
    matrices.add(
        "token_embd", shape.tied ? format.output() : format.main(), shape.hidden, shape.vocab);
    matrices.vector("output_norm", shape.hidden);
    if (!shape.tied) {
      matrices.add("output", format.output(), shape.hidden, shape.vocab);
    }
    if (shape == SynthShape.LLAMA_1B) {
      matrices.vector("rope_freqs", ropeDivisors(shape));
    }
    for (int layer = 0; layer < shape.layers; layer++) {
      String scope = "blk." + layer + ".";
      TensorType main = format.main();
      TensorType sensitive = format.sensitive(layer, shape.layers);
      matrices.vector(scope + "attn_norm", shape.hidden);
      matrices.add(scope + "attn_q", main, shape.hidden, shape.hidden);
      matrices.add(scope + "attn_k", main, shape.hidden, kv);
      matrices.add(scope + "attn_v", sensitive, shape.hidden, kv);
      matrices.add(scope + "attn_output", main, shape.hidden, shape.hidden);
      matrices.vector(scope + "ffn_norm", shape.hidden);
      matrices.add(scope + "ffn_gate", main, shape.hidden, shape.ffn);
      matrices.add(scope + "ffn_up", main, shape.hidden, shape.ffn);
      matrices.add(scope + "ffn_down", sensitive, shape.ffn, shape.hidden);
    }
  }

  /** Adds tensors to a file. */
  private record Matrices(GgufWriter out, RandomBlocks blocks) {
    void add(String name, TensorType type, int cols, int rows) {
      long bytes = type.bytes((long) rows * cols);
      out.tensor(
          name + ".weight",
          type,
          List.of((long) cols, (long) rows),
          blocks.tensor(type, cols, bytes));
    }

    /** All ones. */
    void vector(String name, int size) {
      float[] ones = new float[size];
      Arrays.fill(ones, 1);
      vector(name, ones);
    }

    void vector(String name, float[] values) {
      ByteBuffer bytes =
          ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      bytes.asFloatBuffer().put(values);
      out.tensor(
          name + ".weight",
          TensorType.F32,
          List.of((long) values.length),
          GgufWriter.TensorData.of(MemorySegment.ofArray(bytes.array())));
    }
  }

  /** What each pair's frequency is divided by, as Llama 3.1 stretches its context. */
  private static float[] ropeDivisors(SynthShape shape) {
    float[] divisors = new float[shape.headDim() / 2];
    for (int i = 0; i < divisors.length; i++) {
      double frequency = Math.pow(shape.ropeBase, -2.0 * i / shape.headDim());
      double turns = ORIGINAL_CONTEXT * frequency / (2 * Math.PI);
      double keep = (turns - LOW_FREQUENCY) / (HIGH_FREQUENCY - LOW_FREQUENCY);
      double share = Math.clamp(keep, 0, 1);
      divisors[i] = (float) (1 / ((1 - share) / ROPE_FACTOR + share));
    }
    return divisors;
  }
}
