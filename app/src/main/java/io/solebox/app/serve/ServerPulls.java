package io.solebox.app.serve;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.Printable;
import io.solebox.engine.error.SoleboxException;
import io.solebox.server.library.PullWatcher;
import io.solebox.server.library.PullWish;
import io.solebox.store.blob.Digest;
import io.solebox.store.layout.ModelName;
import io.solebox.store.layout.ModelStore;
import io.solebox.store.pull.Acceptance;
import io.solebox.store.pull.Choice;
import io.solebox.store.pull.Pull;
import io.solebox.store.pull.PullListener;
import io.solebox.store.pull.StoreNames;
import io.solebox.store.pull.Whereabouts;
import io.solebox.store.pull.http.Network;
import io.solebox.store.pull.http.Outbound;
import io.solebox.store.pull.http.Patience;
import io.solebox.store.pull.name.PullName;
import io.solebox.store.pull.source.HubSettings;
import io.solebox.store.pull.source.Offer;
import io.solebox.store.pull.source.Source;
import io.solebox.store.pull.source.SourceSettings;
import io.solebox.store.pull.source.Sources;
import io.solebox.store.pull.transfer.TransferOptions;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Fetches models for the clients of a server. Each pull is its client's own; of several that want
 * one file the first fetches it, and where its client leaves another goes on with what is there.
 */
final class ServerPulls {
  private final ModelStore store;
  private final Settings settings;
  private final FitHere fit;

  /**
   * How bytes are fetched.
   *
   * @param options of all pulls together
   * @param hub read for each pull: a token that cannot be read is no reason not to serve
   * @param elsewhere what other programs of this machine have
   */
  record Settings(
      Network network, TransferOptions options, Supplier<HubSettings> hub, Whereabouts elsewhere) {}

  ServerPulls(ModelStore store, Settings settings, FitHere fit) {
    this.store = store;
    this.settings = settings;
    this.fit = fit;
  }

  /**
   * Fetches a model into the store.
   *
   * @throws SoleboxException {@code INVALID_PARAMETER} for what is no name, {@code OFFLINE}, and
   *     whatever source, network and disk bring
   */
  ModelName pull(PullWish wish, PullWatcher watcher) throws InterruptedException {
    PullName wanted = PullName.parse(wish.name());
    settings.network().require(Printable.name(wish.name()));
    var origin =
        new SourceSettings(
            settings.hub().get(), wish.insecure(), Optional.empty(), Optional.empty());
    try (var outbound = new Outbound(settings.network(), Patience.USUAL)) {
      Source source = Sources.of(wanted, outbound, origin);
      watcher.begun();
      Offer offer = source.look();
      offer.notes().forEach(watcher::note);
      Pull.Order order = order(wanted, offer, source, outbound);
      new Pull(store, outbound, settings.options(), settings.elsewhere())
          .run(order, source, listener(watcher));
      return order.name();
    } catch (IOException e) {
      throw new SoleboxException(
          ErrorCode.IO_ERROR,
          Printable.name(wish.name()),
          "It cannot be asked for: " + e.getMessage() + ".",
          "See to the network, and pull it again; what has come is kept.",
          e);
    }
  }

  private Pull.Order order(PullName wanted, Offer offer, Source source, Outbound outbound)
      throws InterruptedException {
    Optional<String> named = wanted.choice();
    Choice choice =
        named.isPresent()
            ? Choice.named(offer, named.get())
            : Choice.fitting(offer, variant -> fit.needs(variant, source, outbound));
    ModelName kept = StoreNames.of(wanted, choice.variant());
    return new Pull.Order(kept, offer, choice.variant(), choice.because(), accepted(offer));
  }

  /** No client may accept terms for whoever runs the machine; who did is not asked again. */
  private Map<String, String> accepted(Offer offer) {
    if (offer.terms().isEmpty()) {
      return Map.of();
    }
    var acceptance = new Acceptance(offer.terms().get(), store);
    return acceptance.before().orElseThrow(acceptance::refusal);
  }

  private static PullListener listener(PullWatcher watcher) {
    return new PullListener() {
      @Override
      public void progress(Standing standing) {
        Part part = standing.part();
        watcher.progress(
            new PullWatcher.Standing(
                part.name(),
                part.digest().map(Digest::hex),
                part.bytes(),
                part.total(),
                standing.bytes(),
                standing.total(),
                standing.bytesPerSecond(),
                standing.rest()));
      }

      @Override
      public void note(String text) {
        watcher.note(text);
      }
    };
  }
}
