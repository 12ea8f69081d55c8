package io.solebox.server.accounts.factors;

import io.solebox.server.accounts.Accounts;
import io.solebox.server.accounts.SessionStore;
import io.solebox.server.accounts.SignIn;
import io.solebox.server.accounts.User;
import io.solebox.server.http.Exchange;
import io.solebox.server.http.Problem;
import io.solebox.server.http.SessionCookie;
import java.util.Optional;

/** The way in for requests: who sent one, and what a browser gets whose owner may come in. */
public record Door(Accounts accounts, SignIn signIn) {
  /**
   * Refuses sessions on a connection that others can read.
   *
   * @throws Problem 403
   */
  public void requireSafe(Exchange exchange) {
    SessionCookie.requireSafe(exchange);
  }

  private static SignIn.Origin origin(Exchange exchange) {
    return new SignIn.Origin(exchange.peer().host(), exchange.header("User-Agent").orElse(""));
  }

  /** Whose account it is; the route has let them in. */
  User user(Exchange exchange) {
    return account(exchange.caller().orElseThrow().owner());
  }

  /**
   * @param id of an account
   * @throws Problem 403 if there is none any more
   */
  User account(String id) {
    return accounts
        .store()
        .byId(id)
        .orElseThrow(() -> Problem.of(403, "no_account", "The account is gone."));
  }

  /**
   * Asks for the password of somebody who is signed in already: a browser that was left open is not
   * its owner. An account without a password is asked for none.
   *
   * @throws Problem 401 if it is wrong, 429 if there were too many tries
   */
  void again(Exchange exchange, User user, Optional<String> password) throws InterruptedException {
    if (user.hasPassword()) {
      signIn.again(user, password.orElse(""), origin(exchange));
    }
  }

  /**
   * What something comes to that a code opens; wrong codes count as wrong passwords do.
   *
   * @param what empty where the code is wrong
   * @throws Problem 401 if it is wrong, 429 if there were too many tries
   */
  <T> T tried(Exchange exchange, User user, SignIn.Work<Optional<T>> what)
      throws InterruptedException {
    return signIn.tried(user, origin(exchange), what);
  }

  /**
   * Lets somebody in who has shown all that is asked for.
   *
   * @param how for the log
   * @throws Problem 403 if the account may not be used
   */
  public void enter(Exchange exchange, User user, String how) {
    SignIn.Outcome.SignedIn in = signIn.admit(user, origin(exchange), how);
    SessionCookie.of(exchange).ifPresent(signIn::forget);
    SessionCookie.give(exchange, in.token(), SessionStore.LONGEST);
  }
}
