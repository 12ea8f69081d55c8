package io.solebox.store.quantize;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.solebox.engine.source.Metadata;
import io.solebox.engine.source.TensorInfo;
import io.solebox.engine.tensor.TensorType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What llama.cpp would make of models that people have, tensor by tensor. */
class ReferencePlansTest {
  /** The tensors of a model from its shape. */
  private static final class Shape {
    final Map<String, Object> sizes;
    final Map<String, Object> options;
    final List<TensorInfo> tensors = new ArrayList<>();

    Shape(Map<String, Object> sizes, Map<String, Object> options) {
      this.sizes = sizes;
      this.options = options;
      add("token_embd.weight", size("E"), size("V"));
      add("output_norm.weight", size("E"));
      if (!has("tied")) {
        add("output.weight", size("E"), size("V"));
      }
      for (int layer = 0; layer < size("L"); layer++) {
        attention("blk." + layer + ".");
        feedForward("blk." + layer + ".");
      }
    }

    long size(String name) {
      Object value = sizes.containsKey(name) ? sizes.get(name) : options.get(name);
      return References.number(value);
    }

    boolean has(String option) {
      return options.containsKey(option);
    }

    void add(String name, Long... shape) {
      boolean f32 = shape.length == 1 || name.contains("ffn_gate_inp");
      TensorType type = f32 ? TensorType.F32 : TensorType.F16;
      tensors.add(SyntheticModel.info(name, type, List.of((Object[]) shape)));
    }

    void attention(String layer) {
      long q = size("H") * size("D");
      long kv = size("KV") * size("D");
      add(layer + "attn_norm.weight", size("E"));
      if (has("fused")) {
        add(layer + "attn_qkv.weight", size("E"), q + 2 * kv);
      } else {
        add(layer + "attn_q.weight", size("E"), q);
        add(layer + "attn_k.weight", size("E"), kv);
        add(layer + "attn_v.weight", size("E"), kv);
      }
      if (has("qkvb")) {
        add(layer + "attn_q.bias", q);
        add(layer + "attn_k.bias", kv);
        add(layer + "attn_v.bias", kv);
      }
      if (has("qkn")) {
        add(layer + "attn_q_norm.weight", size("D"));
        add(layer + "attn_k_norm.weight", size("D"));
      }
      if (has("post")) {
        add(layer + "post_attention_norm.weight", size("E"));
        add(layer + "post_ffw_norm.weight", size("E"));
      }
      add(layer + "attn_output.weight", q, size("E"));
    }

    void feedForward(String layer) {
      add(layer + "ffn_norm.weight", size("E"));
      if (has("experts")) {
        long experts = size("experts");
        add(layer + "ffn_gate_inp.weight", size("E"), experts);
        add(layer + "ffn_gate_exps.weight", size("E"), size("FE"), experts);
        add(layer + "ffn_down_exps.weight", size("FE"), size("E"), experts);
        add(layer + "ffn_up_exps.weight", size("E"), size("FE"), experts);
        return;
      }
      if (!has("fused")) {
        add(layer + "ffn_gate.weight", size("E"), size("F"));
      }
      add(layer + "ffn_down.weight", size("F"), size("E"));
      add(layer + "ffn_up.weight", size("E"), has("fused") ? 2 * size("F") : size("F"));
    }
  }

  @Test
  void everyPlanIsEqual() throws IOException {
    Map<String, Object> models = References.json("plans.json");
    assertEquals(11, models.size());
    models.forEach((name, model) -> check(name, References.map(model)));
  }

  private static void check(String name, Map<String, Object> model) {
    var shape = new Shape(References.map(model.get("shape")), References.map(model.get("options")));
    Metadata metadata =
        SyntheticModel.metadata(
            name,
            (String) model.get("arch"),
            shape.size("L"),
            shape.size("H"),
            shape.size("KV"),
            shape.has("experts") ? shape.size("experts") : 0);
    References.map(model.get("plans"))
        .forEach((mix, plan) -> check(name + " " + mix, metadata, shape, mix, model, plan));
  }

  private static void check(
      String place,
      Metadata metadata,
      Shape shape,
      String mix,
      Map<String, Object> model,
      Object expected) {
    Map<String, Object> fields = References.map(expected);
    QuantizePlan plan =
        QuantizePlan.of(
            metadata, shape.tensors, QuantizeOptions.of(Mix.valueOf(mix)), Optional.empty());
    Map<String, TensorType> targets =
        plan.tensors().stream()
            .collect(Collectors.toMap(t -> t.source().name(), QuantizePlan.Planned::target));
    References.map(fields.get("types"))
        .forEach((tensor, types) -> check(place, targets, shape.size("L"), tensor, types));
    assertEquals(References.number(model.get("params")), plan.weights(), place);
    assertEquals(References.number(fields.get("tensorBytes")), plan.tensorBytes(), place);
    assertEquals(((Number) fields.get("bpw")).doubleValue(), plan.bitsPerWeight(), 5e-5, place);
  }

  /** Types are one for all layers, or lists of layers. */
  private static void check(
      String place, Map<String, TensorType> targets, long layers, String tensor, Object types) {
    if (types instanceof String type) {
      boolean inLayers = tensor.contains("*");
      IntStream.range(0, inLayers ? (int) layers : 1)
          .forEach(layer -> check(place, targets, tensor, layer, type));
      return;
    }
    References.map(types)
        .forEach(
            (type, of) ->
                References.list(of)
                    .forEach(
                        layer ->
                            check(place, targets, tensor, (int) References.number(layer), type)));
  }

  private static void check(
      String place, Map<String, TensorType> targets, String tensor, int layer, String type) {
    String name = tensor.replace("*", Integer.toString(layer));
    assertEquals(type.toUpperCase(Locale.ROOT), targets.get(name).name(), place + " " + name);
  }
}
