package io.solebox.server.http;

/** The methods that routes have. HEAD is answered by GET routes, OPTIONS by the server itself. */
public enum Method {
  GET,
  POST,
  PUT,
  PATCH,
  DELETE
}
