package io.solebox.server.http;

import java.time.Duration;

/**
 * How much of the server a client may take.
 *
 * @param maxConnections more wait unaccepted until others end
 * @param maxHeaderBytes of a request
 * @param maxBodyBytes longest body, unpacked
 * @param minBodyBytesPerSecond slower bodies are not waited for
 * @param maxBytesInFlight of memory for all bodies that are being read
 * @param requestTime from a request's header to the end of its answer, whatever it does
 */
public record HttpLimits(
    int maxConnections,
    int maxHeaderBytes,
    int maxBodyBytes,
    int minBodyBytesPerSecond,
    long maxBytesInFlight,
    Duration requestTime,
    Times times) {
  private static final int MAX_CONNECTIONS = 2000;
  private static final long MIN_BYTES_IN_FLIGHT = 96L << 20;

  /** A long answer of a large model on a small machine may take hours. */
  private static final Duration REQUEST_TIME = Duration.ofHours(24);

  /**
   * How long a client may take.
   *
   * @param idle a connection on which nothing happens is closed
   * @param header from the first byte of a request to the last of its header
   * @param body from the first byte of a body to its last
   * @param bodyGrace how late a body may be for the least rate
   * @param flush to take what is written
   * @param ping after so long without an event a stream sends a comment
   */
  public record Times(
      Duration idle,
      Duration header,
      Duration body,
      Duration bodyGrace,
      Duration flush,
      Duration ping) {
    public static Times defaults() {
      return new Times(
          Duration.ofSeconds(75),
          Duration.ofSeconds(15),
          Duration.ofMinutes(5),
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          Duration.ofSeconds(15));
    }
  }

  /** Of this process: a quarter of its memory for bodies, two thirds of its descriptors. */
  public static HttpLimits defaults() {
    int connections =
        Descriptors.limit()
            .map(limit -> (int) Math.clamp(limit * 2 / 3, 16, MAX_CONNECTIONS))
            .orElse(MAX_CONNECTIONS);
    long bodies = Math.max(MIN_BYTES_IN_FLIGHT, Runtime.getRuntime().maxMemory() / 4);
    return new HttpLimits(
        connections, 16 << 10, 32 << 20, 500, bodies, REQUEST_TIME, Times.defaults());
  }

  public HttpLimits withMaxConnections(int value) {
    return new HttpLimits(
        value,
        maxHeaderBytes,
        maxBodyBytes,
        minBodyBytesPerSecond,
        maxBytesInFlight,
        requestTime,
        times);
  }

  public HttpLimits withMaxBodyBytes(int value) {
    return new HttpLimits(
        maxConnections,
        maxHeaderBytes,
        value,
        minBodyBytesPerSecond,
        maxBytesInFlight,
        requestTime,
        times);
  }

  public HttpLimits withMaxBytesInFlight(long value) {
    return new HttpLimits(
        maxConnections,
        maxHeaderBytes,
        maxBodyBytes,
        minBodyBytesPerSecond,
        value,
        requestTime,
        times);
  }

  public HttpLimits withTimes(Times value) {
    return new HttpLimits(
        maxConnections,
        maxHeaderBytes,
        maxBodyBytes,
        minBodyBytesPerSecond,
        maxBytesInFlight,
        requestTime,
        value);
  }

  public HttpLimits withRequestTime(Duration value) {
    return new HttpLimits(
        maxConnections,
        maxHeaderBytes,
        maxBodyBytes,
        minBodyBytesPerSecond,
        maxBytesInFlight,
        value,
        times);
  }
}
