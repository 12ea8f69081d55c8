package io.solebox.server.ollama;

import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.chat.ChatTemplate;
import io.solebox.engine.generation.Pooling;
import io.solebox.engine.host.ModelHost.Status;
import io.solebox.engine.host.ModelState;
import io.solebox.engine.model.ModelHeader;
import io.solebox.engine.model.ModelInfo;
import io.solebox.server.models.Models;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is known of a model: by itself where it is loaded, and else by the head of its file.
 *
 * @param architecture as in GGUF, {@code llama}
 * @param format the main weight format
 * @param parameters number of weights
 * @param fileBytes size of the file
 * @param values by GGUF's keys
 * @param template its source; empty where there is none
 * @param makesVectors and gives no answers
 */
record ModelFacts(
    String architecture,
    String format,
    long parameters,
    long fileBytes,
    Map<String, Object> values,
    String template,
    boolean makesVectors) {
  private static final String PARAMETERS_KEY = "general.parameter_count";

  /** Empty of a model that is not loaded, and whose file cannot be read. */
  static Optional<ModelFacts> of(Models models, Status status) {
    Optional<ModelHeader> header = models.header(status);
    return status.state() instanceof ModelState.Ready ready
        ? Optional.of(of(ready.model(), header))
        : header.map(ModelFacts::of);
  }

  private static ModelFacts of(LoadedModel model, Optional<ModelHeader> header) {
    ModelInfo info = model.info();
    String architecture = info.architecture();
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("general.architecture", architecture);
    values.put("general.basename", info.name());
    values.put(PARAMETERS_KEY, info.parameters());
    values.put(architecture + ".context_length", info.trainedContext());
    values.put(architecture + ".embedding_length", info.embeddingLength());
    values.put(architecture + ".block_count", info.numLayers());
    values.put(architecture + ".vocab_size", info.vocabSize());
    header.ifPresent(read -> values.putAll(read.values()));
    return new ModelFacts(
        architecture,
        info.format(),
        info.parameters(),
        info.fileBytes(),
        values,
        model.chatTemplate().map(ChatTemplate::source).orElse(""),
        info.pooling().filter(pooling -> pooling != Pooling.RANK).isPresent());
  }

  private static ModelFacts of(ModelHeader header) {
    Map<String, Object> values = new LinkedHashMap<>(header.values());
    values.put(PARAMETERS_KEY, header.parameters());
    return new ModelFacts(
        header.architecture(),
        header.format(),
        header.parameters(),
        header.fileBytes(),
        values,
        header.chatTemplate().orElse(""),
        header.pooling().filter(pooling -> pooling != Pooling.RANK).isPresent());
  }

  List<String> capabilities() {
    if (makesVectors) {
      return List.of("embedding");
    }
    List<String> can = new ArrayList<>(List.of("completion"));
    if (template.contains("tools")) {
      can.add("tools");
    }
    if (Think.knows(template)) {
      can.add("thinking");
    }
    return can;
  }
}
