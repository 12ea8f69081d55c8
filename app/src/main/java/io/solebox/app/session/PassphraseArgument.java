package io.solebox.app.session;

import io.solebox.app.console.Console;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.server.seal.Passphrase;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where the passphrase of a state comes from, where it has one. */
public final class PassphraseArgument {
  @Option(
      names = "--state-passphrase-file",
      paramLabel = "FILE",
      description =
          "The first line of this file is the passphrase that locks the state; - reads stdin."
              + " Default: ask at the terminal, where there is a passphrase.")
  private Optional<Path> file = Optional.empty();

  /** Asks when it is needed. */
  public Passphrase.Source source(Console console) {
    if (file.isPresent()) {
      return () -> read(file.get(), console);
    }
    return console.inIsTerminal() ? () -> ask("Passphrase: ", console) : Passphrase.NONE;
  }

  /**
   * @param file {@code -} for stdin
   */
  public static Passphrase read(Path file, Console console) {
    boolean stdin = file.toString().equals("-");
    try (BufferedReader lines =
        stdin
            ? new BufferedReader(new InputStreamReader(console.in(), StandardCharsets.UTF_8))
            : Files.newBufferedReader(file)) {
      return Passphrase.of(Optional.ofNullable(lines.readLine()).orElse("").toCharArray());
    } catch (IOException e) {
      throw new SoleboxException(
          ErrorCode.IO_ERROR,
          file.toString(),
          "The passphrase cannot be read: " + e.getMessage() + ".",
          "Give a file whose first line it is.",
          e);
    }
  }

  /** Asks at the terminal, which does not show what is typed. */
  public static Passphrase ask(String prompt, Console console) {
    java.io.Console terminal = console.inIsTerminal() ? System.console() : null;
    char[] typed = terminal == null ? null : terminal.readPassword("%s", prompt);
    if (typed == null) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          "passphrase",
          "There is no terminal at which to ask for it.",
          "Give it in a file.");
    }
    return Passphrase.of(typed);
  }
}
