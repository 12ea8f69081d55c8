package io.solebox.server.http;

/**
 * Who sends a request.
 *
 * @param name of the key, never the key itself; empty for the person at this machine, where there
 *     are no keys
 * @param administrator whether it may change what the server does for everybody
 */
public record Caller(String name, boolean administrator) {
  /** Where there are no keys: nobody but this machine can connect. */
  public static final Caller OWNER = new Caller("", true);
}
