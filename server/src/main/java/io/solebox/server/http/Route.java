package io.solebox.server.http;

import java.util.Objects;

/**
 * One method at one path, who may call it, and what answers.
 *
 * @param path as in {@code /v1/models}; a last segment in braces, as in {@code /v1/models/{name}},
 *     stands for the rest of the path
 */
public record Route(
    Method method, String path, Permission permission, RouteLimits limits, Handler handler) {
  /** Answers a request. It may throw a {@link Problem} as long as no answer has begun. */
  @FunctionalInterface
  public interface Handler {
    void handle(Exchange exchange) throws InterruptedException;
  }

  public Route {
    Objects.requireNonNull(permission);
  }
}
