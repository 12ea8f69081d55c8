package io.solebox.server.http;

import io.solebox.server.http.Counters.Count;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Set;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/** Words what Jetty refuses before a request gets to us, and closes the connection behind it. */
final class JettyErrors extends ErrorHandler {
  private static final Map<Integer, String> MESSAGES =
      Map.of(
          408, "The request took too long to arrive.",
          414, "The request line is too long.",
          417, "The server knows no such expectation, only 100-continue.",
          426, "This protocol is not spoken here; use HTTP/1.1.",
          431, "The header of the request is too long.",
          501, "This coding is not understood here; use chunked.",
          505, "This version of HTTP is not spoken here; use HTTP/1.1.");

  private static final Set<Integer> CODINGS = Set.of(501, 505);

  private final Api.ProblemWriter problems;
  private final Counters counters;

  JettyErrors(Api.ProblemWriter problems, Counters counters) {
    this.problems = problems;
    this.counters = counters;
  }

  @Override
  public boolean errorPageForMethod(String method) {
    return true;
  }

  @Override
  protected void generateResponse(
      Request request,
      Response response,
      int status,
      String message,
      Throwable cause,
      Callback callback) {
    counters.add(Count.MALFORMED);
    // A version or coding that is not spoken here is still the client's mistake.
    int answered = CODINGS.contains(status) ? 400 : status;
    counters.answered(answered);
    response.setStatus(answered);
    Problem problem = Problem.badRequest(answered, words(status, cause));
    String id = RequestIds.made();
    byte[] body = problems.write(problem, id);
    SafeHeaders.always().forEach(response.getHeaders()::put);
    response.getHeaders().put("X-Request-Id", id);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
    response.getHeaders().put(HttpHeader.CONNECTION, "close");
    response.write(true, ByteBuffer.wrap(body), callback);
  }

  private static String words(int status, Throwable cause) {
    String known = MESSAGES.get(status);
    if (known != null) {
      return known;
    }
    String detail = cause instanceof HttpException e ? " (" + e.getReason() + ")" : "";
    return "The request is not what HTTP/1.1 calls one" + detail + ".";
  }
}
