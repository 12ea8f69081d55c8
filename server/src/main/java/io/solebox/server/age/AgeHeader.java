package io.solebox.server.age;

import io.solebox.engine.error.SoleboxException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** What stands in front of a file: who may open it. */
final class AgeHeader {
  static final String FIRST_LINE = "age-encryption.org/v1";

  private static final String STANZA = "-> ";
  private static final String END = "---";
  private static final int COLUMNS = 64;
  private static final int LONGEST_LINE = 1024;
  private static final int MOST_STANZAS = 100;
  private static final int MOST_BODY_LINES = 100;
  private static final String MAC_LABEL = "header";

  private AgeHeader() {}

  static String base64(byte[] bytes) {
    return Base64.getEncoder().withoutPadding().encodeToString(bytes);
  }

  /** There is one way to write each. */
  static byte[] bytes(String text, String place) {
    try {
      byte[] bytes = Base64.getDecoder().decode(text);
      if (base64(bytes).equals(text)) {
        return bytes;
      }
    } catch (IllegalArgumentException e) {
      // The same as for another way to write it.
    }
    throw AgeFault.damaged(place, "its header cannot be read");
  }

  static byte[] write(List<Stanza> stanzas, byte[] fileKey) {
    StringBuilder text = new StringBuilder(FIRST_LINE).append('\n');
    for (Stanza stanza : stanzas) {
      text.append(STANZA).append(String.join(" ", stanza.arguments())).append('\n');
      String body = base64(stanza.body());
      for (int at = 0; at <= body.length(); at += COLUMNS) { // the last line is a shorter one
        text.append(body, at, Math.min(body.length(), at + COLUMNS)).append('\n');
      }
    }
    text.append(END);
    byte[] mac = mac(fileKey, text);
    return text.append(' ')
        .append(base64(mac))
        .append('\n')
        .toString()
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  private static byte[] mac(byte[] fileKey, StringBuilder text) {
    byte[] key = AgeCrypto.derive(fileKey, new byte[0], MAC_LABEL);
    return AgeCrypto.mac(key, text.toString().getBytes(StandardCharsets.ISO_8859_1));
  }

  /**
   * Reads up to the first sealed byte.
   *
   * @return the key of the file
   * @throws SoleboxException {@code BAD_BUNDLE}, {@code ACCESS_DENIED}
   */
  static byte[] open(InputStream in, AgeKey key, String place) throws IOException {
    StringBuilder text = new StringBuilder();
    if (!line(in, place, text).equals(FIRST_LINE)) {
      throw AgeFault.notAge(place);
    }
    List<Stanza> stanzas = new ArrayList<>();
    String line = line(in, place, text);
    while (line.startsWith(STANZA) && stanzas.size() < MOST_STANZAS) {
      stanzas.add(stanza(line, in, place, text));
      line = line(in, place, text);
    }
    if (!line.startsWith(END + " ") || stanzas.isEmpty()) {
      throw AgeFault.damaged(place, "its header cannot be read");
    }
    byte[] fileKey = unwrap(stanzas, key, place);
    text.setLength(text.length() - line.length() - 1 + END.length());
    byte[] told = bytes(line.substring(END.length() + 1), place);
    if (!MessageDigest.isEqual(told, mac(fileKey, text))) {
      throw AgeFault.damaged(place, "its header was changed");
    }
    return fileKey;
  }

  private static Stanza stanza(String line, InputStream in, String place, StringBuilder text)
      throws IOException {
    List<String> arguments = Arrays.asList(line.substring(STANZA.length()).split(" ", -1));
    StringBuilder body = new StringBuilder();
    String part = line(in, place, text);
    for (int lines = 1; part.length() == COLUMNS && lines < MOST_BODY_LINES; lines++) {
      body.append(part);
      part = line(in, place, text);
    }
    if (part.length() >= COLUMNS) {
      throw AgeFault.damaged(place, "its header cannot be read");
    }
    return new Stanza(arguments, bytes(body.append(part).toString(), place));
  }

  private static byte[] unwrap(List<Stanza> stanzas, AgeKey key, String place) {
    boolean passphrase = stanzas.stream().anyMatch(each -> each.kind().equals(ScryptStanza.KIND));
    if (passphrase && stanzas.size() > 1) { // whoever has another key could have made it
      throw AgeFault.damaged(place, "it takes a passphrase, and something else besides");
    }
    return switch (key) {
      case AgeKey.ByPassphrase(var source) -> {
        if (!passphrase) {
          throw AgeFault.wrongKey(place, "it takes a secret key, and no passphrase");
        }
        yield ScryptStanza.unwrap(stanzas.getFirst(), source, place)
            .orElseThrow(() -> AgeFault.wrongPassphrase(place));
      }
      case AgeKey.BySecrets(var secrets) -> {
        if (passphrase) {
          throw AgeFault.wrongKey(place, "it takes a passphrase");
        }
        yield secrets.stream()
            .flatMap(secret -> unwrapped(stanzas, secret, place).stream())
            .findFirst()
            .orElseThrow(() -> AgeFault.wrongKey(place, "it was written for other keys"));
      }
    };
  }

  private static Optional<byte[]> unwrapped(List<Stanza> stanzas, byte[] secret, String place) {
    return stanzas.stream()
        .filter(each -> each.kind().equals(KeyStanza.KIND))
        .flatMap(each -> KeyStanza.unwrap(each, secret, place).stream())
        .findFirst();
  }

  /** A line without its end, which {@code text} has too. */
  private static String line(InputStream in, String place, StringBuilder text) throws IOException {
    int from = text.length();
    int next = in.read();
    while (next != '\n') {
      if (next < 0) {
        throw text.isEmpty() || !text.toString().startsWith(FIRST_LINE)
            ? AgeFault.notAge(place)
            : AgeFault.cutShort(place);
      }
      if (text.length() - from >= LONGEST_LINE
          || from == 0 && text.length() > FIRST_LINE.length()) {
        throw from == 0
            ? AgeFault.notAge(place)
            : AgeFault.damaged(place, "its header cannot be read");
      }
      text.append((char) next);
      next = in.read();
    }
    String line = text.substring(from);
    text.append('\n');
    return line;
  }
}
