package io.solebox.server.http;

import java.util.List;

/** By which a caller shows who it is. */
public sealed interface Credential {
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
