package io.solebox.server.files;

import java.nio.charset.StandardCharsets;

/** How browsers are told to save what they get, and under which name. */
final class Attachment {
  private static final String PLAIN = "!#$&+-.^_`|~"; // of RFC 8187's attr-char, beside letters

  private Attachment() {}

  /**
   * A header's value as <a href="https://www.rfc-editor.org/rfc/rfc6266">RFC 6266</a> has it: the
   * name's last part, once in ASCII and once whole.
   *
   * @param name as somebody sent it
   */
  static String named(String name) {
    String last = name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
    String known = last.isBlank() ? "file" : last;
    String ascii = known.replaceAll("[^A-Za-z0-9._ -]", "_");
    return "attachment; filename=\"%s\"; filename*=UTF-8''%s".formatted(ascii, encoded(known));
  }

  private static String encoded(String text) {
    StringBuilder encoded = new StringBuilder();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      boolean plain = c < 0x80 && (Character.isLetterOrDigit(c) || PLAIN.indexOf(c) >= 0);
      encoded.append(plain ? String.valueOf(c) : "%%%02X".formatted((int) c));
    }
    return encoded.toString();
  }
}
