package io.solebox.server.storage;

import io.solebox.server.http.Caller;
import io.solebox.server.http.Exchange;

/** Whose things are. */
public final class Owners {
  private Owners() {}

  /** The name of the key that a request came with; empty where the server has no keys. */
  public static String of(Exchange exchange) {
    return exchange.caller().map(Caller::name).orElse("");
  }
}
