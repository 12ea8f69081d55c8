package io.solebox.scout.settings;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Where a secret is. The settings hold none, so that they can be shown and copied. */
public sealed interface SecretPlace {
  /** Of what is read of a file; no key is longer. */
  int MOST_BYTES = 16 << 10;

  /** The text of a file, without spaces around it. */
  record InFile(Path file) implements SecretPlace {}

  /** A variable of the environment. */
  record InVariable(String name) implements SecretPlace {}

  /** The place in words; it shows nothing of what is there. */
  default String shown() {
    return switch (this) {
      case InFile(Path file) -> file.toString();
      case InVariable(String name) -> "$" + name;
    };
  }

  /**
   * The secret; it goes into no message.
   *
   * @param variables of the environment
   * @throws SoleboxException {@code INVALID_PARAMETER} or {@code IO_ERROR} where there is none
   */
  default String read(Map<String, String> variables) {
    String text =
        switch (this) {
          case InFile(Path file) -> content(file);
          case InVariable(String name) -> variables.getOrDefault(name, "");
        };
    if (text.strip().chars().anyMatch(Character::isISOControl)) {
      // Java shows the whole of a header that it refuses.
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          shown(),
          "The secret there has more than one line, or control characters.",
          "Leave nothing but the secret there.");
    }
    return Optional.of(text.strip())
        .filter(secret -> !secret.isEmpty())
        .orElseThrow(
            () ->
                new SoleboxException(
                    ErrorCode.INVALID_PARAMETER,
                    shown(),
                    "There is no secret there.",
                    "Put it there, or name another place in " + ScoutSettings.FILE + "."));
  }

  /**
   * A secret that is an address, as those of webhooks are.
   *
   * @throws SoleboxException also if it is no address of the web
   */
  default URI address(Map<String, String> variables) {
    return WebAddress.of(read(variables))
        .orElseThrow(
            () ->
                new SoleboxException(
                    ErrorCode.INVALID_PARAMETER,
                    shown(),
                    "What is there is no address of the web.",
                    "Put one there that begins with https://."));
  }

  private static String content(Path file) {
    try (var in = Files.newInputStream(file)) {
      return new String(in.readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      return "";
    } catch (IOException e) {
      throw new SoleboxException(
          ErrorCode.IO_ERROR,
          file.toString(),
          "The secret cannot be read: " + e.getClass().getSimpleName() + ".",
          "See who owns the file and who may read it.",
          e);
    }
  }
}
