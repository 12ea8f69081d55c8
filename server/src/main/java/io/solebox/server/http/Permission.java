package io.solebox.server.http;

/** What a caller must be allowed to do before a route is answered. */
public enum Permission {
  /** What a browser or a probe needs before anybody can enter a key. */
  OPEN,
  /** See which models there are, and what oneself has used. */
  SEE,
  /** Ask models. */
  USE_MODELS,
  /** Change one's own account; for people who are signed in, and for no key. */
  OWN_ACCOUNT,
  /** Change what the server does for everybody. */
  ADMINISTRATE
}
