package io.solebox.engine.constrain.match;

/**
 * Kinds of characters that grammars mostly treat alike, a bit each, and the steps of UTF-8 inside
 * of a character, as Unicode's table of well-formed byte sequences has them.
 */
public final class CharacterKinds {
  /** Small letters of ASCII. */
  public static final int SMALL = 1;

  /** Capital letters of ASCII. */
  public static final int CAPITAL = 2;

  /** Digits of ASCII. */
  public static final int DIGIT = 4;

  public static final int SPACE = 8;

  /** Other characters of ASCII, but quotes, backslashes and controls. */
  public static final int SIGN = 16;

  /** Whole characters beyond ASCII. */
  public static final int WIDE = 32;

  /** Whatever else, also what is no character. */
  public static final int OTHER = 64;

  /** Between characters. */
  public static final int WHOLE = 0;

  /** Behind bytes that are no character. */
  public static final int BROKEN = 8;

  /** So many bytes from 0x80 to 0xbf are missing. */
  private static final int ONE = 1;

  private static final int TWO = 2;
  private static final int THREE = 3;
  private static final int BEHIND_E0 = 4;
  private static final int BEHIND_ED = 5;
  private static final int BEHIND_F0 = 6;
  private static final int BEHIND_F4 = 7;

  private CharacterKinds() {}

  /** The kind of a character of ASCII. */
  public static int of(int ascii) {
    if (ascii == ' ') {
      return SPACE;
    }
    if (ascii >= '0' && ascii <= '9') {
      return DIGIT;
    }
    if (ascii >= 'a' && ascii <= 'z') {
      return SMALL;
    }
    if (ascii >= 'A' && ascii <= 'Z') {
      return CAPITAL;
    }
    return ascii < ' ' || ascii == 0x7f || ascii == '"' || ascii == '\\' ? OTHER : SIGN;
  }

  /** The kinds of all characters of a text, {@link #OTHER} among them for broken ones. */
  public static int of(byte[] text) {
    int kinds = 0;
    int within = WHOLE;
    for (byte b : text) {
      boolean ascii = within == WHOLE && b >= 0;
      within = step(within, b & 0xff);
      kinds |= ascii ? of((int) b) : within == BROKEN ? OTHER : WIDE;
    }
    return within == WHOLE ? kinds : kinds | OTHER;
  }

  /** Where one more byte leads inside of a character. */
  public static int step(int from, int unsignedByte) {
    return switch (from) {
      case WHOLE -> lead(unsignedByte);
      case ONE -> in(unsignedByte, 0x80, 0xbf, WHOLE);
      case TWO -> in(unsignedByte, 0x80, 0xbf, ONE);
      case THREE -> in(unsignedByte, 0x80, 0xbf, TWO);
      case BEHIND_E0 -> in(unsignedByte, 0xa0, 0xbf, ONE);
      case BEHIND_ED -> in(unsignedByte, 0x80, 0x9f, ONE);
      case BEHIND_F0 -> in(unsignedByte, 0x90, 0xbf, TWO);
      case BEHIND_F4 -> in(unsignedByte, 0x80, 0x8f, TWO);
      default -> BROKEN;
    };
  }

  private static int in(int b, int low, int high, int to) {
    return b >= low && b <= high ? to : BROKEN;
  }

  private static int lead(int b) {
    if (b < 0x80) {
      return WHOLE;
    }
    return switch (b) {
      case 0xe0 -> BEHIND_E0;
      case 0xed -> BEHIND_ED;
      case 0xf0 -> BEHIND_F0;
      case 0xf4 -> BEHIND_F4;
      default -> {
        if (b >= 0xc2 && b <= 0xdf) {
          yield ONE;
        }
        if (b >= 0xe1 && b <= 0xef) {
          yield TWO;
        }
        yield b >= 0xf1 && b <= 0xf3 ? THREE : BROKEN;
      }
    };
  }
}
