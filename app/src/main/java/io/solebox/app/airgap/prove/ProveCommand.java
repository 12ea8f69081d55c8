package io.solebox.app.airgap.prove;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.server.box.BoxKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Tries every way out that is known, in a process with the gap and in one without. */
@Command(
    name = "prove",
    description =
        "Start a process that is air-gapped, let it try every way out that is known, and show how"
            + " the kernel answered; beside it, what came of the same without a gap.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class ProveCommand implements Callable<Integer> {
  private final Console console;
  private final Environment environment;
  private final String version;

  @Option(
      names = "--with-network",
      description =
          "In the process without a gap, try also what would leave this machine: look up a name,"
              + " call an address of another network.")
  private boolean withNetwork;

  @Option(names = "--out", paramLabel = "FILE", description = "Write the signed proof to a file.")
  private Optional<Path> out;

  @Option(
      names = "--state",
      paramLabel = "DIR",
      description = "Where the box's key lies. Default: server in the data folder.")
  private Optional<Path> state;

  @Option(names = "--json", description = "Print the signed proof as one JSON object.")
  private boolean json;

  ProveCommand(Console console, Environment environment, String version) {
    this.console = console;
    this.environment = environment;
    this.version = version;
  }

  @Override
  public Integer call() throws InterruptedException {
    BoxKey key = BoxKey.in(state.orElse(environment.serverFolder()));
    Proof proof = new Prover(version, withNetwork, console::status).proof();
    String signed = SignedProof.write(proof, key);
    out.ifPresent(to -> write(to, signed));
    if (json) {
      console.println(signed);
    } else {
      Shown.print(console, proof);
      console.println("signed by this box, " + key.fingerprint());
    }
    return proof.through() == 0 ? 0 : 1;
  }

  private static void write(Path file, String signed) {
    try {
      Files.writeString(file, signed + "\n");
    } catch (IOException e) {
      throw new SoleboxException(
          ErrorCode.IO_ERROR,
          file.toString(),
          "The proof cannot be written: " + e.getMessage() + ".",
          "Give another file to --out.",
          e);
    }
  }
}
