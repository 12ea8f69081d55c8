package io.solebox.app.users;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/**
 * A secret that a script hands over on stdin: arguments are for everybody on the machine to see.
 */
final class FirstLine {
  private FirstLine() {}

  static String of(InputStream in) {
    try {
      // Only as much as is there is read; nothing else uses stdin.
      var reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
      String line = reader.readLine();
      if (line == null || line.isEmpty()) {
        throw new SoleboxException(
            ErrorCode.INVALID_PARAMETER,
            "stdin",
            "It is empty, and was to hold a password.",
            "Write the password to it, with a line end behind it.");
      }
      return line;
    } catch (IOException e) {
      throw new SoleboxException(
          ErrorCode.IO_ERROR, "stdin", "It cannot be read.", "See where it comes from.", e);
    }
  }
}
