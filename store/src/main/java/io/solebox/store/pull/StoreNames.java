package io.solebox.store.pull;

import io.solebox.store.layout.ModelName;
import io.solebox.store.pull.name.PullName;
import io.solebox.store.pull.source.Variant;
import java.util.Optional;

/** Under which names models are kept that were pulled. */
public final class StoreNames {
  private static final int MOST_OF_A_TAG = 200;

  private StoreNames() {}

  /**
   * As the source calls it; of a repository with several models the tag says which.
   *
   * @throws IllegalArgumentException for a path of this machine, which is not pulled
   */
  public static ModelName of(PullName name, Variant variant) {
    return switch (name) {
      case PullName.Hub hub -> {
        String[] repo = hub.repo().split("/", -1);
        String revision = hub.revision().map(r -> r + "-").orElse("");
        yield new ModelName(
            ModelName.HUGGING_FACE, repo[0], repo[1], tag(revision + variant.label()));
      }
      case PullName.ModelScope(String repo, Optional<String> wanted, Optional<String> _) -> {
        String[] parts = repo.split("/", -1);
        String revision = wanted.map(r -> r + "-").orElse("");
        yield new ModelName("modelscope.cn", parts[0], parts[1], tag(revision + variant.label()));
      }
      case PullName.Ollama(String host, String namespace, String model, String tag) ->
          new ModelName(host, namespace, model, tag);
      case PullName.Oci(String host, String repository, String tag) -> {
        int slash = repository.indexOf('/');
        String namespace = slash < 0 ? ModelName.LIBRARY : repository.substring(0, slash);
        String rest = repository.substring(slash + 1).replace('/', '-');
        yield new ModelName(
            host.equals(PullName.DOCKER_HOST) ? "docker.io" : host, namespace, rest, tag);
      }
      case PullName.Solebox(String _, String repository, String tag) ->
          ModelName.parse(repository + ":" + tag);
      case PullName.Url(var uri) ->
          new ModelName(
              uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort()),
              "files",
              part(variant.label()),
              ModelName.LATEST);
      case PullName.Local(String path) -> throw new IllegalArgumentException(path);
    };
  }

  private static String tag(String text) {
    String safe = part(text);
    return safe.substring(0, Math.min(MOST_OF_A_TAG, safe.length()));
  }

  /** With what names may have in place of what they may not. */
  private static String part(String text) {
    String safe = text.replaceAll("[^A-Za-z0-9_.-]", "-");
    return Optional.of(safe).filter(s -> s.matches("[A-Za-z0-9_].*")).orElse("_" + safe);
  }
}
