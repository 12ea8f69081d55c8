package io.solebox.models.minilm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.source.ModelSource;
import io.solebox.engine.source.TensorInfo;
import io.solebox.engine.source.file.ModelSources;
import io.solebox.engine.source.gguf.GgufWriter;
import io.solebox.engine.tensor.TensorType;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads small graphs that are written here, field by field, as an exporter writes them. */
class BertWeightsTest {
  private static final int E = 2;
  private static final int F = 3;

  @TempDir Path folder;

  /** A message of Protocol Buffers that grows. */
  private static final class Message {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Message number(int field, long value) {
      varint((long) field << 3);
      varint(value);
      return this;
    }

    Message bytes(int field, byte[] value) {
      varint((long) field << 3 | 2);
      varint(value.length);
      out.writeBytes(value);
      return this;
    }

    Message text(int field, String value) {
      return bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    Message message(int field, Message value) {
      return bytes(field, value.out.toByteArray());
    }

    private void varint(long value) {
      long rest = value;
      for (; rest >>> 7 != 0; rest >>>= 7) {
        out.write((int) (rest & 0x7f | 0x80));
      }
      out.write((int) rest);
    }

    ByteBuffer buffer() {
      return ByteBuffer.wrap(out.toByteArray());
    }
  }

  /** Of values 0, 1, 2 and so on. */
  private static Message tensor(String name, int... shape) {
    var message = new Message();
    int n = 1;
    for (int size : shape) {
      message.number(1, size);
      n *= size;
    }
    ByteBuffer data = ByteBuffer.allocate(Float.BYTES * n).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < n; i++) {
      data.putFloat(i);
    }
    return message.number(2, OnnxGraph.FLOAT).text(8, name).bytes(9, data.array());
  }

  private static Message node(String type, String output, String... inputs) {
    var message = new Message();
    for (String input : inputs) {
      message.text(1, input);
    }
    return message.text(2, output).text(3, "/" + output).text(4, type);
  }

  private static void linear(Message graph, String module, int number, int from, int to) {
    graph.message(1, node("MatMul", module + "/product", "x", "onnx::MatMul_" + number));
    graph.message(1, node("Add", module + "/sum", module + ".bias", module + "/product"));
    graph.message(5, tensor(module + ".bias", to));
    graph.message(5, tensor("onnx::MatMul_" + number, from, to));
  }

  private static void norm(Message graph, String module) {
    graph.message(5, tensor(module + ".weight", E));
    graph.message(5, tensor(module + ".bias", E));
  }

  /** A BERT of one layer, 5 tokens and 4 positions. */
  private static Message bert() {
    var graph = new Message();
    graph.message(5, new Message().number(1, 4).number(2, 7).text(8, "embeddings.position_ids"));
    graph.message(5, tensor("embeddings.word_embeddings.weight", 5, E));
    graph.message(5, tensor("embeddings.position_embeddings.weight", 4, E));
    graph.message(5, tensor("embeddings.token_type_embeddings.weight", 2, E));
    norm(graph, "embeddings.LayerNorm");
    String layer = "encoder.layer.0.";
    // Attention multiplies too, but by no weight.
    graph.message(1, node("MatMul", "scores", "q", "k"));
    linear(graph, layer + "attention.self.query", 10, E, E);
    linear(graph, layer + "attention.self.key", 11, E, E);
    linear(graph, layer + "attention.self.value", 12, E, E);
    linear(graph, layer + "attention.output.dense", 13, E, E);
    norm(graph, layer + "attention.output.LayerNorm");
    linear(graph, layer + "intermediate.dense", 14, E, F);
    linear(graph, layer + "output.dense", 15, F, E);
    norm(graph, layer + "output.LayerNorm");
    return graph;
  }

  private static BertWeights weights(Message graph) {
    Message model = new Message().number(1, 6).text(2, "exporter").message(7, graph);
    return new BertWeights("test.onnx", OnnxGraph.read("test.onnx", model.buffer()));
  }

  @Test
  void matricesAreNamedByTheirBiasesAndTurnedAround() {
    BertWeights weights = weights(bert());
    assertEquals(1, weights.layers());
    assertEquals(
        List.of(5, E, F, 4),
        List.of(weights.vocabulary(), weights.width(), weights.ffnWidth(), weights.positions()));
    var writer = new GgufWriter().put("general.architecture", "bert");
    weights.writeTo(writer);
    Path file = folder.resolve("bert.gguf");
    writer.write(file);
    try (ModelSource source = ModelSources.open(file, ModelSource.Access.MAPPED)) {
      assertEquals(21, source.tensors().size());
      TensorInfo up = source.tensor("blk.0.ffn_up.weight").orElseThrow();
      assertEquals(List.of((long) E, (long) F), up.shape());
      assertEquals(TensorType.F16, up.type());
      // [E, F] of 0..5 in rows of 3 becomes rows of 2: columns 0, 1, 2.
      MemorySegment data = source.data(up);
      float[] found = new float[E * F];
      for (int i = 0; i < found.length; i++) {
        short half = data.get(ValueLayout.JAVA_SHORT_UNALIGNED, 2L * i);
        found[i] = Float.float16ToFloat(half);
      }
      assertEquals(List.of(0f, 3f, 1f, 4f, 2f, 5f), boxed(found));
      TensorInfo embd = source.tensor("token_embd.weight").orElseThrow();
      assertEquals(List.of((long) E, 5L), embd.shape());
      assertEquals(TensorType.F32, source.tensor("position_embd.weight").orElseThrow().type());
      assertEquals(TensorType.F32, source.tensor("blk.0.attn_q.bias").orElseThrow().type());
    }
  }

  private static List<Float> boxed(float[] values) {
    var list = new ArrayList<Float>();
    for (float value : values) {
      list.add(value);
    }
    return list;
  }

  @Test
  void whatIsLeftOverOrMissingIsNamed() {
    var more = bert();
    more.message(5, tensor("pooler.dense.weight", E, E));
    var left = assertThrows(SoleboxException.class, () -> weights(more));
    assertTrue(left.describe().contains("pooler.dense.weight"), left.describe());
    var graph = new Message();
    graph.message(5, tensor("embeddings.word_embeddings.weight", 5, E));
    linear(graph, "encoder.layer.0.attention.self.query", 10, E, E);
    var missing = assertThrows(SoleboxException.class, () -> weights(graph));
    assertTrue(missing.describe().contains("blk.0.ffn_down.weight"), missing.describe());
  }

  @Test
  void aFileThatIsCutShortIsRefusedWhereverItEnds() {
    ByteBuffer whole = new Message().message(7, bert()).buffer();
    for (int length = 1; length < whole.capacity(); length += 7) {
      ByteBuffer cut = whole.slice(0, length);
      var refused = assertThrows(SoleboxException.class, () -> OnnxGraph.read("test.onnx", cut));
      assertEquals(ErrorCode.BAD_MODEL_FILE, refused.code());
    }
  }

  @Test
  void anArtifactOfAnotherDigestIsNotOpened() throws Exception {
    Path jar = Files.writeString(folder.resolve("source.jar"), "no jar at all");
    Path model = folder.resolve("minilm.gguf");
    var refused =
        assertThrows(
            SoleboxException.class, () -> MinilmBuild.write(jar, "0".repeat(64), "a:b:c", model));
    assertTrue(refused.describe().contains("SHA-256"), refused.describe());
    assertTrue(Files.notExists(model));
  }
}
