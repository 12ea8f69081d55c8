package io.solebox.server;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.server.http.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.Optional;

/**
 * The HTTP server: {@code /health}, the OpenAI-compatible API under {@code /v1}, and a page at
 * {@code /}. It can be started before any model is loaded; requests get 503 with the progress until
 * then. Models belong to whoever loaded them: close them after the server.
 */
public final class SoleboxServer implements AutoCloseable {
  private final HttpServer http;

  private SoleboxServer(HttpServer http) {
    this.http = http;
  }

  /**
   * Starts to listen.
   *
   * @throws SoleboxException if the address cannot be used, if the key file is bad, or if the
   *     address is beyond loopback and there is no key file
   */
  public static SoleboxServer start(ServerConfig config, ModelRegistry models) {
    InetAddress address = resolve(config.host());
    if (!address.isLoopbackAddress() && config.apiKeyFile().isEmpty()) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          "host",
          "'" + config.host() + "' can be reached from other machines, which takes API keys.",
          "Give --api-key-file FILE, or listen on " + ServerConfig.DEFAULT_HOST + ".");
    }
    Optional<ApiKeys> keys = config.apiKeyFile().map(ApiKeys::read);
    checkFree(new InetSocketAddress(address, config.port()));
    HttpServer http =
        new HttpServer(
            config,
            address.isLoopbackAddress(),
            keys.map(known -> known::contains),
            models,
            System.err);
    if (!http.start()) {
      throw cannotListen(config.host(), config.port(), new IOException("the server did not start"));
    }
    return new SoleboxServer(http);
  }

  private static InetAddress resolve(String host) {
    try {
      return InetAddress.getByName(host);
    } catch (UnknownHostException e) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER, "host", "'" + host + "' is unknown.", "", e);
    }
  }

  /** Helidon would only log why it cannot listen. */
  private static void checkFree(InetSocketAddress address) {
    try (ServerSocketChannel probe = ServerSocketChannel.open()) {
      probe.bind(address);
    } catch (IOException e) {
      throw cannotListen(address.getHostString(), address.getPort(), e);
    }
  }

  private static SoleboxException cannotListen(String host, int port, IOException cause) {
    return new SoleboxException(
        ErrorCode.IO_ERROR,
        host + ":" + port,
        "The server cannot listen here: " + cause.getMessage() + ".",
        "Choose another --port, or stop what uses this one.",
        cause);
  }

  /** The port it listens on. */
  public int port() {
    return http.port();
  }

  /**
   * Prepares the end: new requests get 503, running answers go on for at most {@code limit} and
   * then break off with an error.
   */
  public void drain(Duration limit) throws InterruptedException {
    http.drain(limit);
  }

  /** Breaks off what still runs and stops listening. */
  @Override
  public void close() {
    try {
      http.stop();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
