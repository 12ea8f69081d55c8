package io.solebox.server.documents;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;

/** What the first bytes of a file tell, whatever it is called. */
enum Container {
  PDF,
  RTF,
  /** Of Office, OpenDocument or EPUB; or of something else. */
  ZIP,
  /** Old files of Office, and new ones with a password. */
  COMPOUND,
  PICTURE,
  /** Archives that are no ZIP, sounds, films, programs, models. */
  OTHER,
  /** Nothing that they would tell: text, if anything. */
  NONE;

  /** How much of a file is looked at, in bytes. */
  static final int HEAD = 1024;

  private static final Pattern PAGE =
      Pattern.compile(
          "^\\s*(<\\?xml[^>]*>\\s*)?(?:<!--(?>.*?-->)\\s*)*+<(!doctype\\s+html|html)\\b.*");

  static Container of(byte[] head) {
    String hex = HexFormat.of().formatHex(head, 0, Math.min(head.length, 16));
    // Readers of PDF pass over what stands before the mark (ISO 32000-1, Annex H, 3.4.1).
    if (latin(head).contains("%PDF-")) {
      return PDF;
    } else if (hex.startsWith("7b5c727466")) {
      return RTF;
    } else if (hex.startsWith("504b0304") || hex.startsWith("504b0506")) {
      return ZIP;
    } else if (hex.startsWith("d0cf11e0a1b11ae1")) {
      return COMPOUND;
    } else if (hex.matches("(89504e47|ffd8ff|47494638|49492a00|4d4d002a|52494646.{8}57454250).*")) {
      return PICTURE;
    } else if (hex.matches(
        "(1f8b|377abcaf|526172211a|28b52ffd|fd377a58|7f454c46|cafebabe|47475546|4f676753|494433"
            + "|664c6143|52494646|.{8}66747970).*")) {
      return OTHER;
    }
    return NONE;
  }

  /** Whether the beginning is a web page's. */
  static boolean isPage(byte[] head) {
    String text = latin(head).toLowerCase(Locale.ROOT).replace("\u00ef\u00bb\u00bf", "");
    return PAGE.matcher(text.replace('\n', ' ').replace('\r', ' ')).matches();
  }

  private static String latin(byte[] head) {
    return new String(head, StandardCharsets.ISO_8859_1);
  }
}
