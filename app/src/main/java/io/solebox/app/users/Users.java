package io.solebox.app.users;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import io.solebox.app.console.Json;
import io.solebox.app.console.Table;
import io.solebox.server.accounts.Invitations.MadeCode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the commands about accounts have in common.
 *
 * @param console to which they print
 * @param environment where the state is
 */
record Users(Console console, Environment environment) {
  void json(Object value) {
    console.println(Json.text(value));
  }

  void table(List<List<String>> rows) {
    Table.lines(rows).forEach(console::println);
  }

  /** A code that somebody is to be told, and nobody else. */
  void code(MadeCode made, String whatFor, String route, boolean json) {
    if (json) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("code", made.code());
      fields.put("expires", made.expires().toString());
      json(fields);
      return;
    }
    console.println(made.code());
    console.error(
        "%s with this code at %s, once, until %s. It is shown this once."
            .formatted(whatFor, route, made.expires()));
  }

  static String orDash(String text) {
    return text.isEmpty() ? "-" : text;
  }
}
