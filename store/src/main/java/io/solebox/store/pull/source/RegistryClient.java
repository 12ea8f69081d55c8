package io.solebox.store.pull.source;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.store.blob.Digest;
import io.solebox.store.pull.http.Ask;
import io.solebox.store.pull.http.Head;
import io.solebox.store.pull.http.Outbound;
import io.solebox.store.pull.http.Redirects;
import io.solebox.store.pull.http.Secret;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One repository of a registry of version 2 (OCI distribution specification): manifests and blobs,
 * with the anonymous tokens that registries want.
 */
final class RegistryClient {
  private static final Pattern PARAMETER = Pattern.compile("(\\w+)=\"([^\"]*)\"");

  /** From which hosts tokens are taken. */
  enum Realms {
    /** From the registry itself alone (ollama: server/auth.go). */
    OWN,
    /** From where it says, as registries with an authority for several do. */
    ANY,
    /** From nobody: there is a key of the registry itself, or none. */
    NOBODY
  }

  private final Outbound outbound;
  private final URI registry;
  private final String repository;
  private final Realms realms;
  private Optional<Secret> token = Optional.empty();

  /**
   * @param registry without a slash at its end
   */
  RegistryClient(Outbound outbound, URI registry, String repository, Realms realms) {
    this.outbound = outbound;
    this.registry = registry;
    this.repository = repository;
    this.realms = realms;
  }

  /** One that takes a key, or nothing, and gives no tokens. */
  static RegistryClient withKey(
      Outbound outbound, URI registry, String repository, Optional<Secret> key) {
    var client = new RegistryClient(outbound, registry, repository, Realms.NOBODY);
    client.token = key;
    return client;
  }

  /** Where people find it. */
  String place() {
    return registry + "/" + repository;
  }

  /** The bytes of a manifest, as they came. */
  byte[] manifest(String tag, String accept) throws IOException, InterruptedException {
    Outbound.Reply reply = get("manifests/" + tag, accept);
    if (reply.head().status() == 404) {
      throw new SoleboxException(
          ErrorCode.MODEL_NOT_FOUND,
          place(),
          "The registry has no such model, or none with the tag '" + tag + "'.",
          "Check the name and the tag at the registry.");
    }
    return require(reply).body();
  }

  /**
   * A short blob.
   *
   * @throws SoleboxException {@code IO_ERROR} if it is not what its digest says
   */
  byte[] blob(Digest digest) throws IOException, InterruptedException {
    Outbound.Reply reply = require(get("blobs/" + digest, "*/*"));
    if (!Digest.of(reply.body()).equals(digest)) {
      throw Replies.strange(uri("blobs/" + digest), "it is another blob");
    }
    return reply.body();
  }

  /** Where a blob can be had. */
  String address(Digest digest) {
    return uri("blobs/" + digest).toString();
  }

  /** What to ask for a blob, with a token that is good now. */
  Ask askForBlob(Digest digest) throws IOException, InterruptedException {
    URI uri = uri("blobs/" + digest);
    if (token.isPresent() && realms != Realms.NOBODY) {
      token = Optional.empty();
      get("manifests/latest", "*/*"); // whatever it is, the challenge brings a fresh token
    }
    return Ask.get(uri).with(token);
  }

  private URI uri(String what) {
    return URI.create(registry + "/v2/" + repository + "/" + what);
  }

  private Outbound.Reply get(String what, String accept) throws IOException, InterruptedException {
    Ask ask = Ask.get(uri(what)).with("Accept", accept);
    try {
      Outbound.Reply reply = outbound.ask(ask.with(token), _ -> true, Replies.MOST_BYTES);
      if (reply.head().status() != 401 || token.isPresent() || realms == Realms.NOBODY) {
        return reply;
      }
      token = Optional.of(token(reply.head()));
      return outbound.ask(ask.with(token), _ -> true, Replies.MOST_BYTES);
    } catch (IOException e) {
      throw Replies.unreachable(ask.uri(), e);
    }
  }

  private Outbound.Reply require(Outbound.Reply reply) {
    int status = reply.head().status();
    if (status == 401 || status == 403) {
      throw denied("The registry does not give this to everybody (HTTP " + status + ").");
    }
    if (status != 200) {
      throw Replies.failed(reply.head());
    }
    return reply;
  }

  private SoleboxException denied(String message) {
    return new SoleboxException(
        ErrorCode.ACCESS_DENIED,
        place(),
        message,
        realms == Realms.NOBODY
            ? "Put a key that its owner gives you into SOLEBOX_API_KEY."
            : "See whether the name is right and the model public.");
  }

  private Secret token(Head head) throws IOException, InterruptedException {
    String challenge = head.first("www-authenticate").orElse("");
    Map<String, String> parameters = new LinkedHashMap<>();
    Matcher matcher = PARAMETER.matcher(challenge);
    while (matcher.find()) {
      parameters.put(matcher.group(1), matcher.group(2));
    }
    if (!challenge.startsWith("Bearer ") || !parameters.containsKey("realm")) {
      throw denied("The registry wants to know who asks.");
    }
    URI realm = Redirects.target(head.uri(), parameters.remove("realm"));
    if (realms == Realms.OWN && !Ask.sameHost(realm, registry)) {
      throw denied("The registry wants a token of another host, " + realm.getHost() + ".");
    }
    parameters.putIfAbsent("scope", "repository:" + repository + ":pull");
    var query = new StringBuilder();
    parameters.forEach(
        (name, value) ->
            query
                .append(query.isEmpty() ? "?" : "&")
                .append(name)
                .append("=")
                .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
    Outbound.Reply reply =
        outbound.ask(Ask.get(URI.create(realm + query.toString())), _ -> false, 1 << 20);
    if (reply.head().status() != 200) {
      throw denied("The registry gives no token (HTTP " + reply.head().status() + ").");
    }
    Map<String, Object> answer = Replies.object(reply);
    return Replies.text(answer, "token")
        .or(() -> Replies.text(answer, "access_token"))
        .filter(text -> text.matches("[!-~]+"))
        .map(Secret::bearer)
        .orElseThrow(() -> Replies.strange(realm, "it has no token"));
  }
}
