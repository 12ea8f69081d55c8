package io.solebox.testkit.hub;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A hub that behaves as Hugging Face's does (huggingface_hub: hf_api.py, file_download.py): info,
 * tree in pages, resolve with redirects to a second server whose addresses are signed and expire.
 * Faults are made at {@link #hub} and {@link #store}.
 */
public final class FakeHub implements AutoCloseable {
  /** A file of a repository. */
  public record Stored(FakeBody body, String sha256, boolean large) {}

  private static final Pattern TREE = Pattern.compile("/api/models/([^/]+/[^/]+)/tree/([^/?]+)");
  private static final Pattern INFO =
      Pattern.compile("/api/models/([^/]+/[^/]+)/revision/([^/?]+)");
  private static final Pattern RESOLVE = Pattern.compile("/([^/]+/[^/]+)/resolve/([^/]+)/(.+)");

  private static final class Repo {
    private final Map<String, Map<String, Stored>> commits = new LinkedHashMap<>();
    private final Map<String, String> branches = new LinkedHashMap<>();
    private String licence = "apache-2.0";
    private Optional<String> tokenWanted = Optional.empty();
    private boolean gated;
    private String prompt = "";
  }

  private final Map<String, Repo> repos = new ConcurrentHashMap<>();
  private final Map<String, String> renamed = new ConcurrentHashMap<>();
  private final AtomicInteger signature = new AtomicInteger();
  private volatile int pageSize = 1000;
  private volatile String linksTo = "";

  /** Names and addresses. */
  public final FakeServer hub = new FakeServer(this::answer);

  /** The bytes of large files. */
  public final FakeServer store = new FakeServer(this::blob);

  public URI uri() {
    return hub.uri();
  }

  /** Lets a branch stand for a commit of these files. */
  public FakeHub commit(String repo, String branch, String commit, Map<String, byte[]> files) {
    Map<String, Stored> stored = new LinkedHashMap<>();
    files.forEach((path, content) -> stored.put(path, stored(path, content)));
    return commitStored(repo, branch, commit, stored);
  }

  /** The same of files that need not be in memory. */
  public FakeHub commitStored(
      String repo, String branch, String commit, Map<String, Stored> files) {
    Repo of = repos.computeIfAbsent(repo, _ -> new Repo());
    of.commits.put(commit, files);
    of.branches.put(branch, commit);
    return this;
  }

  /** A file as the hub keeps it: weights beside the repository, the rest inside. */
  public static Stored stored(String path, byte[] content) {
    return new Stored(FakeBody.of(content), sha256(content), !path.matches(".*\\.(json|md|txt)"));
  }

  /** Nobody sees the repository without this token. */
  public FakeHub hide(String repo, String token) {
    repos.get(repo).tokenWanted = Optional.of(token);
    return this;
  }

  /** Everybody sees it, and only who has this token gets its files. */
  public FakeHub gate(String repo, String token) {
    repos.get(repo).gated = true;
    return hide(repo, token);
  }

  /** What a gated repository wants people to agree to; in JSON, without its quotes. */
  public FakeHub prompt(String repo, String text) {
    repos.get(repo).prompt = text;
    repos.get(repo).gated = true;
    return this;
  }

  public FakeHub rename(String from, String to) {
    renamed.put(from, to);
    return this;
  }

  public FakeHub pages(int size) {
    pageSize = size;
    return this;
  }

  /** What links of its pages begin with, as mirrors hand on those of the original. */
  public FakeHub linksTo(String original) {
    linksTo = original;
    return this;
  }

  /** All addresses that were handed out are no longer good. */
  public void expire() {
    signature.incrementAndGet();
  }

  private FakeAnswer answer(FakeServer.Request request) {
    String path = request.path();
    for (Pattern pattern : List.of(TREE, INFO, RESOLVE)) {
      Matcher matcher = pattern.matcher(path);
      if (matcher.matches()) {
        String name = matcher.group(1);
        if (renamed.containsKey(name)) {
          return FakeAnswer.redirect(307, request.target().replace(name, renamed.get(name)));
        }
        Repo repo = repos.get(name);
        if (repo == null || (hidden(repo, request) && !(repo.gated && pattern != RESOLVE))) {
          return refusal(repo);
        }
        String commit = repo.branches.getOrDefault(matcher.group(2), matcher.group(2));
        if (!repo.commits.containsKey(commit)) {
          return error(404, "RevisionNotFound", "Invalid rev id");
        }
        return pattern == TREE
            ? tree(request, repo, commit)
            : pattern == INFO
                ? info(name, repo, commit)
                : resolve(request, repo, commit, matcher.group(3));
      }
    }
    return FakeAnswer.status(404);
  }

  private static boolean hidden(Repo repo, FakeServer.Request request) {
    return repo.tokenWanted
        .filter(token -> !request.header("authorization").equals("Bearer " + token))
        .isPresent();
  }

  private static FakeAnswer refusal(Repo repo) {
    return repo != null && repo.gated
        ? error(401, "GatedRepo", "Access to this model is restricted")
        : FakeAnswer.json(401, "{\"error\":\"Invalid username or password.\"}");
  }

  /** As the hub says what is wrong. */
  public static FakeAnswer error(int status, String code, String message) {
    return FakeAnswer.json(status, "{\"error\":\"" + message + "\"}")
        .with("X-Error-Code", code)
        .with("X-Error-Message", message);
  }

  private static FakeAnswer info(String name, Repo repo, String commit) {
    return FakeAnswer.json(
        200,
        """
        {"id":"%s","sha":"%s","gated":%s,"private":false,"disabled":false,
         "tags":["gguf","license:%s"]%s}\
        """
            .formatted(
                name,
                commit,
                repo.gated ? "\"manual\"" : "false",
                repo.licence,
                repo.prompt.isEmpty()
                    ? ""
                    : ",\"cardData\":{\"license\":\"other\",\"license_name\":\"strict\","
                        + "\"extra_gated_prompt\":\""
                        + repo.prompt
                        + "\"}"));
  }

  private FakeAnswer tree(FakeServer.Request request, Repo repo, String commit) {
    Matcher cursor = Pattern.compile("cursor=(\\d+)").matcher(request.target());
    int from = cursor.find() ? Integer.parseInt(cursor.group(1)) : 0;
    List<String> entries = new ArrayList<>();
    entries.add("{\"type\":\"directory\",\"oid\":\"" + "0".repeat(40) + "\",\"path\":\"d\"}");
    repo.commits.get(commit).forEach((path, file) -> entries.add(entry(path, file)));
    int to = Math.min(entries.size(), from + pageSize);
    FakeAnswer answer =
        FakeAnswer.json(200, "[" + String.join(",", entries.subList(from, to)) + "]");
    String base = linksTo.isEmpty() ? uri().toString() : linksTo;
    return to == entries.size()
        ? answer
        : answer.with(
            "Link",
            "<" + base + request.path() + "?recursive=true&cursor=" + to + ">; rel=\"next\"");
  }

  private static String entry(String path, Stored file) {
    String sha1 = "0123456789012345678901234567890123456789";
    String oid = file.large() ? sha1 : gitBlob(file.body());
    String lfs =
        file.large()
            ? ",\"lfs\":{\"oid\":\"%s\",\"size\":%d,\"pointerSize\":134}"
                .formatted(file.sha256(), file.body().size())
            : "";
    return "{\"type\":\"file\",\"path\":\"%s\",\"size\":%d,\"oid\":\"%s\"%s}"
        .formatted(path, file.body().size(), oid, lfs);
  }

  private FakeAnswer resolve(FakeServer.Request request, Repo repo, String commit, String path) {
    Stored file = repo.commits.get(commit).get(path);
    if (file == null) {
      return error(404, "EntryNotFound", "Entry not found");
    }
    if (!file.large()) {
      String tag = "\"" + gitBlob(file.body()) + "\"";
      return FakeAnswer.ranged(request, file.body(), tag).with("X-Repo-Commit", commit);
    }
    String signed =
        "%s/%s?signature=s3cr3t-%d".formatted(store.uri(), file.sha256(), signature.get());
    return FakeAnswer.redirect(302, signed)
        .with("X-Repo-Commit", commit)
        .with("X-Linked-Etag", "\"" + file.sha256() + "\"")
        .with("X-Linked-Size", Long.toString(file.body().size()))
        .with("ETag", "\"of-the-redirect\"");
  }

  private FakeAnswer blob(FakeServer.Request request) {
    if (!request.header("authorization").isEmpty()) {
      return FakeAnswer.status(400); // as stores of signed addresses do
    }
    if (!request.target().endsWith("s3cr3t-" + signature.get())) {
      return FakeAnswer.status(403);
    }
    String sha256 = request.path().substring(1);
    return repos.values().stream()
        .flatMap(repo -> repo.commits.values().stream())
        .flatMap(files -> files.values().stream())
        .filter(file -> file.sha256().equals(sha256))
        .findFirst()
        .map(file -> FakeAnswer.ranged(request, file.body(), "\"opaque\""))
        .orElseGet(() -> FakeAnswer.status(404));
  }

  public static String sha256(byte[] content) {
    return hash("SHA-256", content);
  }

  private static String gitBlob(FakeBody body) {
    var bytes = new ByteArrayOutputStream();
    bytes.writeBytes(("blob " + body.size() + "\0").getBytes(StandardCharsets.US_ASCII));
    try {
      body.write(bytes, 0, body.size());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return hash("SHA-1", bytes.toByteArray());
  }

  private static String hash(String algorithm, byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    hub.close();
    store.close();
  }
}
