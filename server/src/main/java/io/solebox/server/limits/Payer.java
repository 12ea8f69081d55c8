package io.solebox.server.limits;

/**
 * To whom it is charged what a request uses.
 *
 * @param user whose is what is kept for him: the id of an account, or the name of a key of the
 *     server's file; empty for the person at this machine
 * @param key by which it came: its id or its name; empty where it came by none
 * @param group of the user; empty where there is none
 */
public record Payer(String user, String key, String group) {
  /** The person at this machine. */
  public static final Payer HERE = new Payer("", "", "");
}
