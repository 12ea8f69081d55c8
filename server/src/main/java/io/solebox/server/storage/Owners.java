package io.solebox.server.storage;

import io.solebox.server.http.Caller;
import io.solebox.server.http.Exchange;

/** Whose things are. */
public final class Owners {
  private Owners() {}

  /**
   * The id of the account that a request comes from, or the name of its key; empty where the server
   * has neither.
   */
  public static String of(Exchange exchange) {
    return exchange.caller().map(Caller::owner).orElse("");
  }
}
