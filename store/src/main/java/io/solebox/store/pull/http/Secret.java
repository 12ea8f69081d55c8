package io.solebox.store.pull.http;

/** The value of an {@code Authorization} header, which no message may show. */
public final class Secret {
  private final String header;

  private Secret(String header) {
    this.header = header;
  }

  public static Secret bearer(String token) {
    return new Secret("Bearer " + token);
  }

  /**
   * @param credentials user and password in base 64
   */
  public static Secret basic(String credentials) {
    return new Secret("Basic " + credentials);
  }

  String header() {
    return header;
  }

  @Override
  public String toString() {
    return "(secret)";
  }
}
