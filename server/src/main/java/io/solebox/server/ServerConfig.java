package io.solebox.server;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where the server listens, and whom it lets in.
 *
 * @param host name or address to listen on; beyond loopback it takes {@code apiKeyFile}
 * @param port 0 takes a free one
 * @param apiKeyFile one key of at least {@value ApiKeys#MIN_LENGTH} characters a line, {@code #}
 *     for comments; empty lets everybody on this machine in
 * @param allowedHosts further names by which clients may call this server (a proxy's, a tunnel's),
 *     without port
 * @param maxBodyBytes longest request body
 */
public record ServerConfig(
    String host, int port, Optional<Path> apiKeyFile, List<String> allowedHosts, int maxBodyBytes) {
  public static final String DEFAULT_HOST = "127.0.0.1";
  public static final int DEFAULT_PORT = 8080;
  public static final int DEFAULT_MAX_BODY_BYTES = 32 << 20;

  public ServerConfig {
    if (port < 0 || port > 65535) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER, "port", "is " + port + ", but must be 0 to 65535.", "");
    }
    allowedHosts = List.copyOf(allowedHosts);
  }

  /** 127.0.0.1:8080 without keys. */
  public static ServerConfig defaults() {
    return new ServerConfig(
        DEFAULT_HOST, DEFAULT_PORT, Optional.empty(), List.of(), DEFAULT_MAX_BODY_BYTES);
  }

  public ServerConfig withHost(String value) {
    return new ServerConfig(value, port, apiKeyFile, allowedHosts, maxBodyBytes);
  }

  public ServerConfig withPort(int value) {
    return new ServerConfig(host, value, apiKeyFile, allowedHosts, maxBodyBytes);
  }

  public ServerConfig withApiKeyFile(Path file) {
    return new ServerConfig(host, port, Optional.of(file), allowedHosts, maxBodyBytes);
  }

  public ServerConfig withAllowedHosts(List<String> names) {
    return new ServerConfig(host, port, apiKeyFile, names, maxBodyBytes);
  }

  public ServerConfig withMaxBodyBytes(int bytes) {
    return new ServerConfig(host, port, apiKeyFile, allowedHosts, bytes);
  }
}
