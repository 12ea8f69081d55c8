package io.solebox.store.layout;

import java.util.Set;

/**
 * What the blobs of a model are, in the words of the OCI and of Docker's specification of models:
 * what is in the store can be pushed to a registry as it is.
 */
public final class MediaTypes {
  public static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";

  /** The same in Docker's words; Ollama writes it. */
  public static final String DOCKER_MANIFEST =
      "application/vnd.docker.distribution.manifest.v2+json";

  public static final String CONFIG = "application/vnd.docker.ai.model.config.v0.1+json";
  public static final String GGUF = "application/vnd.docker.ai.gguf.v3";
  public static final String SAFETENSORS = "application/vnd.docker.ai.safetensors";

  /** What lies beside weights in safetensors: configuration, vocabulary. */
  public static final String MODEL_FILE = "application/vnd.docker.ai.model.file";

  public static final String LORA = "application/vnd.docker.ai.gguf.v3.lora";
  public static final String PROJECTOR = "application/vnd.docker.ai.mmproj";
  public static final String CHAT_TEMPLATE = "application/vnd.docker.ai.chat.template.jinja";
  public static final String LICENSE = "application/vnd.docker.ai.license";

  private static final Set<String> GGUF_ELSEWHERE =
      Set.of("application/vnd.ollama.image.model", "application/vnd.cncf.model.weight.v1.gguf");

  private MediaTypes() {}

  /** Whether it is a model in GGUF, in whosever words. */
  public static boolean isGguf(String mediaType) {
    return mediaType.equals(GGUF) || GGUF_ELSEWHERE.contains(mediaType);
  }
}
