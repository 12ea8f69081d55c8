package io.solebox.server.desk;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.json.JsonWriter;
import io.solebox.server.box.BoxKey;
import io.solebox.server.box.GapProver;
import io.solebox.server.http.Api;
import io.solebox.server.http.Exchange;
import io.solebox.server.http.Method;
import io.solebox.server.http.Permission;
import io.solebox.server.http.Problem;
import io.solebox.server.http.Route;
import io.solebox.server.http.RouteLimits;
import io.solebox.server.receipts.Receipt;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What the pages show of the box itself: how it was started, whether a receipt is its own, and
 * whether its air gap holds.
 */
public final class BoxApi {
  private static final String JSON = "application/json";
  private static final int MOST_RECEIPT_BYTES = 8 << 20;

  private final JsonWriter json;
  private final Box box;
  private final AtomicBoolean proving = new AtomicBoolean();

  /**
   * What is told of it.
   *
   * @param prover what proves the air gap; empty where nobody has brought it
   * @param settings what it was started with, by the names of options; no secrets
   * @param folder of its key; empty where nothing is kept
   */
  public record Box(
      String version,
      boolean airGapped,
      Optional<GapProver> prover,
      Map<String, String> settings,
      Optional<Path> folder) {}

  public BoxApi(JsonWriter json, Box box) {
    this.json = json;
    this.box = box;
  }

  /**
   * @param problems whose words its errors have
   */
  public Api api(Api.ProblemWriter problems) {
    return new Api(
        List.of(
            new Route(
                Method.GET,
                "/admin/server",
                Permission.ADMINISTRATE,
                RouteLimits.NO_BODY,
                this::server),
            new Route(
                Method.POST,
                "/admin/airgap/prove",
                Permission.ADMINISTRATE,
                RouteLimits.NO_BODY,
                this::prove),
            new Route(
                Method.POST,
                "/receipts/verify",
                Permission.SEE,
                RouteLimits.body(MOST_RECEIPT_BYTES),
                this::verify)),
        problems);
  }

  private void server(Exchange exchange) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("version", box.version());
    body.put("air_gap", box.airGapped());
    body.put("key", fingerprint().orElse(null));
    body.put("settings", box.settings());
    exchange.send(200, JSON, json.bytes(body));
  }

  /** Of the key with which it signs; empty where it has none yet. */
  private Optional<String> fingerprint() {
    return box.folder().filter(BoxKey::existsIn).map(folder -> BoxKey.in(folder).fingerprint());
  }

  /** Tries every way out; one at a time, since each may take two processes. */
  private void prove(Exchange exchange) throws InterruptedException {
    Path folder =
        box.folder()
            .orElseThrow(() -> cannotProve("keeps nothing, and so has no key to sign with"));
    GapProver prover =
        box.prover().orElseThrow(() -> cannotProve("was started by a program that cannot"));
    if (!proving.compareAndSet(false, true)) {
      throw Problem.of(409, "still_running", "The air gap is being proved already.");
    }
    try {
      String proof = prover.prove(BoxKey.in(folder));
      exchange.record("airgap.prove", "", Map.of());
      exchange.send(200, JSON, proof.getBytes(StandardCharsets.UTF_8));
    } finally {
      proving.set(false);
    }
  }

  private static Problem cannotProve(String why) {
    return Problem.of(
        409,
        "cannot_prove",
        "This server %s. Run 'solebox airgap prove' beside it.".formatted(why));
  }

  /** Says what a receipt is worth; one that is none is an answer too, and no error. */
  private void verify(Exchange exchange) throws InterruptedException {
    byte[] receipt = body(exchange);
    Map<String, Object> answer = new LinkedHashMap<>();
    try {
      Receipt read = Receipt.read(receipt, "receipt");
      answer.put("valid", true);
      answer.put("fingerprint", read.fingerprint());
      answer.put("own", fingerprint().filter(read.fingerprint()::equals).isPresent());
      answer.put("salt", read.salt().isPresent());
      answer.put("in_answer", read.inAnswer());
      answer.put("receipt", read.fields().all());
    } catch (SoleboxException e) {
      if (e.code() != ErrorCode.UNTRUSTED) {
        throw e;
      }
      answer.put("valid", false);
      answer.put("why", e.explanation());
    }
    exchange.send(200, JSON, json.bytes(answer));
  }

  /** As it is, since a receipt's bytes are signed and not what they mean. */
  private static byte[] body(Exchange exchange) throws InterruptedException {
    String type = exchange.header("Content-Type").orElse("");
    if (!type.toLowerCase(Locale.ROOT).startsWith(JSON)) {
      throw Problem.of(
          415, "unsupported_content_type", "Send the receipt as 'Content-Type: application/json'.");
    }
    var bytes = new ByteArrayOutputStream();
    try {
      exchange.readBytes(Channels.newChannel(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e); // of memory, which does not happen
    }
    return bytes.toByteArray();
  }
}
