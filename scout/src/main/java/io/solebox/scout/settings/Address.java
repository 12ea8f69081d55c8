package io.solebox.scout.settings;

import java.net.URI;
import java.util.Map;

/** An address that is written in the file of settings, or one that is a secret. */
public sealed interface Address {
  record Open(URI uri) implements Address {}

  record Hidden(SecretPlace place) implements Address {}

  /**
   * The address itself; it goes into no message.
   *
   * @param variables of the environment
   * @throws io.solebox.engine.error.SoleboxException if the place has none
   */
  default URI read(Map<String, String> variables) {
    return switch (this) {
      case Open(URI uri) -> uri;
      case Hidden(SecretPlace place) -> place.address(variables);
    };
  }
}
