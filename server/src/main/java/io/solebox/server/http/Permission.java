package io.solebox.server.http;

/** What a caller must be allowed to do before a route is answered. */
public enum Permission {
  /** What a browser or a probe needs before anybody can enter a key. */
  OPEN,
  /** Ask models, and see which there are. */
  USE_MODELS,
  /** Change what the server does for everybody. */
  ADMINISTRATE
}
