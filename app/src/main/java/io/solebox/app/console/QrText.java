package io.solebox.app.console;

import io.nayuki.qrcodegen.QrCode;

/**
 * A QR code in letters, two rows of it in each line. What is light is drawn, so that it can be read
 * on the dark ground of most terminals; scanners take it the other way round, too.
 */
public final class QrText {
  private static final int QUIET = 2; // the standard wants 4; scanners are content with less

  private QrText() {}

  public static String of(String text) {
    QrCode code = QrCode.encodeText(text, QrCode.Ecc.LOW);
    StringBuilder lines = new StringBuilder();
    for (int y = -QUIET; y < code.size + QUIET; y += 2) {
      for (int x = -QUIET; x < code.size + QUIET; x++) {
        lines.append(letter(isLight(code, x, y), isLight(code, x, y + 1)));
      }
      lines.append('\n');
    }
    return lines.toString();
  }

  private static boolean isLight(QrCode code, int x, int y) {
    return y < code.size + QUIET && !code.getModule(x, y); // what lies outside of it is light
  }

  private static char letter(boolean upper, boolean lower) {
    if (upper) {
      return lower ? '█' : '▀';
    }
    return lower ? '▄' : ' ';
  }
}
