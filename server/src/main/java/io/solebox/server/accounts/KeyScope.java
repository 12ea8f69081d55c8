package io.solebox.server.accounts;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.server.http.Globs;
import io.solebox.server.http.Permission;
import io.solebox.server.http.Rights;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a key is for. Each word names a group of routes, or is a path itself, in which {@code *}
 * stands for anything. What changes the server for everybody is in none of them but {@code admin}.
 */
public final class KeyScope implements Rights.Scope {
  private static final String ADMIN = "admin";

  /** Paths by word. */
  static final Map<String, List<String>> WORDS = words();

  private final boolean administrates;
  private final Globs paths;

  private KeyScope(boolean administrates, Globs paths) {
    this.administrates = administrates;
    this.paths = paths;
  }

  private static Map<String, List<String>> words() {
    Map<String, List<String>> words = new LinkedHashMap<>();
    words.put(
        "models",
        List.of(
            "/v1/models",
            "/v1/models/*",
            "/models",
            "/models/*",
            "/api/tags",
            "/api/ps",
            "/api/show",
            "/api/version",
            "/props",
            "/version"));
    words.put(
        "chat",
        List.of(
            "/v1/chat/completions",
            "/v1/chat/completions/*",
            "/chat/completions",
            "/v1/messages",
            "/v1/messages/*",
            "/v1/responses",
            "/v1/responses/*",
            "/v1/conversations",
            "/v1/conversations/*",
            "/api/chat"));
    words.put(
        "completions",
        List.of("/v1/completions", "/completion", "/completions", "/infill", "/api/generate"));
    words.put(
        "embeddings",
        List.of("/v1/embeddings", "/embedding", "/embeddings", "/api/embed", "/api/embeddings"));
    words.put("rerank", List.of("/v1/rerank", "/rerank", "/v1/reranking", "/reranking"));
    words.put(
        "tokens",
        List.of("/tokenize", "/detokenize", "/apply-template", "/v1/messages/count_tokens"));
    words.put("files", List.of("/v1/files", "/v1/files/*", "/v1/batches", "/v1/batches/*"));
    words.put("metrics", List.of("/metrics", "/slots"));
    return words;
  }

  /**
   * @param words none for all but administration
   * @throws SoleboxException {@code INVALID_PARAMETER} if one names nothing
   */
  public static KeyScope of(List<String> words) {
    if (words.isEmpty()) {
      return new KeyScope(false, Globs.ALL);
    }
    List<String> paths = new ArrayList<>();
    for (String word : words) {
      if (word.startsWith("/")) {
        paths.add(word);
      } else if (WORDS.containsKey(word)) {
        paths.addAll(WORDS.get(word));
      } else if (!word.equals(ADMIN)) {
        throw new SoleboxException(
            ErrorCode.INVALID_PARAMETER,
            "routes",
            "'" + word + "' names no requests.",
            "Write paths as /v1/models/*, or of these: %s, admin."
                .formatted(String.join(", ", WORDS.keySet())));
      }
    }
    return new KeyScope(words.contains(ADMIN), new Globs(paths));
  }

  @Override
  public boolean covers(Permission permission, String path) {
    return switch (permission) {
      case OPEN -> true;
      case SEE, USE_MODELS -> paths.matches(path);
      case OWN_ACCOUNT -> false;
      case ADMINISTRATE -> administrates;
    };
  }
}
