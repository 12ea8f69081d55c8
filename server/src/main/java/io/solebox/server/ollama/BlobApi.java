package io.solebox.server.ollama;

import io.solebox.server.http.Exchange;
import io.solebox.server.http.Problem;
import io.solebox.server.library.ModelLibrary;
import io.solebox.server.params.Params;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code /api/blobs/sha256:HEX}: files of which {@code /api/create} makes models. */
final class BlobApi {
  private static final Pattern DIGEST = Pattern.compile("sha256[:-]([0-9a-f]{64})");

  private final Optional<ModelLibrary> library;

  BlobApi(Optional<ModelLibrary> library) {
    this.library = library;
  }

  /** The hexadecimal digits of a digest as Ollama's clients write it. */
  static Optional<String> hex(Object digest) {
    Matcher match = DIGEST.matcher(String.valueOf(digest));
    return match.matches() ? Optional.of(match.group(1)) : Optional.empty();
  }

  /** Whether a file is here, which clients ask before they send it. */
  void look(Exchange exchange) {
    String hex = asked(exchange);
    if (library.filter(its -> its.hasFile(hex)).isEmpty()) {
      throw Problem.of(404, "blob_not_found", "There is no file of this digest.");
    }
    exchange.send(200, "application/json", new byte[0]);
  }

  void receive(Exchange exchange) throws InterruptedException {
    String hex = asked(exchange);
    ModelLibrary into =
        library.orElseThrow(
            () ->
                Params.unsupported(
                    "blobs",
                    "This server offers the models that it was started with, and no others."));
    into.receive(hex, exchange::readBytes);
    exchange.send(201, "application/json", new byte[0]);
  }

  private static String asked(Exchange exchange) {
    return hex(exchange.parameter("digest"))
        .orElseThrow(
            () ->
                Params.invalidValue(
                    "digest", "A digest is sha256: and 64 hexadecimal digits, in lower case."));
  }
}
