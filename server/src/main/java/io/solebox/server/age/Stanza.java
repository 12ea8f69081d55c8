package io.solebox.server.age;

import java.util.List;

/**
 * What a header says to one who may open the file.
 *
 * @param arguments the first is its kind
 * @param body the key of the file, wrapped
 */
record Stanza(List<String> arguments, byte[] body) {
  Stanza {
    arguments = List.copyOf(arguments);
  }

  String kind() {
    return arguments.getFirst();
  }
}
