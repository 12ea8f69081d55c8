package io.solebox.server.http;

/** Nobody waits for the answer any more; there is nothing to say and nothing to log. */
public final class ClientGoneException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ClientGoneException() {
    super("the client has gone", null, false, false);
  }
}
