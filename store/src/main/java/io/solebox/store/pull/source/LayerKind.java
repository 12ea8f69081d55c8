package io.solebox.store.pull.source;

/** What layers of models are for, by the media types that registries use. */
enum LayerKind {
  WEIGHTS,
  LICENCE,
  PROJECTOR,
  TEMPLATE,
  /** A system prompt, parameters, messages. */
  SETTINGS,
  OTHER;

  /** Ollama's (types/model), Docker's (docker/model-spec) and those of the CNCF's ModelPack. */
  static LayerKind of(String mediaType) {
    return switch (mediaType) {
      case "application/vnd.ollama.image.model",
          "application/vnd.docker.ai.gguf.v3",
          "application/vnd.cncf.model.weight.v1.gguf" ->
          WEIGHTS;
      case "application/vnd.ollama.image.license", "application/vnd.docker.ai.license" -> LICENCE;
      case "application/vnd.ollama.image.projector",
          "application/vnd.docker.ai.mmproj",
          "application/vnd.docker.ai.gguf.v3.mmproj" ->
          PROJECTOR;
      case "application/vnd.ollama.image.template",
          "application/vnd.docker.ai.chat.template.jinja" ->
          TEMPLATE;
      case "application/vnd.ollama.image.system",
          "application/vnd.ollama.image.params",
          "application/vnd.ollama.image.messages" ->
          SETTINGS;
      default -> OTHER;
    };
  }
}
