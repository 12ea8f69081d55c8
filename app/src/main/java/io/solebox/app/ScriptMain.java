package io.solebox.app;

import io.solebox.app.console.Console;
import java.util.Arrays;

/**
 * Where there is no shell to start Java, as in containers: a script whose first line names Java,
 * and a file with its options, is handed to it by the kernel with the script's own path before what
 * the person wrote.
 */
public final class ScriptMain {
  private ScriptMain() {}

  /**
   * As {@link Main#main}.
   *
   * @param arguments the script's path, and the person's arguments
   */
  public static void main(String[] arguments) {
    Console.findTerminals();
    Main.main(Arrays.copyOfRange(arguments, 1, arguments.length));
  }
}
