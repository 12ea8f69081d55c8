package io.solebox.server.http;

import java.util.List;

/**
 * What a family of routes brings: the routes, and the body of an error as its clients want it. The
 * first family of a server also words what goes wrong at no route.
 *
 * @param limits how answers tell what is left of limits
 */
public record Api(List<Route> routes, ProblemWriter problems, LimitHeaders limits) {
  /** Makes JSON of a problem. */
  @FunctionalInterface
  public interface ProblemWriter {
    /**
     * @param requestId by which the answer's headers name the request
     */
    byte[] write(Problem problem, String requestId);

    /** Ends a stream of which nothing was said yet. */
    default void breakOff(Problem problem, String requestId, EventStream out) {
      out.send(write(problem, requestId));
    }
  }

  public Api {
    routes = List.copyOf(routes);
  }

  /** One that tells of limits as OpenAI does. */
  public Api(List<Route> routes, ProblemWriter problems) {
    this(routes, problems, LimitHeaders.OPENAI);
  }
}
