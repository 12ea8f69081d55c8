package io.solebox.store.pull.source;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.store.pull.http.Secret;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which hub is asked, and as whom: the variables that its own clients read.
 *
 * @param endpoint without a slash at its end
 * @param modelScope where that other hub is, likewise
 */
public record HubSettings(URI endpoint, Optional<Secret> token, URI modelScope) {
  static final String ORIGINAL = "https://huggingface.co";

  private static final String MODELSCOPE = "https://www.modelscope.cn";
  private static final String MODELSCOPE_ENDPOINT = "MODELSCOPE_ENDPOINT";

  /**
   * @param home of the person, for the file of the token
   * @throws SoleboxException {@code INVALID_PARAMETER} for an endpoint that is no address, {@code
   *     IO_ERROR} for a file of a token that was named and cannot be read
   */
  public static HubSettings of(Map<String, String> variables, Path home) {
    String chosen =
        Stream.of("MODEL_ENDPOINT", "HF_ENDPOINT")
            .map(name -> variables.getOrDefault(name, "").strip())
            .filter(value -> !value.isEmpty())
            .findFirst()
            .orElse(ORIGINAL);
    String other = variables.getOrDefault(MODELSCOPE_ENDPOINT, "").strip();
    return new HubSettings(
        endpoint("HF_ENDPOINT", chosen),
        token(variables, home),
        endpoint(MODELSCOPE_ENDPOINT, other.isEmpty() ? MODELSCOPE : other));
  }

  private static URI endpoint(String variable, String text) {
    try {
      URI uri = URI.create(text.replaceFirst("/+$", ""));
      if (uri.getHost() != null && String.valueOf(uri.getScheme()).matches("(?i)https?")) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      // said below
    }
    throw new SoleboxException(
        ErrorCode.INVALID_PARAMETER,
        variable,
        "This is no address of a hub.",
        "Write it as https://HOST.");
  }

  private static Optional<Secret> token(Map<String, String> variables, Path home) {
    String value = variables.getOrDefault("HF_TOKEN", "").strip();
    if (!value.isEmpty()) {
      return Optional.of(secret(value));
    }
    String named = variables.getOrDefault("HF_TOKEN_PATH", "");
    String cache = variables.getOrDefault("HF_HOME", "");
    Path usual = cache.isEmpty() ? home.resolve(".cache/huggingface") : Path.of(cache);
    Path file = named.isEmpty() ? usual.resolve("token") : Path.of(named);
    if (named.isEmpty() && !Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      String token = Files.readString(file).strip();
      return token.isEmpty() ? Optional.empty() : Optional.of(secret(token));
    } catch (IOException e) {
      throw new SoleboxException(
          ErrorCode.IO_ERROR,
          file.toString(),
          "The token for the hub cannot be read.",
          "See to the file, or take it out of HF_TOKEN_PATH.",
          e);
    }
  }

  private static Secret secret(String token) {
    if (!token.matches("[!-~]+")) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          "HF_TOKEN",
          "The token for the hub has characters that none has.",
          "Copy it again, without quotes and line ends.");
    }
    return Secret.bearer(token);
  }
}
