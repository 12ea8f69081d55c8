package io.solebox.engine.source.huggingface;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The folder of a Llama of one layer, for tests to change and to damage. */
final class TinyFolder {
  static final String CONFIG =
      """
      {"model_type": "llama", "architectures": ["LlamaForCausalLM"], "hidden_size": 32,
       "intermediate_size": 64, "num_hidden_layers": 1, "num_attention_heads": 2,
       "num_key_value_heads": 1, "vocab_size": 8, "rms_norm_eps": 1e-5, "hidden_act": "silu",
       "max_position_embeddings": 128, "tie_word_embeddings": true}""";

  private static final String LAYER = "model.layers.0.";

  private final Path folder;

  /** Type and shape by name, {@code F32 [8,32]}. */
  final Map<String, String> tensors = new LinkedHashMap<>();

  /** Numbers of tensors that are not 0. */
  final Map<String, byte[]> contents = new LinkedHashMap<>();

  String config = CONFIG;

  TinyFolder(Path folder) {
    this.folder = folder;
    tensors.put("model.embed_tokens.weight", "F32 [8,32]");
    tensors.put("model.norm.weight", "F32 [32]");
    tensors.put(LAYER + "input_layernorm.weight", "F32 [32]");
    tensors.put(LAYER + "post_attention_layernorm.weight", "F32 [32]");
    tensors.put(LAYER + "self_attn.q_proj.weight", "F32 [32,32]");
    tensors.put(LAYER + "self_attn.k_proj.weight", "F32 [16,32]");
    tensors.put(LAYER + "self_attn.v_proj.weight", "F32 [16,32]");
    tensors.put(LAYER + "self_attn.o_proj.weight", "F32 [32,32]");
    tensors.put(LAYER + "mlp.gate_proj.weight", "F32 [64,32]");
    tensors.put(LAYER + "mlp.up_proj.weight", "F32 [64,32]");
    tensors.put(LAYER + "mlp.down_proj.weight", "F32 [32,64]");
  }

  /** Another field, or another value of one. */
  TinyFolder with(String field, String json) {
    config = config.replaceFirst("\\{", "{\"" + field + "\": " + json + ", ");
    return this;
  }

  /** The tensors of a projection in place of its weight. */
  TinyFolder quantized(String projection, Map<String, String> parts) {
    tensors.remove(LAYER + projection + ".weight");
    parts.forEach((part, described) -> tensors.put(LAYER + projection + "." + part, described));
    return this;
  }

  Path write() {
    try {
      Files.writeString(folder.resolve("config.json"), config);
      Files.writeString(
          folder.resolve("tokenizer.json"),
          """
          {"model": {"type": "BPE", "merges": [],
           "vocab": {"a":0,"b":1,"c":2,"d":3,"e":4,"f":5,"g":6,"h":7}}, "added_tokens": []}""");
      Files.write(folder.resolve("model.safetensors"), weights());
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private byte[] weights() {
    var header = new StringBuilder("{");
    var data = ByteBuffer.allocate(1 << 18);
    tensors.forEach(
        (name, described) -> {
          String[] words = described.split(" ");
          int begin = data.position();
          data.put(contents.getOrDefault(name, new byte[bytes(words[0], words[1])]));
          header.append(header.length() > 1 ? "," : "");
          header.append(
              "\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
                  .formatted(name, words[0], words[1], begin, data.position()));
        });
    byte[] json = header.append("}").toString().getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + json.length + data.position())
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(json.length)
        .put(json)
        .put(data.flip())
        .array();
  }

  private static int bytes(String type, String shape) {
    int bits = Integer.parseInt(type.replaceAll("\\D+(\\d+).*", "$1"));
    int count = 1;
    for (String size : shape.replaceAll("[\\[\\] ]", "").split(",")) {
      count *= size.isEmpty() ? 1 : Integer.parseInt(size);
    }
    return count * bits / 8;
  }
}
