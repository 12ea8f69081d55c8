package io.solebox.app.console;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** What drawings have in common. Light and dark follow the reader's page. */
public final class Svg {
  private Svg() {}

  /** The head of a drawing of this size in pixels; {@code </svg>} ends it. */
  public static String head(int width, int height) {
    return text(
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %d %d' width='%d' font-size='13'"
            + " font-family='system-ui, sans-serif' role='img'>%n",
        width, height, width);
  }

  /** What a file says, as text of a drawing. */
  public static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;");
  }

  /** A format with numbers as programs read them. */
  public static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  /**
   * @throws SoleboxException {@code IO_ERROR}
   */
  public static void write(Path file, String svg) {
    try {
      Files.writeString(file, svg);
    } catch (IOException e) {
      throw new SoleboxException(
          ErrorCode.IO_ERROR,
          file.toString(),
          "The drawing cannot be written (" + e + ").",
          "Check the folder, its permissions and the free space.",
          e);
    }
  }
}
