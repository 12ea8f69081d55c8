package io.solebox.store.pull.source;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.Printable;
import io.solebox.engine.error.SoleboxException;
import io.solebox.store.blob.Digest;
import io.solebox.store.pull.http.Ask;
import io.solebox.store.pull.http.Outbound;
import io.solebox.store.pull.http.Secret;
import io.solebox.store.pull.name.PullName;
import io.solebox.store.pull.name.Quantization;
import io.solebox.store.pull.transfer.Identity;
import io.solebox.store.pull.transfer.Origin;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** One model in a registry, of Ollama's kind or as an OCI artifact of Docker's or the CNCF's. */
public final class Registry implements Source {
  private static final String ACCEPT =
      "application/vnd.docker.distribution.manifest.v2+json,"
          + " application/vnd.oci.image.manifest.v1+json";

  private static final String OLLAMA = "application/vnd.ollama.image.";
  private static final int LONGEST_LICENCE = 100;

  private final RegistryClient client;
  private final URI registry;
  private final String model;
  private final String tag;

  private Registry(RegistryClient client, URI registry, String model, String tag) {
    this.client = client;
    this.registry = registry;
    this.model = model;
    this.tag = tag;
  }

  static Registry of(PullName.Ollama name, Outbound outbound, boolean insecure) {
    URI registry = registry(name.host(), insecure);
    String repository = name.namespace() + "/" + name.model();
    var client = new RegistryClient(outbound, registry, repository, RegistryClient.Realms.OWN);
    return new Registry(client, registry, name.model(), name.tag());
  }

  static Registry of(PullName.Oci name, Outbound outbound, boolean insecure) {
    URI registry = registry(name.host(), insecure);
    var client =
        new RegistryClient(outbound, registry, name.repository(), RegistryClient.Realms.ANY);
    String model = name.repository().substring(name.repository().lastIndexOf('/') + 1);
    return new Registry(client, registry, model, name.tag());
  }

  /**
   * One that is spoken to with encryption where a person has said who signs its certificate.
   *
   * @param key that the other one's owner gave out, where it takes keys
   */
  static Registry of(PullName.Solebox name, Outbound outbound, Optional<Secret> key) {
    URI registry = registry(name.host(), !outbound.trustsMore());
    var client = RegistryClient.withKey(outbound, registry, name.repository(), key);
    String model = name.repository().substring(name.repository().lastIndexOf('/') + 1);
    return new Registry(client, registry, model, name.tag());
  }

  private static URI registry(String host, boolean insecure) {
    try {
      URI uri = URI.create((insecure ? "http://" : "https://") + host);
      if (uri.getHost() != null) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      // said below
    }
    throw new SoleboxException(
        ErrorCode.INVALID_PARAMETER,
        Printable.name(host),
        "This is no host of a registry.",
        "Write it as HOST or HOST:PORT.");
  }

  @Override
  public Offer look() throws IOException, InterruptedException {
    byte[] manifest = client.manifest(tag, ACCEPT);
    Layers layers = Layers.of(Replies.object(manifest, registry), registry);
    Map<String, Object> config = Replies.object(client.blob(layers.config().digest()), registry);
    requireGguf(layers, config);
    var notes = new ArrayList<String>();
    List<Layers.Layer> weights = new ArrayList<>();
    List<Offer.Beside> beside = new ArrayList<>();
    Map<Layers.Layer, String> licences = new LinkedHashMap<>();
    for (Layers.Layer layer : layers.all()) {
      switch (LayerKind.of(layer.mediaType())) {
        case WEIGHTS -> weights.add(layer);
        case LICENCE -> {
          beside.add(beside(layer));
          licences.put(layer, text(layer));
        }
        case PROJECTOR ->
            notes.add(
                "It has a projector for pictures or sound too, which is not fetched: this version"
                    + " answers texts only.");
        case TEMPLATE -> notes.add("Its own template is not used: the one in the model's file is.");
        case SETTINGS -> {
          beside.add(beside(layer));
          notes.add(
              "It brings settings of its own (%s), which are kept, and which the server applies in"
                      .formatted(layer.mediaType())
                  + " Ollama's API alone.");
        }
        case OTHER -> throw unsupported("It has a part that is not known: " + layer.mediaType());
      }
    }
    return offer(manifest, weights, beside, licences, notes);
  }

  private Offer offer(
      byte[] manifest,
      List<Layers.Layer> weights,
      List<Offer.Beside> beside,
      Map<Layers.Layer, String> licences,
      List<String> notes) {
    if (weights.isEmpty()) {
      throw unsupported("It has no model in GGUF");
    }
    List<RemoteFile> parts = new ArrayList<>();
    for (int i = 0; i < weights.size(); i++) {
      Layers.Layer layer = weights.get(i);
      parts.add(new RemoteFile(title(layer, i, weights.size()), layer.size(), identity(layer)));
    }
    var variant = new Variant(model + "-" + tag, Quantization.of(tag), parts);
    return new Offer(
        client.place(),
        Digest.of(manifest).toString(),
        licences.values().stream().flatMap(text -> title(text).stream()).findFirst(),
        terms(licences),
        List.of(variant),
        beside,
        notes);
  }

  private String title(Layers.Layer layer, int index, int count) {
    String stem = (model + "-" + tag).replaceAll("[^\\w.+-]", "-");
    String ours =
        count == 1
            ? stem + ".gguf"
            : String.format(Locale.ROOT, "%s-%05d-of-%05d.gguf", stem, index + 1, count);
    return layer.title().filter(t -> t.toLowerCase(Locale.ROOT).endsWith(".gguf")).orElse(ours);
  }

  private static Identity identity(Layers.Layer layer) {
    return new Identity.Sha256(layer.digest());
  }

  private static Offer.Beside beside(Layers.Layer layer) {
    String kind = layer.mediaType().substring(layer.mediaType().lastIndexOf('.') + 1);
    return new Offer.Beside(new RemoteFile(kind, layer.size(), identity(layer)), layer.mediaType());
  }

  private void requireGguf(Layers layers, Map<String, Object> config) {
    if (Replies.text(config, "remote_host").filter(host -> !host.isBlank()).isPresent()) {
      throw unsupported("It does not run here: its answers come from somebody else's machine");
    }
    String format =
        Replies.text(config, "model_format")
            .or(() -> Replies.object(config, "config").flatMap(c -> Replies.text(c, "format")))
            .orElse("gguf");
    if (!format.isBlank() && !format.equalsIgnoreCase("gguf")) {
      throw unsupported("Its format is " + Printable.name(format) + ", and not GGUF");
    }
    if (layers.all().stream().anyMatch(l -> l.mediaType().equals(OLLAMA + "tensor"))) {
      throw unsupported("It is stored tensor by tensor, and not in GGUF");
    }
  }

  private SoleboxException unsupported(String message) {
    return new SoleboxException(
        ErrorCode.UNSUPPORTED_MODEL,
        client.place() + ":" + tag,
        message + ".",
        "Pull a GGUF file of the model, from the hub perhaps.");
  }

  @Override
  public Origin origin(RemoteFile file) {
    return () -> {
      if (!(file.identity() instanceof Identity.Sha256(Digest digest))) {
        throw new IllegalArgumentException(file.toString());
      }
      Ask ask = client.askForBlob(digest);
      return new Origin.Located(ask, file.bytes(), file.identity());
    };
  }

  private String text(Layers.Layer layer) throws IOException, InterruptedException {
    return new String(client.blob(layer.digest()), StandardCharsets.UTF_8);
  }

  /** The first line of a licence, by which people know it. */
  private static Optional<String> title(String text) {
    return text.lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .findFirst()
        .map(line -> line.substring(0, Math.min(LONGEST_LICENCE, line.length())));
  }

  /** All texts, where one of them is no open licence. */
  private Optional<Terms> terms(Map<Layers.Layer, String> licences) {
    return licences.entrySet().stream()
        .filter(entry -> !Terms.isOpen(entry.getValue()))
        .findFirst()
        .map(
            closed ->
                Terms.of(
                    title(closed.getValue()).orElse("a licence without words"),
                    client.address(closed.getKey().digest()),
                    List.copyOf(licences.values())));
  }
}
