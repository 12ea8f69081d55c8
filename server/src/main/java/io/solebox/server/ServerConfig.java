package io.solebox.server;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.server.http.HttpLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Where the server listens, whom it lets in, and by which names models can be asked for.
 *
 * @param host name or address to listen on; beyond loopback it takes {@code apiKeyFile}
 * @param port 0 takes a free one
 * @param apiKeyFile one key of at least {@value ApiKeys#MIN_LENGTH} characters a line, {@code #}
 *     for comments; empty lets everybody on this machine in
 * @param allowedHosts further names by which clients may call this server (a proxy's, a tunnel's),
 *     without port
 * @param allowedOrigins whose pages may use it, as browsers write origins; {@code *} for all, which
 *     takes {@code apiKeyFile}
 * @param aliases further names of models, and the names that they stand for
 * @param anyName whether the only model there is answers to every name
 * @param maxWaiting answers that may wait for a model
 * @param loadWait how long a request waits for its model to be loaded
 * @param stateFile what the server remembers; empty where it is to keep nothing
 * @param limits of connections and requests
 * @param watching who is told of requests
 */
public record ServerConfig(
    String host,
    int port,
    Optional<Path> apiKeyFile,
    List<String> allowedHosts,
    List<String> allowedOrigins,
    Map<String, String> aliases,
    boolean anyName,
    int maxWaiting,
    Duration loadWait,
    Optional<Path> stateFile,
    HttpLimits limits,
    Watching watching) {
  public static final String DEFAULT_HOST = "127.0.0.1";
  public static final int DEFAULT_PORT = 8080;
  public static final int DEFAULT_MAX_WAITING = 256;
  public static final Duration DEFAULT_LOAD_WAIT = Duration.ofMinutes(1);

  public ServerConfig {
    if (port < 0 || port > 65535) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          "port",
          "is " + port + ", but must be 0 to 65535.",
          "Choose another; 0 takes a free one.");
    }
    allowedHosts = List.copyOf(allowedHosts);
    allowedOrigins = List.copyOf(allowedOrigins);
    aliases = Map.copyOf(aliases);
  }

  /** 127.0.0.1:8080 without keys; keeps nothing. */
  public static ServerConfig defaults() {
    return new ServerConfig(
        DEFAULT_HOST,
        DEFAULT_PORT,
        Optional.empty(),
        List.of(),
        List.of(),
        Map.of(),
        false,
        DEFAULT_MAX_WAITING,
        DEFAULT_LOAD_WAIT,
        Optional.empty(),
        HttpLimits.defaults(),
        Watching.NOBODY);
  }

  public ServerConfig withHost(String value) {
    return with(next -> next.host = value);
  }

  public ServerConfig withPort(int value) {
    return with(next -> next.port = value);
  }

  public ServerConfig withApiKeyFile(Path file) {
    return with(next -> next.apiKeyFile = Optional.of(file));
  }

  public ServerConfig withAllowedHosts(List<String> names) {
    return with(next -> next.allowedHosts = names);
  }

  public ServerConfig withAllowedOrigins(List<String> origins) {
    return with(next -> next.allowedOrigins = origins);
  }

  public ServerConfig withNames(Map<String, String> furtherNames, boolean any) {
    return with(
        next -> {
          next.aliases = furtherNames;
          next.anyName = any;
        });
  }

  public ServerConfig withMaxWaiting(int value) {
    return with(next -> next.maxWaiting = value);
  }

  public ServerConfig withLoadWait(Duration value) {
    return with(next -> next.loadWait = value);
  }

  public ServerConfig withStateFile(Path file) {
    return with(next -> next.stateFile = Optional.of(file));
  }

  ServerConfig withLimits(HttpLimits value) {
    return with(next -> next.limits = value);
  }

  public ServerConfig withWatching(Watching value) {
    return with(next -> next.watching = value);
  }

  private ServerConfig with(Consumer<Next> change) {
    Next next = new Next(this);
    change.accept(next);
    return next.config();
  }

  /** A copy that can be changed. */
  private static final class Next {
    private String host;
    private int port;
    private Optional<Path> apiKeyFile;
    private List<String> allowedHosts;
    private List<String> allowedOrigins;
    private Map<String, String> aliases;
    private boolean anyName;
    private int maxWaiting;
    private Duration loadWait;
    private Optional<Path> stateFile;
    private HttpLimits limits;
    private Watching watching;

    Next(ServerConfig before) {
      host = before.host;
      port = before.port;
      apiKeyFile = before.apiKeyFile;
      allowedHosts = before.allowedHosts;
      allowedOrigins = before.allowedOrigins;
      aliases = before.aliases;
      anyName = before.anyName;
      maxWaiting = before.maxWaiting;
      loadWait = before.loadWait;
      stateFile = before.stateFile;
      limits = before.limits;
      watching = before.watching;
    }

    ServerConfig config() {
      return new ServerConfig(
          host,
          port,
          apiKeyFile,
          allowedHosts,
          allowedOrigins,
          aliases,
          anyName,
          maxWaiting,
          loadWait,
          stateFile,
          limits,
          watching);
    }
  }
}
