package io.solebox.server.answers;

import io.solebox.server.http.Problem;
import java.util.Map;

/** Answers bodies of one route of an API, without a connection that waits. */
@FunctionalInterface
public interface Endpoint {
  /**
   * @param body as the route takes it
   * @param work as what it is done
   * @return the body of the answer
   * @throws Problem as the route would answer it
   */
  byte[] answer(Map<String, Object> body, DetachedWork work) throws InterruptedException;
}
