package io.solebox.server.llama;

import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.generation.SamplingParams;
import io.solebox.engine.tokenizer.Tokenizer;
import io.solebox.server.models.Ongoing;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** {@code /props} and {@code /slots}: what a loaded model is like, and what it does. */
final class ServerProps {
  private ServerProps() {}

  /**
   * @param name by which requests ask for the model
   * @param running answers of it
   */
  static Map<String, Object> props(String name, LoadedModel model, int running) {
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
    props.put("total_slots", running + 1);
    props.put("model_alias", name);
    props.put("model_path", name);
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
  static List<Object> slots(LoadedModel model, List<Ongoing> running) {
    List<Object> slots = new ArrayList<>();
    for (Ongoing answer : running) {
      Map<String, Object> slot = slot(slots.size(), model, true);
      slot.put("id_task", answer.number());
      slot.put("n_prompt_tokens", answer.promptTokens());
      slot.put("n_prompt_tokens_processed", answer.processed());
      slot.put("n_prompt_tokens_cache", answer.cached());
      slot.put("params", PromptAnswer.settings(answer.params(), List.of()));
      slot.put("next_token", List.of(nextToken(model, answer)));
      slots.add(slot);
    }
    slots.add(slot(slots.size(), model, false));
    return slots;
  }

  private static Map<String, Object> slot(int id, LoadedModel model, boolean isProcessing) {
    Map<String, Object> slot = new LinkedHashMap<>();
    slot.put("id", id);
    slot.put("n_ctx", model.contextTokens());
    slot.put("speculative", model.stats().draftedTokens() > 0);
    slot.put("is_processing", isProcessing);
    return slot;
  }

  private static Map<String, Object> nextToken(LoadedModel model, Ongoing answer) {
    int room = model.contextTokens() - answer.promptTokens();
    Map<String, Object> next = new LinkedHashMap<>();
    next.put("has_next_token", true);
    next.put(
        "n_remain", Math.max(0, Math.min(answer.params().maxTokens(), room) - answer.generated()));
    next.put("n_decoded", answer.generated());
    return next;
  }
}
