package io.solebox.server;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.server.http.Caller;
import io.solebox.server.http.Digests;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The keys that open the API. Only their digests are kept. Behind a key can stand {@code
 * name=NAME}, by which logs call it, and {@code admin} for one that may change what the server
 * does.
 */
final class ApiKeys {
  static final int MIN_LENGTH = 16;

  private static final String REMEDY =
      "Write one key a line, for example: openssl rand -hex 24 > FILE && chmod 600 FILE";

  private static final String NAMED = "name=";
  private static final int NAME_BYTES = 4;
  private static final String ADMIN = "admin";
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@+-]{0,63}");

  private record Known(byte[] digest, Caller caller) {}

  private final List<Known> keys;

  private ApiKeys(List<Known> keys) {
    this.keys = keys;
  }

  /**
   * @throws SoleboxException if the file cannot be read, is open to others, or has no key or a bad
   *     one
   */
  static ApiKeys read(Path file) {
    List<Known> keys = new ArrayList<>();
    try {
      refuseOpen(file);
      List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
      for (int i = 0; i < lines.size(); i++) {
        String line = lines.get(i).strip();
        if (!line.isEmpty() && !line.startsWith("#")) {
          keys.add(key(line, file + ":" + (i + 1)));
        }
      }
    } catch (IOException e) {
      throw new SoleboxException(
          ErrorCode.IO_ERROR, file.toString(), "The API key file cannot be read.", REMEDY, e);
    }
    if (keys.isEmpty()) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER, file.toString(), "The API key file has no key.", REMEDY);
    }
    return new ApiKeys(List.copyOf(keys));
  }

  private static Known key(String line, String place) {
    String[] words = line.split("\\s+");
    check(words[0], place);
    byte[] digest = digest(words[0]);
    // Of the key alone: what is kept by this name stays its own when the lines move.
    String name = "key-" + HexFormat.of().formatHex(digest, 0, NAME_BYTES);
    boolean administrator = false;
    for (String word : Arrays.asList(words).subList(1, words.length)) {
      boolean named =
          word.startsWith(NAMED) && NAME.matcher(word.substring(NAMED.length())).matches();
      if (!named && !word.equals(ADMIN)) {
        throw new SoleboxException(
            ErrorCode.INVALID_PARAMETER,
            place,
            "Behind a key can stand name=NAME (letters, digits and ._@+-) and admin, nothing else.",
            REMEDY);
      }
      name = named ? word.substring(NAMED.length()) : name;
      administrator |= word.equals(ADMIN);
    }
    return new Known(digest, new Caller(name, administrator));
  }

  /** Its group may read it, as for a service; nobody else may, and nobody else may write it. */
  private static void refuseOpen(Path file) throws IOException {
    var view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
    if (view == null) {
      return;
    }
    Set<PosixFilePermission> permissions = view.readAttributes().permissions();
    if (permissions.contains(PosixFilePermission.OTHERS_READ)) {
      throw open(file, "Every user of this machine can read the API key file.");
    }
    if (permissions.contains(PosixFilePermission.OTHERS_WRITE)
        || permissions.contains(PosixFilePermission.GROUP_WRITE)) {
      throw open(file, "Other users of this machine can write the API key file.");
    }
  }

  private static SoleboxException open(Path file, String message) {
    return new SoleboxException(
        ErrorCode.INVALID_PARAMETER, file.toString(), message, "Run: chmod 600 " + file);
  }

  private static void check(String key, String place) {
    boolean printable = key.chars().allMatch(c -> c > ' ' && c < 0x7f);
    if (key.length() < MIN_LENGTH || !printable) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          place,
          "A key must have at least " + MIN_LENGTH + " characters, all printable ASCII.",
          REMEDY);
    }
  }

  /** Whose key it is. Takes the same time whichever key matches, and if none does. */
  Optional<Caller> find(String key) {
    byte[] digest = digest(key);
    Optional<Caller> found = Optional.empty();
    for (Known known : keys) {
      found = MessageDigest.isEqual(known.digest(), digest) ? Optional.of(known.caller()) : found;
    }
    return found;
  }

  private static byte[] digest(String key) {
    return Digests.sha256().digest(key.getBytes(StandardCharsets.UTF_8));
  }
}
