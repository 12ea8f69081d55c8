package io.solebox.server;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.generation.UserWeights;
import io.solebox.server.http.Caller;
import io.solebox.server.http.Callers;
import io.solebox.server.http.Credential;
import io.solebox.server.http.Digests;
import io.solebox.server.limits.Account;
import io.solebox.server.limits.Holder;
import io.solebox.server.limits.Limits;
import io.solebox.server.limits.Spendings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The keys that open the API. Only their digests are kept. Behind a key can stand {@code
 * name=NAME}, by which logs call it, {@code admin} for one that may change what the server does,
 * and {@link Limits} of what it may use.
 */
public final class ApiKeys {
  static final int MIN_LENGTH = 16;

  private static final String REMEDY =
      "Write one key a line, for example: openssl rand -hex 24 > FILE && chmod 600 FILE";

  private static final String NAMED = "name=";
  private static final int NAME_BYTES = 4;
  private static final String ADMIN = "admin";
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@+-]{0,63}");

  private record Known(byte[] digest, String name, boolean administrator, Limits limits) {
    /** Whose it is and what it may do, and so much of its digest that another key shows. */
    String described() {
      String rights = administrator ? " " + ADMIN : "";
      String held = limits.equals(Limits.NONE) ? "" : " " + limits.words();
      return name + " " + HexFormat.of().formatHex(digest, 0, NAME_BYTES) + rights + held;
    }
  }

  private final List<Known> keys;

  private ApiKeys(List<Known> keys) {
    this.keys = keys;
  }

  /**
   * @throws SoleboxException if the file cannot be read, is open to others, or has no key or a bad
   *     one
   */
  public static ApiKeys read(Path file) {
    List<Known> keys = new ArrayList<>();
    try {
      refuseOpen(file);
      List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
      for (int i = 0; i < lines.size(); i++) {
        String line = lines.get(i).strip();
        if (!line.isEmpty() && !line.startsWith("#")) {
          String place = file + ":" + (i + 1);
          Known key = key(line, place);
          requireAlike(keys, key, place);
          keys.add(key);
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
    List<String> limits = new ArrayList<>();
    for (String word : Arrays.asList(words).subList(1, words.length)) {
      if (word.startsWith(NAMED) && NAME.matcher(word.substring(NAMED.length())).matches()) {
        name = word.substring(NAMED.length());
      } else if (word.equals(ADMIN)) {
        administrator = true;
      } else if (Limits.knows(word)) {
        limits.add(word);
      } else {
        throw new SoleboxException(
            ErrorCode.INVALID_PARAMETER,
            place,
            "Behind a key can stand name=NAME (letters, digits and ._@+-), admin, %s, nothing else."
                .formatted(Limits.WORDS),
            REMEDY);
      }
    }
    return new Known(digest, name, administrator, Limits.parse(limits, place));
  }

  /** Keys of one name are one caller's, who cannot be held to two sets of limits. */
  private static void requireAlike(List<Known> before, Known key, String place) {
    boolean alike =
        before.stream()
            .filter(known -> known.name().equals(key.name()))
            .allMatch(known -> known.limits().equals(key.limits()));
    if (!alike) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          place,
          "Another key of '%s' has other limits.".formatted(key.name()),
          "Write the same limits behind all keys of one name, or give this one another name.");
    }
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

  /** All of them as the audit log tells of them: nothing that opens anything. */
  String described() {
    return keys.stream().map(Known::described).sorted().collect(Collectors.joining(", "));
  }

  /** How much of a model each of them is due, by its name. */
  UserWeights weights(Limits usual) {
    Map<String, Double> weights = new HashMap<>();
    for (Known known : keys) {
      weights.put(known.name(), known.limits().or(usual).weight().orElse(1));
    }
    return user -> weights.getOrDefault(user, 1.0);
  }

  /**
   * Their owners, who have used nothing yet but of days.
   *
   * @param usual limits of those who have none of their own
   * @param clock nanoseconds, as {@link System#nanoTime()} has them
   * @param spendings what they have used of days
   */
  Callers callers(Limits usual, LongSupplier clock, Spendings spendings) {
    Map<String, Account> accounts = new HashMap<>();
    for (Known known : keys) {
      accounts.computeIfAbsent(
          known.name(),
          name ->
              new Account(
                  Holder.ofFileKey(name),
                  known.limits().or(usual),
                  clock,
                  Optional.empty(),
                  spendings));
    }
    return new KeyOwners(keys, accounts);
  }

  private record KeyOwners(List<Known> keys, Map<String, Account> accounts) implements Callers {
    /** Takes the same time whichever key matches, and if none does. */
    @Override
    public Optional<Caller> find(Credential credential) {
      return switch (credential) {
        case Credential.Key(String key) -> find(digest(key));
        case Credential.Session _ -> Optional.empty();
        case Credential.Certificate(List<String> names) ->
            names.stream().flatMap(name -> named(name).stream()).findFirst();
      };
    }

    private Optional<Caller> named(String name) {
      return keys.stream()
          .filter(known -> known.name().equals(name))
          .findFirst()
          .map(known -> caller(known.name(), known.administrator()));
    }

    private Optional<Caller> find(byte[] digest) {
      Optional<Known> found = Optional.empty();
      for (Known known : keys) {
        found = MessageDigest.isEqual(known.digest(), digest) ? Optional.of(known) : found;
      }
      return found.map(known -> caller(known.name(), known.administrator()));
    }

    private Caller caller(String name, boolean administrator) {
      return Caller.ofFileKey(name, administrator, accounts.get(name));
    }

    /** Whoever has left the file may still have what he was promised. */
    @Override
    public Caller owner(String owner) {
      return accounts.containsKey(owner)
          ? caller(owner, false)
          : Caller.ofFileKey(owner, false, Account.unlimited());
    }

    @Override
    public Optional<Caller> nameless() {
      return Optional.empty();
    }
  }

  private static byte[] digest(String key) {
    return Digests.sha256().digest(key.getBytes(StandardCharsets.UTF_8));
  }
}
