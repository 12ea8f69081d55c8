package io.solebox.store.pull.source;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.store.pull.http.Outbound;
import io.solebox.store.pull.name.PullName;
import java.net.URI;

/** The source that a name is of. */
public final class Sources {
  private Sources() {}

  /**
   * @throws SoleboxException {@code INVALID_PARAMETER} for what is here already, and for an address
   *     without a digest
   */
  public static Source of(PullName name, Outbound outbound, SourceSettings settings) {
    return switch (name) {
      case PullName.Hub repository -> new HuggingFace(outbound, settings.hub(), repository);
      case PullName.Ollama model -> Registry.of(model, outbound, settings.insecure());
      case PullName.Oci artifact -> Registry.of(artifact, outbound, settings.insecure());
      case PullName.ModelScope repository ->
          new ModelScope(outbound, settings.hub().modelScope(), repository);
      case PullName.Solebox model -> Registry.of(model, outbound, settings.soleboxKey());
      case PullName.Url(URI uri) -> new PlainUrl(outbound, uri, settings.sha256());
      case PullName.Local(String path) ->
          throw new SoleboxException(
              ErrorCode.INVALID_PARAMETER,
              path,
              "This is a path of this machine, and nothing to fetch.",
              "Run it where it is, or take it into the store with 'solebox models import'.");
    };
  }
}
