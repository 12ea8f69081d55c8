package io.solebox.server.share;

import io.solebox.engine.json.JsonWriter;
import io.solebox.server.http.Api;
import io.solebox.server.http.ByteSpan;
import io.solebox.server.http.Exchange;
import io.solebox.server.http.Method;
import io.solebox.server.http.Permission;
import io.solebox.server.http.Problem;
import io.solebox.server.http.Route;
import io.solebox.server.http.RouteLimits;
import io.solebox.server.http.Texts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code /v2}: the models of this machine for other machines, as a registry of the OCI distribution
 * specification of which one may only pull.
 */
public final class ShareApi {
  private static final String JSON = "application/json";
  private static final String BYTES = "application/octet-stream";

  /** {@code REPOSITORY/manifests/REFERENCE} or {@code REPOSITORY/blobs/DIGEST}. */
  private static final Pattern WHAT = Pattern.compile("(.+)/(manifests|blobs)/([^/]+)");

  private final JsonWriter json;
  private final SharedModels models;

  public ShareApi(JsonWriter json, SharedModels models) {
    this.json = json;
    this.models = models;
  }

  public Api api() {
    return new Api(
        List.of(route("/v2", this::version), route("/v2/{what*}", this::give)), this::problem);
  }

  private static Route route(String path, Route.Handler handler) {
    return new Route(Method.GET, path, Permission.USE_MODELS, RouteLimits.NO_BODY, handler);
  }

  private byte[] problem(Problem problem, String requestId) {
    return json.bytes(
        Map.of(
            "errors",
            List.of(
                Map.of(
                    "code",
                    problem.code().toUpperCase(Locale.ROOT),
                    "message",
                    problem.getMessage(),
                    "detail",
                    Map.of("request_id", requestId)))));
  }

  private void version(Exchange exchange) {
    exchange.setHeader("Docker-Distribution-Api-Version", "registry/2.0");
    exchange.send(200, JSON, json.bytes(Map.of()));
  }

  private void give(Exchange exchange) {
    Matcher what = WHAT.matcher(exchange.parameter("what"));
    if (!what.matches()) {
      throw Problem.of(
          404, "name_unknown", "Ask for REPOSITORY/manifests/TAG or REPOSITORY/blobs/DIGEST.");
    }
    if (what.group(2).equals("manifests")) {
      manifest(exchange, what.group(1), what.group(3));
    } else {
      blob(exchange, what.group(1), what.group(3));
    }
  }

  private void manifest(Exchange exchange, String repository, String reference) {
    SharedModels.Manifest manifest =
        models
            .manifest(repository, reference)
            .orElseThrow(() -> unknown("manifest_unknown", repository + ":" + reference));
    exchange.setHeader("Docker-Content-Digest", manifest.digest());
    exchange.send(200, manifest.mediaType(), manifest.content());
  }

  private void blob(Exchange exchange, String repository, String digest) {
    Path file =
        models
            .blob(repository, digest)
            .orElseThrow(() -> unknown("blob_unknown", repository + "@" + digest));
    String tag = '"' + digest + '"';
    exchange.setHeader("Docker-Content-Digest", digest);
    exchange.setHeader("ETag", tag);
    exchange.setHeader("Accept-Ranges", "bytes");
    boolean sameFile = exchange.header("If-Range").map(tag::equals).orElse(true);
    Optional<String> range = sameFile ? exchange.header("Range") : Optional.empty();
    try {
      long size = Files.size(file);
      exchange.sendFile(BYTES, file, range.flatMap(text -> ByteSpan.parse(text, size)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Problem unknown(String code, String what) {
    return Problem.of(404, code, "There is no '%s' here.".formatted(Texts.abbreviated(what)));
  }
}
