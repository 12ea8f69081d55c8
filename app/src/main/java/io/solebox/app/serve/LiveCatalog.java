package io.solebox.app.serve;

import io.solebox.app.console.Console;
import io.solebox.engine.api.LoadOptions;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.host.Catalog;
import io.solebox.store.layout.ModelStore;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The models that a server was started with, and behind them those of the store as they are now.
 * What hides behind a name of the first is not offered. A look at the store costs one small file
 * unless something has changed. Safe for many threads.
 */
final class LiveCatalog implements Catalog {
  private final Catalog started;
  private final ModelStore store;
  private final LoadOptions options;
  private final Console console;
  private final Set<String> unoffered = new HashSet<>(); // guarded by this
  private volatile View view = new View(Optional.empty(), Map.of());
  private volatile Consumer<String> replaced = _ -> {};

  /** A model of the store as it is offered. */
  record Kept(ModelStore.Entry entry, Offer offer) {}

  /**
   * What the store had.
   *
   * @param change after which it had that; empty where it must be looked again
   */
  private record View(Optional<String> change, Map<String, Kept> kept) {}

  /**
   * @param options of the models of the store
   * @param console hears which of these cannot be offered
   */
  LiveCatalog(Catalog started, ModelStore store, LoadOptions options, Console console) {
    this.started = started;
    this.store = store;
    this.options = options;
    this.console = console;
  }

  /** From now on hears the names that stand for other files than before, or for none any more. */
  void onReplaced(Consumer<String> hears) {
    replaced = hears;
  }

  @Override
  public List<String> names() {
    List<String> names = new ArrayList<>(started.names());
    names.addAll(kept().keySet());
    return names;
  }

  /** As the names were when somebody last looked at all of them. */
  @Override
  public Optional<Offer> find(String name) {
    return started.find(name).or(() -> Optional.ofNullable(view.kept().get(name)).map(Kept::offer));
  }

  /** A model of the store by the name under which it is offered. */
  Optional<Kept> kept(String name) {
    return Optional.ofNullable(kept().get(name));
  }

  /** Whether a name was one of the store when somebody last looked at all of them. */
  boolean keeps(String name) {
    return view.kept().containsKey(name);
  }

  private Map<String, Kept> kept() {
    View now = view;
    Optional<String> change = store.blobs().lastChange();
    return change.isPresent() && change.equals(now.change()) ? now.kept() : look();
  }

  private synchronized Map<String, Kept> look() {
    Optional<String> change =
        store.blobs().lastChange(); // before the look: what comes after counts
    View before = view;
    if (change.isPresent() && change.equals(before.change())) {
      return before.kept();
    }
    Map<String, Kept> kept = new LinkedHashMap<>();
    for (ModelStore.Entry entry : store.entries()) {
      String name = entry.name().toString();
      if (started.find(name).isEmpty()) {
        Optional.ofNullable(before.kept().get(name))
            .filter(same -> same.entry().current().equals(entry.current()))
            .map(same -> new Kept(entry, same.offer()))
            .or(() -> offer(name, entry))
            .ifPresent(model -> kept.put(name, model));
      }
    }
    view = new View(change, kept);
    before.kept().forEach((name, model) -> tell(name, model, kept));
    return kept;
  }

  private void tell(String name, Kept before, Map<String, Kept> now) {
    Optional<Offer> offer = Optional.ofNullable(now.get(name)).map(Kept::offer);
    if (offer.filter(before.offer()::equals).isEmpty()) {
      replaced.accept(name);
    }
  }

  /** Empty for one that cannot be run, which is said once. */
  private Optional<Kept> offer(String name, ModelStore.Entry entry) {
    try {
      var file = store.file(entry.name(), entry.current().manifest());
      return Optional.of(new Kept(entry, new Offer(name, file, options)));
    } catch (SoleboxException e) {
      if (unoffered.add(name)) {
        console.error("note: " + name + " is not offered: " + e.explanation());
      }
      return Optional.empty();
    }
  }
}
