package io.solebox.testkit.hub;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A registry of models: manifests, blobs by redirect to a second server, and tokens where they are
 * wanted (OCI distribution specification; ollama: server/images.go, auth.go).
 */
public final class FakeRegistry implements AutoCloseable {
  private static final Pattern PATH = Pattern.compile("/v2/(.+)/(manifests|blobs)/([^/]+)");

  private final Map<String, byte[]> manifests = new ConcurrentHashMap<>();
  private final Map<String, byte[]> blobs = new ConcurrentHashMap<>();
  private volatile Optional<String> realm = Optional.empty();

  /** Manifests and tokens. */
  public final FakeServer registry = new FakeServer(this::answer);

  /** Bytes, to which the registry redirects; and tokens for those who send others here. */
  public final FakeServer store = new FakeServer(this::elsewhere);

  public URI uri() {
    return registry.uri();
  }

  /** As in {@code 127.0.0.1:40001}. */
  public String host() {
    return uri().getAuthority();
  }

  /** A layer. */
  public record Layer(String mediaType, byte[] content) {}

  /** Publishes a model; returns the bytes of its manifest. */
  public byte[] publish(String repository, String tag, String config, List<Layer> layers) {
    byte[] configBytes = config.getBytes(StandardCharsets.UTF_8);
    List<String> entries = new ArrayList<>();
    layers.forEach(layer -> entries.add(descriptor(layer.mediaType(), layer.content())));
    String manifest =
        """
        {"schemaVersion":2,"mediaType":"application/vnd.docker.distribution.manifest.v2+json",
         "config":%s,
         "layers":[%s]}\
        """
            .formatted(
                descriptor("application/vnd.docker.container.image.v1+json", configBytes),
                String.join(",", entries));
    byte[] bytes = manifest.getBytes(StandardCharsets.UTF_8);
    manifests.put(repository + "/" + tag, bytes);
    return bytes;
  }

  private String descriptor(String mediaType, byte[] content) {
    String digest = "sha256:" + FakeHub.sha256(content);
    blobs.put(digest, content);
    return "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d}"
        .formatted(mediaType, digest, content.length);
  }

  /** From now on nobody is answered without a token, which is to be had here. */
  public void wantTokens() {
    realm = Optional.of(registry.uri() + "/token");
  }

  /** The same, with tokens to be had at another host. */
  public void wantForeignTokens() {
    realm = Optional.of(store.uri() + "/token");
  }

  private FakeAnswer answer(FakeServer.Request request) {
    if (request.path().equals("/token")) {
      return token();
    }
    Matcher path = PATH.matcher(request.path());
    if (!path.matches()) {
      return FakeAnswer.status(404);
    }
    if (realm.isPresent() && !request.header("authorization").equals("Bearer t0ken")) {
      return FakeAnswer.status(401)
          .with(
              "WWW-Authenticate",
              "Bearer realm=\"%s\",service=\"fake\",scope=\"repository:%s:pull\""
                  .formatted(realm.get(), path.group(1)));
    }
    String name = path.group(3);
    if (path.group(2).equals("manifests")) {
      byte[] manifest = manifests.get(path.group(1) + "/" + name);
      return manifest == null ? FakeAnswer.status(404) : FakeAnswer.of(200, FakeBody.of(manifest));
    }
    return blobs.containsKey(name)
        ? FakeAnswer.redirect(307, store.uri() + "/" + name + "?signature=s3cr3t")
        : FakeAnswer.status(404);
  }

  private static FakeAnswer token() {
    return FakeAnswer.json(200, "{\"token\":\"t0ken\"}");
  }

  private FakeAnswer elsewhere(FakeServer.Request request) {
    if (request.path().equals("/token")) {
      return token();
    }
    if (!request.header("authorization").isEmpty()) {
      return FakeAnswer.status(400);
    }
    byte[] blob = blobs.get(request.path().substring(1));
    return blob == null
        ? FakeAnswer.status(404)
        : FakeAnswer.ranged(request, FakeBody.of(blob), "\"b\"");
  }

  @Override
  public void close() {
    registry.close();
    store.close();
  }
}
