package io.solebox.store.pull.source;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.store.blob.Digest;
import io.solebox.store.pull.http.Ask;
import io.solebox.store.pull.http.Head;
import io.solebox.store.pull.http.Outbound;
import io.solebox.store.pull.http.Redirects;
import io.solebox.store.pull.http.Secret;
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
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A repository of the Hugging Face hub or of a mirror. One call turns the revision into a commit;
 * everything after it is of that commit, wherever a branch moves meanwhile.
 */
public final class HuggingFace implements Source {
  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");
  private static final Pattern NEXT_PAGE = Pattern.compile("<([^>]*)>\\s*;\\s*rel=\"next\"");
  private static final int MOST_PAGES = 200;
  private static final String MAIN = "main";

  private final Outbound outbound;
  private final HubSettings hub;
  private final PullName.Hub name;
  private final HubErrors errors;
  private String commit = "";

  public HuggingFace(Outbound outbound, HubSettings hub, PullName.Hub name) {
    this.outbound = outbound;
    this.hub = hub;
    this.name = name;
    this.errors = new HubErrors(name.repo(), page(), hub.token().isPresent());
  }

  private String page() {
    return hub.endpoint() + "/" + name.repo();
  }

  @Override
  public Offer look() throws IOException, InterruptedException {
    Map<String, Object> info =
        Replies.object(
            get(
                uri(
                    "/api/models/%s/revision/%s"
                        .formatted(name.repo(), quoted(name.revision().orElse(MAIN))))));
    commit =
        Replies.text(info, "sha")
            .filter(sha -> COMMIT.matcher(sha).matches())
            .orElseThrow(() -> Replies.strange(hub.endpoint(), "it names no commit"));
    List<RemoteFile> files = files();
    List<Variant> variants = Variant.of(files);
    if (variants.isEmpty()) {
      throw noModel(files);
    }
    var notes = new ArrayList<String>();
    if (name.guessed()) {
      notes.add(
          "%s is taken for a repository of the hub; registry.ollama.ai/%s is Ollama's."
              .formatted(name.repo(), name.repo()));
    }
    files.stream()
        .map(RemoteFile::name)
        .filter(file -> file.contains("mmproj"))
        .findFirst()
        .ifPresent(
            file ->
                notes.add(
                    "The repository has a projector for pictures or sound too, "
                        + file
                        + "; this version answers texts only, so it is not fetched."));
    return new Offer(page(), commit, licence(info), terms(info), variants, List.of(), notes);
  }

  /** Of a repository that gives its files only to people who agreed to something. */
  private Optional<Terms> terms(Map<String, Object> info) {
    if (info.getOrDefault("gated", false).equals(false)) {
      return Optional.empty();
    }
    Optional<Map<String, Object>> card = Replies.object(info, "cardData");
    String name =
        card.flatMap(c -> Replies.text(c, "license_name"))
            .or(() -> licence(info))
            .orElse("terms of " + this.name.repo());
    String place = card.flatMap(c -> Replies.text(c, "license_link")).orElse(page());
    String text = card.flatMap(c -> Replies.text(c, "extra_gated_prompt")).orElse("");
    return Optional.of(new Terms(name, place.startsWith("http") ? place : page(), text));
  }

  private static Optional<String> licence(Map<String, Object> info) {
    Optional<String> ofCard =
        Replies.object(info, "cardData").flatMap(card -> Replies.text(card, "license"));
    return ofCard.or(
        () ->
            Replies.list(info.get("tags")).stream()
                .map(String::valueOf)
                .filter(tag -> tag.startsWith("license:"))
                .map(tag -> tag.substring("license:".length()))
                .findFirst());
  }

  private SoleboxException noModel(List<RemoteFile> files) {
    boolean safetensors = files.stream().anyMatch(f -> f.path().endsWith(".safetensors"));
    return new SoleboxException(
        ErrorCode.UNSUPPORTED_MODEL,
        page(),
        safetensors
            ? "This repository has weights in safetensors, but not as a language model has them:"
                + " beside config.json, as model.safetensors or in numbered files with their index."
            : "This repository has no model in GGUF or in safetensors.",
        "Look on the hub for a repository of the same model whose name ends in -GGUF.");
  }

  private List<RemoteFile> files() throws IOException, InterruptedException {
    List<RemoteFile> files = new ArrayList<>();
    Optional<URI> next =
        Optional.of(
            uri(
                "/api/models/%s/tree/%s?recursive=true&expand=false"
                    .formatted(name.repo(), commit)));
    for (int page = 0; next.isPresent(); page++) {
      if (page == MOST_PAGES) {
        throw Replies.strange(next.get(), "its list of files has no end");
      }
      Outbound.Reply reply = get(next.get());
      for (Object entry : Replies.list(Replies.read(reply))) {
        Replies.object(entry).flatMap(HuggingFace::file).ifPresent(files::add);
      }
      next = reply.head().first("link").flatMap(this::next);
    }
    return files;
  }

  /** Mirrors hand back addresses of the original: the same is to be had from them. */
  private Optional<URI> next(String link) {
    Matcher matcher = NEXT_PAGE.matcher(link);
    if (!matcher.find()) {
      return Optional.empty();
    }
    String text = matcher.group(1);
    URI next =
        text.startsWith(HubSettings.ORIGINAL + "/")
            ? URI.create(hub.endpoint() + text.substring(HubSettings.ORIGINAL.length()))
            : hub.endpoint().resolve(text);
    if (!Ask.sameHost(next, hub.endpoint())) {
      throw Replies.strange(hub.endpoint(), "its list goes on at " + next.getHost());
    }
    return Optional.of(next);
  }

  private static Optional<RemoteFile> file(Map<String, Object> entry) {
    Optional<String> path = Replies.text(entry, "path");
    if (path.isEmpty() || !Replies.text(entry, "type").equals(Optional.of("file"))) {
      return Optional.empty();
    }
    Optional<Map<String, Object>> lfs = Replies.object(entry, "lfs");
    Optional<Identity> identity =
        lfs.isPresent()
            ? Replies.text(lfs.get(), "oid").flatMap(Digest::ofHex).map(Identity.Sha256::new)
            : Replies.text(entry, "oid")
                .filter(oid -> COMMIT.matcher(oid).matches())
                .map(Identity.GitBlob::new);
    Optional<Long> size =
        lfs.flatMap(l -> Replies.number(l, "size")).or(() -> Replies.number(entry, "size"));
    return identity.isPresent() && size.filter(s -> s > 0).isPresent()
        ? Optional.of(new RemoteFile(path.get(), size.get(), identity.get()))
        : Optional.empty();
  }

  @Override
  public Origin origin(RemoteFile file) {
    return () -> locate(file);
  }

  private Origin.Located locate(RemoteFile file) throws IOException, InterruptedException {
    URI uri = uri("/%s/resolve/%s/%s".formatted(name.repo(), commit, path(file.path())));
    Head head = answer(Ask.head(uri)).head();
    if (head.status() != 200 && !head.isRedirect()) {
      throw errors.of(head);
    }
    Optional<String> served = head.first("x-repo-commit");
    Optional<String> tag =
        head.first("x-linked-etag").or(() -> head.first("etag")).map(Head::plainTag);
    if (served.isEmpty() || tag.isEmpty()) {
      throw Replies.strange(
          uri, "it does not say which commit and which file it gives, as a mirror must");
    }
    if (!served.get().equals(commit)) {
      throw Replies.strange(
          uri, "it is of commit " + served.get() + " where " + commit + " was asked for");
    }
    long bytes = head.number("x-linked-size").orElse(head.contentLength().orElse(file.bytes()));
    Identity identity = identity(tag.get()).orElse(file.identity());
    Optional<String> location = head.isRedirect() ? head.first("location") : Optional.empty();
    Ask at = Ask.get(head.uri()).with(tokenFor(head.uri()));
    return new Origin.Located(
        location.map(to -> at.redirected(Redirects.target(head.uri(), to))).orElse(at),
        head.isRedirect() && head.number("x-linked-size").isEmpty() ? file.bytes() : bytes,
        identity);
  }

  private static Optional<Identity> identity(String tag) {
    return Digest.ofHex(tag)
        .<Identity>map(Identity.Sha256::new)
        .or(
            () ->
                COMMIT.matcher(tag).matches()
                    ? Optional.of(new Identity.GitBlob(tag))
                    : Optional.empty());
  }

  private Optional<Secret> tokenFor(URI uri) {
    return Ask.sameHost(uri, hub.endpoint()) ? hub.token() : Optional.empty();
  }

  private Outbound.Reply get(URI uri) throws IOException, InterruptedException {
    Outbound.Reply reply = answer(Ask.get(uri));
    if (reply.head().status() != 200) {
      throw errors.of(reply.head());
    }
    return reply;
  }

  /** As whoever has the token; redirects inside the hub are followed. */
  private Outbound.Reply answer(Ask ask) throws InterruptedException {
    try {
      return outbound.ask(
          ask.with(hub.token()),
          target -> Ask.sameHost(target, hub.endpoint()),
          Replies.MOST_BYTES);
    } catch (IOException e) {
      throw Replies.unreachable(ask.uri(), e);
    }
  }

  private URI uri(String path) {
    return URI.create(hub.endpoint() + path);
  }

  private static String quoted(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** Folders stay folders. */
  private static String path(String path) {
    return quoted(path).replace("%2F", "/");
  }
}
