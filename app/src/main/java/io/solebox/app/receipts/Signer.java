package io.solebox.app.receipts;

import io.solebox.app.console.Environment;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.server.box.BoxKey;
import io.solebox.server.receipts.Receipt;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Whose receipts count: whoever has a key can sign one. */
final class Signer {
  @Option(
      names = "--key",
      paramLabel = "PEM",
      description = "The public key that must have signed it, as 'solebox box key --pem' shows it.")
  private Optional<Path> key;

  @Option(
      names = "--fingerprint",
      paramLabel = "HEX",
      description = "The fingerprint of the key that must have signed it.")
  private Optional<String> fingerprint;

  @Option(
      names = "--state",
      paramLabel = "DIR",
      description =
          "Where this box has its own key, which counts where no other is named. Default: server in"
              + " the data folder.")
  private Optional<Path> state;

  /**
   * @throws SoleboxException {@code UNTRUSTED} for a receipt of somebody else
   */
  void require(Receipt receipt, String place, Environment environment) {
    String expected = expected(environment, receipt, place);
    if (!expected.equals(receipt.fingerprint())) {
      throw new SoleboxException(
          ErrorCode.UNTRUSTED,
          place,
          "It is intact, but the key %s has signed it, and not %s."
              .formatted(receipt.fingerprint(), expected),
          "Ask the owner of the box for its key: 'solebox box key' shows it there.");
    }
  }

  private String expected(Environment environment, Receipt receipt, String place) {
    if (key.isPresent()) {
      String own = fingerprint(key.get());
      fingerprint.ifPresent(given -> requireSame(own, given));
      return own;
    }
    return fingerprint
        .map(given -> given.toLowerCase(Locale.ROOT))
        .or(() -> BoxKey.kept(state.orElse(environment.serverFolder())).map(BoxKey::fingerprint))
        .orElseThrow(
            () ->
                new SoleboxException(
                    ErrorCode.UNTRUSTED,
                    place,
                    "It is intact, and the key %s has signed it; whose that is nobody says here."
                        .formatted(receipt.fingerprint()),
                    "Name the key of the box with --key or --fingerprint."));
  }

  private static void requireSame(String own, String given) {
    if (!own.equals(given.toLowerCase(Locale.ROOT))) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          "--fingerprint",
          "The key of --key has another one, " + own + ".",
          "Leave one of the two out.");
    }
  }

  private static String fingerprint(Path pem) {
    try {
      PublicKey read =
          BoxKey.publicKey(Files.readString(pem, StandardCharsets.ISO_8859_1))
              .orElseThrow(
                  () ->
                      new SoleboxException(
                          ErrorCode.INVALID_PARAMETER,
                          pem.toString(),
                          "This is no public key of Ed25519 as PEM.",
                          "'solebox box key --pem' shows the one of a box."));
      return BoxKey.fingerprint(read);
    } catch (IOException e) {
      throw new SoleboxException(
          ErrorCode.IO_ERROR,
          pem.toString(),
          "The key cannot be read (%s).".formatted(e),
          "Check its name and permissions.",
          e);
    }
  }
}
