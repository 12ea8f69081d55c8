package io.solebox.bench.load;

import java.nio.charset.StandardCharsets;
import java.util.Set;

/**
 * A request, and what may come of it.
 *
 * @param meant statuses that are no fault
 */
record Request(String method, String path, String contentType, byte[] body, Set<Integer> meant) {
  private static final String JSON = "application/json";

  static Request get(String path) {
    return new Request("GET", path, JSON, new byte[0], Set.of(200));
  }

  static Request delete(String path) {
    return new Request("DELETE", path, JSON, new byte[0], Set.of(200));
  }

  static Request post(String path, String json) {
    return new Request("POST", path, JSON, json.getBytes(StandardCharsets.UTF_8), Set.of(200));
  }

  Request withBody(String type, byte[] content) {
    return new Request(method, path, type, content, meant);
  }

  /** Any of these is no fault; with 503, a stream may end with an error as well. */
  Request meant(Integer... statuses) {
    return new Request(method, path, contentType, body, Set.of(statuses));
  }

  /** By which it is counted: the path without ids. */
  String kind() {
    String plain =
        path.replaceAll("\\?.*", "")
            .replaceAll("(?<=/)(resp|conv|msg|file|batch|chatcmpl)[-_][^/]+", "ID");
    return method + " " + plain;
  }

  /** As it goes over the wire. */
  byte[] bytes() {
    String head =
        method
            + " "
            + path
            + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: "
            + contentType
            + "\r\nContent-Length: "
            + body.length
            + "\r\n\r\n";
    byte[] first = head.getBytes(StandardCharsets.US_ASCII);
    byte[] all = new byte[first.length + body.length];
    System.arraycopy(first, 0, all, 0, first.length);
    System.arraycopy(body, 0, all, first.length, body.length);
    return all;
  }
}
