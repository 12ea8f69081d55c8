package io.solebox.store.pull.name;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.Printable;
import io.solebox.engine.error.SoleboxException;
import io.solebox.store.layout.ModelName;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A model as people name it who know it from elsewhere. */
public sealed interface PullName {
  /**
   * A repository of the Hugging Face hub.
   *
   * @param repo {@code user/name}
   * @param revision branch, tag or commit
   * @param choice a quantization or the name of a file
   * @param guessed whether {@code user/name} could have meant another place too
   */
  record Hub(String repo, Optional<String> revision, Optional<String> choice, boolean guessed)
      implements PullName {}

  /**
   * A repository of ModelScope.
   *
   * @param repo {@code user/name}
   * @param revision branch or tag
   * @param choice a quantization or the name of a file
   */
  record ModelScope(String repo, Optional<String> revision, Optional<String> choice)
      implements PullName {}

  /** A model in a registry that speaks as Ollama's. */
  record Ollama(String host, String namespace, String model, String tag) implements PullName {}

  /** A model artifact in an OCI registry. */
  record Oci(String host, String repository, String tag) implements PullName {}

  /**
   * A model of another Solebox, which shares its store.
   *
   * @param host with the port
   * @param repository what it is called there, without the tag
   */
  record Solebox(String host, String repository, String tag) implements PullName {}

  /** One file. */
  record Url(URI uri) implements PullName {}

  /** What is on this machine already. */
  record Local(String path) implements PullName {}

  String OLLAMA_HOST = "registry.ollama.ai";
  String DOCKER_HOST = "registry-1.docker.io";
  String LATEST = "latest";

  /** Where a Solebox listens that was not told otherwise. */
  int SOLEBOX_PORT = 8080;

  Pattern HUB_PREFIX =
      Pattern.compile("(?:https?://)?(?:www\\.)?(?:hf\\.co|huggingface\\.co)/(.*)|hf:/{0,2}(.*)");

  Pattern MODELSCOPE_PREFIX =
      Pattern.compile(
          "(?:https?://)?(?:www\\.)?modelscope\\.(?:cn|ai)/models/(.*)|modelscope:/{0,2}(.*)");

  /** llama.cpp's rule for repositories: words with single marks between them. */
  Pattern REPO = Pattern.compile("\\w+(?:[.-]+\\w+)*[.-]*/\\w+(?:[.-]+\\w+)*[.-]*");

  Pattern FILE_OF_REPO =
      Pattern.compile("([^/]+/[^/]+)/(?:resolve|blob)/([^/?]+)/([^?]+)(?:\\?.*)?");

  /** Ollama's rule (types/model/name.go). */
  Pattern REGISTRY =
      Pattern.compile("(?:([\\w][\\w.:-]{0,349})/)?(?:([\\w][\\w-]{0,79})/)?([\\w][\\w.-]{0,79})");

  Pattern TAG = Pattern.compile("\\w[\\w.-]{0,127}");

  /** The quantization or the name of a file that a person chose, where the name says one. */
  default Optional<String> choice() {
    return Optional.empty();
  }

  /**
   * Reads a name.
   *
   * @throws SoleboxException {@code INVALID_PARAMETER} for what is none
   */
  static PullName parse(String given) {
    String text = given.strip();
    Matcher hub = HUB_PREFIX.matcher(text);
    if (hub.matches()) {
      return hub(hub.group(1) == null ? hub.group(2) : hub.group(1), false);
    }
    if (text.startsWith("docker:")) {
      return oci(text.substring("docker:".length()).replaceFirst("^//", ""), true);
    }
    if (text.startsWith("oci://")) {
      return oci(text.substring("oci://".length()), false);
    }
    Matcher scope = MODELSCOPE_PREFIX.matcher(text);
    if (scope.matches()) {
      String rest = scope.group(1) == null ? scope.group(2) : scope.group(1);
      Hub same = hub(rest, false);
      return new ModelScope(same.repo(), same.revision(), same.choice());
    }
    if (text.startsWith("solebox:")) {
      return solebox(text.substring("solebox:".length()).replaceFirst("^//", ""));
    }
    if (text.matches("(?i)https?://.*")) {
      return url(text);
    }
    boolean file = text.toLowerCase(Locale.ROOT).endsWith(".gguf") && !text.contains("/");
    if (file || text.matches("(?:[/~\\\\]|\\.{1,2}/).*|[A-Za-z]:\\\\.*")) {
      return new Local(text);
    }
    long slashes = text.chars().filter(c -> c == '/').count();
    return slashes == 1 ? hub(text, true) : ollama(text);
  }

  private static Hub hub(String text, boolean guessed) {
    Matcher file = FILE_OF_REPO.matcher(text);
    if (file.matches()) {
      return hub(file.group(1), Optional.of(file.group(2)), Optional.of(file.group(3)), guessed);
    }
    String rest = text.replaceFirst("[?#].*", "").replaceFirst("/(?:tree/main/?)?$", "");
    Optional<String> revision = Optional.empty();
    int at = rest.indexOf('@');
    if (at >= 0) {
      int end = rest.indexOf(':', at) < 0 ? rest.length() : rest.indexOf(':', at);
      revision = Optional.of(rest.substring(at + 1, end));
      rest = rest.substring(0, at) + rest.substring(end);
    }
    int colon = rest.indexOf(':');
    Optional<String> choice = colon < 0 ? Optional.empty() : Optional.of(rest.substring(colon + 1));
    return hub(colon < 0 ? rest : rest.substring(0, colon), revision, choice, guessed);
  }

  private static Hub hub(
      String repo, Optional<String> revision, Optional<String> choice, boolean guessed) {
    boolean empty =
        revision.filter(String::isBlank).or(() -> choice.filter(String::isBlank)).isPresent();
    if (!REPO.matcher(repo).matches() || repo.length() > 256 || empty) {
      throw wrong(repo, "this is no repository of the hub", "Write USER/NAME or USER/NAME:Q4_K_M.");
    }
    return new Hub(repo, revision, choice, guessed);
  }

  private static PullName ollama(String text) {
    Tagged tagged = Tagged.of(text);
    Matcher parts = REGISTRY.matcher(tagged.name());
    if (!parts.matches() || !TAG.matcher(tagged.tag()).matches()) {
      throw wrong(
          text,
          "this is no name of a model",
          "Write NAME:TAG of Ollama's library, USER/NAME of the hub, or an address.");
    }
    String host = Optional.ofNullable(parts.group(1)).orElse(OLLAMA_HOST);
    String namespace = Optional.ofNullable(parts.group(2)).orElse("library");
    return new Ollama(host, namespace, parts.group(3), tagged.tag());
  }

  /** What stands before and behind the last colon that is behind the last slash. */
  record Tagged(String name, String tag) {
    static Tagged of(String text) {
      int colon = text.indexOf(':', text.lastIndexOf('/') + 1);
      return colon < 0
          ? new Tagged(text, LATEST)
          : new Tagged(text.substring(0, colon), text.substring(colon + 1));
    }
  }

  private static PullName oci(String text, boolean docker) {
    Tagged tagged = Tagged.of(text);
    String[] parts = tagged.name().split("/", -1);
    boolean named = parts.length > 1 && (parts[0].matches(".*[.:].*") || !docker);
    String host = named ? parts[0] : DOCKER_HOST;
    String path = named ? tagged.name().substring(parts[0].length() + 1) : tagged.name();
    String repository = docker && !path.contains("/") ? "ai/" + path : path;
    boolean sound =
        repository.matches("[a-z0-9]+(?:[._-]+[a-z0-9]+)*(?:/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*");
    if (!sound || !TAG.matcher(tagged.tag()).matches() || (!docker && !named)) {
      throw wrong(
          text,
          "this is no model artifact",
          "Write docker:ai/NAME:TAG or oci://HOST/REPOSITORY:TAG, in lower case.");
    }
    return new Oci(host.equals("docker.io") ? DOCKER_HOST : host, repository, tagged.tag());
  }

  private static PullName solebox(String text) {
    int slash = text.indexOf('/');
    Tagged tagged = Tagged.of(text.substring(slash + 1));
    boolean sound =
        slash > 0
            && ModelName.find(tagged.name() + ":" + tagged.tag()).isPresent()
            && text.substring(0, slash)
                .matches("[\\w.-]+(?::\\d{1,5})?|\\[[0-9a-fA-F:.]+](?::\\d{1,5})?");
    if (!sound) {
      throw wrong(
          text,
          "this is no model of another Solebox",
          "Write solebox://HOST:PORT/NAME, with the name that 'solebox models ls' shows there.");
    }
    String host = text.substring(0, slash);
    boolean hasPort = host.matches(".*:\\d+");
    return new Solebox(hasPort ? host : host + ":" + SOLEBOX_PORT, tagged.name(), tagged.tag());
  }

  private static PullName url(String text) {
    try {
      URI uri = URI.create(text);
      if (uri.getHost() != null && uri.getUserInfo() == null) {
        return new Url(uri);
      }
    } catch (IllegalArgumentException e) {
      // said below
    }
    throw wrong(
        text.replaceFirst("//[^/]*@", "//").replaceFirst("\\?.*", ""),
        "this is no address that can be fetched",
        "Write https://HOST/FILE.gguf, without a name and a password in it.");
  }

  private static SoleboxException wrong(String text, String message, String remedy) {
    return new SoleboxException(ErrorCode.INVALID_PARAMETER, Printable.name(text), message, remedy);
  }
}
