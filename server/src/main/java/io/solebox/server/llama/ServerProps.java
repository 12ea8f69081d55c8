package io.solebox.server.llama;

import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.generation.LoopStats;
import io.solebox.engine.generation.SamplingParams;
import io.solebox.engine.tokenizer.Tokenizer;
import io.solebox.server.models.Models;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** {@code /props} and {@code /slots}: what a loaded model is like, and what it does. */
final class ServerProps {
  private ServerProps() {}

  static Map<String, Object> props(Models.Named named) {
    LoadedModel model = named.model();
    SamplingParams usual =
        SamplingParams.builder()
            .temperature(model.info().temperature().orElse(0.8))
            .topK(40)
            .topP(0.95)
            .minP(0.05)
            .build();
    Map<String, Object> params = PromptAnswer.settings(usual, List.of());
    params.put("n_predict", -1);
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("id", 0);
    settings.put("n_ctx", model.contextTokens());
    settings.put("is_processing", false);
    settings.put("params", params);
    Tokenizer tokenizer = model.tokenizer();
    Map<String, Object> props = new LinkedHashMap<>();
    props.put("default_generation_settings", settings);
    props.put("total_slots", Math.max(1, slots(model).size()));
    props.put("model_alias", named.name());
    props.put("model_path", named.name());
    props.put("modalities", Map.of("vision", false, "audio", false));
    props.put("chat_template", model.chatTemplate().map(template -> template.source()).orElse(""));
    props.put("bos_token", token(tokenizer, tokenizer.bos()));
    props.put("eos_token", token(tokenizer, tokenizer.eos()));
    props.put("build_info", "solebox");
    return props;
  }

  private static String token(Tokenizer tokenizer, OptionalInt id) {
    return id.isPresent() ? tokenizer.tokenText(id.getAsInt()) : "";
  }

  /**
   * One for each answer that runs, and a free one behind them: sequences have no fixed places here.
   */
  static List<Object> slots(LoadedModel model) {
    LoopStats stats = model.stats();
    List<Object> slots = new ArrayList<>();
    for (int i = 0; i <= stats.running(); i++) {
      Map<String, Object> slot = new LinkedHashMap<>();
      slot.put("id", i);
      slot.put("n_ctx", model.contextTokens());
      slot.put("is_processing", i < stats.running());
      slots.add(slot);
    }
    return slots;
  }
}
