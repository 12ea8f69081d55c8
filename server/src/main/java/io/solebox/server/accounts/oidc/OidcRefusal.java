package io.solebox.server.accounts.oidc;

/** Somebody whom an issuer has signed in is not let in here. Its message is for that person. */
final class OidcRefusal extends Exception {
  private static final long serialVersionUID = 1L;

  private final Why why;

  /** Which words the page has for it. */
  enum Why {
    /** Nobody here knows them. */
    UNKNOWN,
    /** An administrator has to approve. */
    WAITING,
    /** An administrator has disabled the account. */
    DISABLED,
    /** The name is somebody else's, or none. */
    NAME,
    /** None of their groups is one here. */
    GROUP,
    /** They are somebody else here already. */
    LINKED
  }

  OidcRefusal(Why why, String message) {
    super(message);
    this.why = why;
  }

  Why why() {
    return why;
  }
}
