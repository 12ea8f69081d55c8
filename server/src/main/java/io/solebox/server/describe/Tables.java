package io.solebox.server.describe;

import io.solebox.server.params.FieldTable;
import java.io.InputStream;

/** The tables of fields that the document shows: those of the APIs, and what their answers have. */
final class Tables {
  private static final String ROOT = "/io/solebox/server/";

  private Tables() {}

  /**
   * @param name {@code answers}, {@code factors}, or the package of an API
   */
  static FieldTable read(String name) {
    String path =
        ROOT
            + switch (name) {
              case "answers" -> "describe/answers.txt";
              case "factors" -> "accounts/factors/fields.txt";
              default -> name + "/fields.txt";
            };
    InputStream text = Tables.class.getResourceAsStream(path);
    if (text == null) {
      throw new IllegalArgumentException("no table " + path);
    }
    return FieldTable.read(text);
  }
}
