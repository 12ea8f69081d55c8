package io.solebox.server.http;

import java.util.List;

/**
 * What a family of routes brings: the routes, and the body of an error as its clients want it. The
 * first family of a server also words what goes wrong at no route.
 */
public record Api(List<Route> routes, ProblemWriter problems) {
  /** Makes JSON of a problem. */
  @FunctionalInterface
  public interface ProblemWriter {
    byte[] write(Problem problem);
  }

  public Api {
    routes = List.copyOf(routes);
  }
}
