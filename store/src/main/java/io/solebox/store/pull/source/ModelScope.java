package io.solebox.store.pull.source;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.store.blob.Digest;
import io.solebox.store.pull.http.Ask;
import io.solebox.store.pull.http.Outbound;
import io.solebox.store.pull.name.PullName;
import io.solebox.store.pull.transfer.Identity;
import io.solebox.store.pull.transfer.Origin;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A repository of ModelScope, by the calls of its own client (modelscope: hub/api.py). It tells of
 * no commit, so what is fetched is known by the digests of its list alone: a branch that moves
 * meanwhile is found out by them.
 */
final class ModelScope implements Source {
  private static final String MASTER = "master";
  private static final String REMEDY = "See whether the name is right and the model public.";

  private final Outbound outbound;
  private final URI endpoint;
  private final PullName.ModelScope name;
  private final String revision;

  /**
   * @param endpoint without a slash at its end
   */
  ModelScope(Outbound outbound, URI endpoint, PullName.ModelScope name) {
    this.outbound = outbound;
    this.endpoint = endpoint;
    this.name = name;
    this.revision = name.revision().orElse(MASTER);
  }

  private String page() {
    return endpoint + "/models/" + name.repo();
  }

  @Override
  public Offer look() throws InterruptedException {
    URI uri = uri("/files?Revision=" + quoted(revision) + "&Recursive=true");
    Outbound.Reply reply;
    try {
      reply = outbound.ask(Ask.get(uri), to -> Ask.sameHost(to, endpoint), Replies.MOST_BYTES);
    } catch (IOException e) {
      throw Replies.unreachable(uri, e);
    }
    switch (reply.head().status()) {
      case 200 -> {}
      case 401, 403 -> throw refused(ErrorCode.ACCESS_DENIED, "It is not given to everybody");
      case 404 -> throw refused(ErrorCode.MODEL_NOT_FOUND, "There is no such repository");
      default -> throw Replies.failed(reply.head());
    }
    List<?> listed =
        Replies.object(Replies.object(reply), "Data")
            .map(data -> Replies.list(data.get("Files")))
            .orElseThrow(() -> Replies.strange(uri, "it has no list of files"));
    List<RemoteFile> files = new ArrayList<>();
    for (Object entry : listed) {
      Replies.object(entry).flatMap(ModelScope::file).ifPresent(files::add);
    }
    List<Variant> variants = Variant.of(files);
    if (variants.isEmpty()) {
      throw refused(
          ErrorCode.UNSUPPORTED_MODEL,
          "It has no model in GGUF or in safetensors of which it names the digests");
    }
    return new Offer(
        page(), revision, Optional.empty(), Optional.empty(), variants, List.of(), List.of());
  }

  private SoleboxException refused(ErrorCode code, String message) {
    return new SoleboxException(code, page(), message + ".", REMEDY);
  }

  private static Optional<RemoteFile> file(Map<String, Object> entry) {
    Optional<String> path = Replies.text(entry, "Path");
    Optional<Digest> digest = Replies.text(entry, "Sha256").flatMap(Digest::ofHex);
    Optional<Long> size = Replies.number(entry, "Size").filter(bytes -> bytes > 0);
    return path.isPresent() && digest.isPresent() && size.isPresent()
        ? Optional.of(new RemoteFile(path.get(), size.get(), new Identity.Sha256(digest.get())))
        : Optional.empty();
  }

  @Override
  public Origin origin(RemoteFile file) {
    URI uri = uri("?Revision=" + quoted(revision) + "&FilePath=" + quoted(file.path()));
    return () -> new Origin.Located(Ask.get(uri), file.bytes(), file.identity());
  }

  private URI uri(String rest) {
    return URI.create(endpoint + "/api/v1/models/" + name.repo() + "/repo" + rest);
  }

  private static String quoted(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
