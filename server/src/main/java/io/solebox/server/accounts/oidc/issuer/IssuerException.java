package io.solebox.server.accounts.oidc.issuer;

/** An issuer cannot be reached, or says what makes no sense. Its message is for administrators. */
public final class IssuerException extends Exception {
  private static final long serialVersionUID = 1L;

  public IssuerException(String message) {
    super(message);
  }

  public IssuerException(String message, Throwable cause) {
    super(message, cause);
  }
}
