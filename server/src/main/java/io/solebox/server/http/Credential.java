package io.solebox.server.http;

/** By which a caller shows who it is. */
public sealed interface Credential {
  /** Of programs. */
  record Key(String key) implements Credential {
    @Override
    public String toString() {
      return "Key"; // a secret is for no log
    }
  }

  /** Of a person's browser, from its cookie. */
  record Session(String token) implements Credential {
    @Override
    public String toString() {
      return "Session";
    }
  }
}
