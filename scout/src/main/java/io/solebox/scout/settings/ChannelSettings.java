package io.solebox.scout.settings;

import io.solebox.scout.outbox.Calm;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * One way to people.
 *
 * @param name by which watches and messages know it
 */
public record ChannelSettings(String name, Way way, Calm calm) {
  /** What is at its other end. */
  public sealed interface Way {
    /**
     * @param webhook its address, which is the secret
     */
    record Discord(SecretPlace webhook) implements Way {}

    /**
     * @param user empty where the server wants to know nobody; there is a password exactly where
     *     there is a user
     */
    record Mail(
        String host,
        int port,
        Optional<String> user,
        Optional<SecretPlace> password,
        String from,
        List<String> to)
        implements Way {
      public Mail {
        to = List.copyOf(to);
      }
    }

    /**
     * @param topic who knows it reads all, where there is no token
     */
    record Ntfy(URI server, SecretPlace topic, Optional<SecretPlace> token) implements Way {}

    /**
     * @param room as in {@code !abc:example.org}
     */
    record Matrix(URI server, String room, SecretPlace token) implements Way {}

    /**
     * @param signing key of the signature that goes along; empty for none
     */
    record Webhook(SecretPlace address, Optional<SecretPlace> signing) implements Way {}
  }
}
