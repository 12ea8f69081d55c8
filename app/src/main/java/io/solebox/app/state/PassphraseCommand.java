package io.solebox.app.state;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import io.solebox.app.session.PassphraseArgument;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.server.seal.BoxLock;
import io.solebox.server.seal.Passphrase;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Locks the key of a state with a passphrase, or unlocks it. */
@Command(
    name = "passphrase",
    description = "Lock what a server keeps with a passphrase, which its start then asks for.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class PassphraseCommand implements Runnable {
  private final Console console;
  private final Environment environment;

  @Spec private CommandSpec spec;

  private PassphraseCommand(Console console, Environment environment) {
    this.console = console;
    this.environment = environment;
  }

  static CommandLine with(Console console, Environment environment) {
    return new CommandLine(new PassphraseCommand(console, environment));
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "What should be done? Name a command: set, clear");
  }

  @Command(
      name = "set",
      description = "Set a passphrase, or another one. Nobody can read anything without it.",
      mixinStandardHelpOptions = true,
      sortOptions = false)
  int set(
      @Mixin StateArgument state,
      @Mixin PassphraseArgument now,
      @Option(
              names = "--new-passphrase-file",
              paramLabel = "FILE",
              description = "Its first line is the new passphrase. Default: ask at the terminal.")
          Optional<Path> file) {
    Passphrase next =
        file.map(path -> PassphraseArgument.read(path, console))
            .orElseGet(() -> asked("New passphrase: "));
    if (file.isEmpty() && !next.matches(asked("Once more: "))) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          "passphrase",
          "The two differ.",
          "Try again; nothing was changed.");
    }
    BoxLock.lock(state.folder(environment), now.source(console), next);
    console.println("The next start of the server asks for the passphrase.");
    return 0;
  }

  private Passphrase asked(String prompt) {
    return PassphraseArgument.ask(prompt, console);
  }

  @Command(
      name = "clear",
      description = "Take the passphrase away: whoever has the files can read everything.",
      mixinStandardHelpOptions = true,
      sortOptions = false)
  int clear(@Mixin StateArgument state, @Mixin PassphraseArgument now) {
    BoxLock.unlock(state.folder(environment), now.source(console));
    console.println("The server starts without a passphrase.");
    return 0;
  }
}
