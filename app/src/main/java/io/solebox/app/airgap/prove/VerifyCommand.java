package io.solebox.app.airgap.prove;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import io.solebox.app.console.Json;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.server.box.BoxKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Whether a proof is as a box signed it, and what it says. */
@Command(
    name = "verify",
    description = "Look whether a proof is as a box has signed it, and show it.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class VerifyCommand implements Callable<Integer> {
  private final Console console;
  private final Environment environment;

  @Parameters(paramLabel = "FILE", description = "What 'airgap prove --out' wrote.")
  private Path file;

  @Option(
      names = "--fingerprint",
      paramLabel = "HEX",
      description =
          "Whose signature it must be, as 'solebox box key' says it there. Default: this box's.")
  private Optional<String> fingerprint;

  @Option(
      names = "--state",
      paramLabel = "DIR",
      description = "Where the box's key lies. Default: server in the data folder.")
  private Optional<Path> state;

  @Option(names = "--json", description = "Print one JSON object: the proof, and who signed it.")
  private boolean json;

  VerifyCommand(Console console, Environment environment) {
    this.console = console;
    this.environment = environment;
  }

  @Override
  public Integer call() {
    SignedProof signed = SignedProof.read(read(), file.toString());
    String signer = BoxKey.fingerprint(signed.key());
    if (!signer.equals(wanted())) {
      throw new SoleboxException(
          ErrorCode.UNTRUSTED,
          file.toString(),
          "It is whole, and signed by another box: " + signer + ".",
          "If that is the box you mean, name it with --fingerprint.");
    }
    if (json) {
      Map<String, Object> object = new LinkedHashMap<>();
      object.put("signed_by", signer);
      object.put("proof", signed.proof().json());
      console.println(Json.text(object));
    } else {
      Shown.print(console, signed.proof());
      console.println("signed by " + signer);
    }
    return signed.proof().through() == 0 ? 0 : 1;
  }

  /** No key is made for this: a box without one has signed nothing. */
  private String wanted() {
    Path folder = state.orElse(environment.serverFolder());
    return fingerprint.orElseGet(
        () -> BoxKey.existsIn(folder) ? BoxKey.in(folder).fingerprint() : "");
  }

  private byte[] read() {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new SoleboxException(
          ErrorCode.IO_ERROR,
          file.toString(),
          "It cannot be read: " + e.getMessage() + ".",
          "Name the file that 'solebox airgap prove --out' wrote.",
          e);
    }
  }
}
