package io.solebox.server.http;

import java.util.List;

/** By which a caller shows who it is. */
public sealed interface Credential {
  /**
   * How it begins, as far as a log may have it: of keys that this program has made, and of nothing
   * else, since people send what they please as a key.
   */
  default String shown() {
    return this instanceof Key(String key) && key.startsWith(MADE) && key.length() >= LONG_ENOUGH
        ? key.substring(0, SHOWN)
        : "";
  }

  /** With this the keys of people begin. */
  String MADE = "sb-";

  /**
   * Letters of a key that may be shown, {@link #MADE} among them, and of one that is long enough.
   */
  int SHOWN = 9;

  int LONG_ENOUGH = 40;

  /** Of programs. */
  record Key(String key) implements Credential {
    @Override
    public String toString() {
      return "Key"; // a secret is for no log
    }
  }

  /**
   * A certificate that was shown in the handshake, signed by whom the owner lets sign them.
   *
   * @param names whom it is for: mail addresses, names and the common name, each of which may be
   *     that of a user or of a key
   */
  record Certificate(List<String> names) implements Credential {}

  /** Of a person's browser, from its cookie. */
  record Session(String token) implements Credential {
    @Override
    public String toString() {
      return "Session";
    }
  }
}
