package io.solebox.server.http;

import java.time.Instant;
import java.util.Optional;

/**
 * A request that is over, as logs and metrics know it: never what it said, nor what was answered.
 *
 * @param begin when its header was read
 * @param id as the answer's header has it
 * @param method as the client sent it
 * @param from the client's address
 * @param route as the table has it; {@code other} for what is no route
 * @param status of the answer; 499 where the client left before it was answered
 * @param bytes of the answer's body
 * @param nanos until the last byte of the answer
 * @param trace where requests are traced
 */
record RequestSummary(
    Instant begin,
    String id,
    String from,
    String method,
    String route,
    int status,
    long bytes,
    long nanos,
    Optional<Caller> caller,
    boolean clientGone,
    Optional<TraceContext> trace,
    RequestNotes.Told told) {
  static final String OTHER = "other";
}
