package io.solebox.server.openai;

import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.generation.Pooling;
import io.solebox.engine.host.ModelHost.Status;
import io.solebox.engine.host.ModelState;
import io.solebox.engine.model.ModelHeader;
import io.solebox.engine.model.ModelInfo;
import io.solebox.server.models.Models;
import java.util.Map;

/** What {@code /v1/models} says of a model beyond OpenAI's members. */
final class ModelDetails {
  private ModelDetails() {}

  static Map<String, Object> of(Models models, Status status) {
    Map<String, Object> details = models.state(status);
    if (status.state() instanceof ModelState.Ready ready) {
      describe(details, ready.model());
    } else {
      models.header(status).ifPresent(head -> describe(details, head));
    }
    return details;
  }

  private static void describe(Map<String, Object> details, LoadedModel model) {
    ModelInfo info = model.info();
    details.put("architecture", info.architecture());
    details.put("format", info.format());
    details.put("parameters", info.parameters());
    details.put("bytes", info.fileBytes());
    details.put("context_tokens", model.contextTokens());
    details.put("chat", model.chatTemplate().isPresent());
    details.put("vectors", info.pooling().filter(Pooling::isOfTexts).isPresent());
    details.put("device", model.device());
    // What holds where a request says nothing, if that is not 1.
    info.temperature().ifPresent(usual -> details.put("temperature", usual));
  }

  /** Of a model that is not there what its file says; how it would be loaded is not known yet. */
  private static void describe(Map<String, Object> details, ModelHeader head) {
    details.put("architecture", head.architecture());
    details.put("format", head.format());
    details.put("parameters", head.parameters());
    details.put("bytes", head.fileBytes());
    details.put("chat", head.chatTemplate().isPresent());
    details.put("vectors", head.pooling().filter(Pooling::isOfTexts).isPresent());
  }
}
