package io.solebox.server.knowledge.watch;

import io.solebox.engine.error.SoleboxException;
import io.solebox.server.files.FileStore;
import io.solebox.server.files.FileStore.Description;
import io.solebox.server.files.NewFile;
import io.solebox.server.knowledge.store.Access;
import io.solebox.server.knowledge.store.Document;
import io.solebox.server.knowledge.store.Document.About;
import io.solebox.server.knowledge.store.Document.State;
import io.solebox.server.knowledge.store.DocumentStore;
import io.solebox.server.knowledge.store.DocumentStore.Wish;
import io.solebox.server.knowledge.store.VectorStore;
import io.solebox.server.knowledge.store.VectorStores;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;

/**
 * Keeps a collection as a folder is: what is new there is read, what has changed is read anew, what
 * is gone is gone. A document that changes can be asked as it was until it is read as it is now.
 * Owned by one thread.
 */
final class FolderWatch {
  /** Of a collection's metadata: which folder it is of. */
  private static final String FOLDER = "folder";

  /** Of a document's attributes: its name in the folder, and when it was changed. */
  private static final String PATH = "path";

  private static final String MODIFIED = "modified";
  private static final String PURPOSE = "assistants";

  private final WatchedFolder watched;
  private final VectorStores stores;
  private final DocumentStore documents;
  private final FileStore files;
  private final Clock clock;
  private final Embedding embedding;

  FolderWatch(
      WatchedFolder watched,
      VectorStores stores,
      DocumentStore documents,
      FileStore files,
      Clock clock,
      Embedding embedding) {
    this.watched = watched;
    this.stores = stores;
    this.documents = documents;
    this.files = files;
    this.clock = clock;
    this.embedding = embedding;
  }

  /** What a look has found. */
  record Changes(int added, int changed, int removed) {
    boolean isEmpty() {
      return added + changed + removed == 0;
    }

    @Override
    public String toString() {
      return "%d new, %d changed, %d gone".formatted(added, changed, removed);
    }
  }

  /**
   * Looks at the folder.
   *
   * @throws SoleboxException {@code IO_ERROR}
   */
  Changes look() throws IOException {
    Map<String, FoundFile> there = FoundFile.in(watched.folder());
    VectorStore store = store();
    Map<String, List<Document>> known = known(store);
    int added = 0;
    int changed = 0;
    for (Map.Entry<String, FoundFile> each : there.entrySet()) {
      List<Document> versions = known.getOrDefault(each.getKey(), List.of());
      Optional<Document> current =
          versions.stream().filter(version -> isSame(version, each.getValue())).findFirst();
      if (current.isPresent()) {
        forgetReplaced(store, versions, current.get());
      } else if (each.getValue().isQuiet(clock.instant())) {
        add(store, each.getKey(), each.getValue());
        added += versions.isEmpty() ? 1 : 0;
        changed += versions.isEmpty() ? 0 : 1;
      }
    }
    return new Changes(added, changed, forgetGone(store, known, there));
  }

  private String owner() {
    return stores.ownerHere();
  }

  /** Its collection; whoever is let in may ask it, as whoever starts the server has said. */
  private VectorStore store() {
    String owner = owner();
    Optional<VectorStore> there =
        stores.of(owner).stream()
            .filter(each -> watched.name().equals(each.about().metadata().get(FOLDER)))
            .findFirst();
    if (there.isPresent()) {
      return there.get();
    }
    var about =
        new VectorStore.About(
            watched.name(),
            "",
            Map.of(FOLDER, watched.name()),
            embedding.model(),
            OptionalInt.empty());
    VectorStore made = stores.create(owner, about, clock.instant().getEpochSecond());
    stores.share(made.id(), Map.of(VectorStores.EVERYONE, Access.READ));
    return made;
  }

  /** The documents of the collection by their names in the folder, all versions of each. */
  private Map<String, List<Document>> known(VectorStore store) {
    Map<String, List<Document>> known = new TreeMap<>();
    for (Document each : documents.all(store.id())) {
      if (each.about().attributes().get(PATH) instanceof String path) {
        known.computeIfAbsent(path, _ -> new ArrayList<>()).add(each);
      }
    }
    return known;
  }

  private static boolean isSame(Document document, FoundFile file) {
    return document.about().bytes() == file.bytes()
        && document.about().attributes().get(MODIFIED) instanceof Number modified
        && modified.longValue() == file.modified();
  }

  private void add(VectorStore store, String name, FoundFile file) throws IOException {
    String owner = owner();
    try (NewFile made = files.begin(owner)) {
      try (OutputStream to = made.open()) {
        Files.copy(file.path(), to);
      }
      var kept = files.add(made.described(new Description(owner, name, PURPOSE, Optional.empty())));
      Map<String, Object> attributes = new LinkedHashMap<>();
      attributes.put(PATH, name);
      attributes.put(MODIFIED, file.modified());
      var about =
          About.fresh(owner, name, kept.bytes(), attributes, embedding.cut(store.about().model()));
      documents.add(
          store,
          List.of(new Wish(kept.id(), about)),
          Optional.empty(),
          clock.instant().getEpochSecond());
    }
  }

  /** Other versions stay until that which is as the file is now is ready, or cannot be read. */
  private void forgetReplaced(VectorStore store, List<Document> versions, Document current) {
    if (current.state() != State.IN_PROGRESS) {
      versions.stream()
          .filter(each -> !each.id().equals(current.id()))
          .forEach(each -> forget(store, each));
    }
  }

  private int forgetGone(
      VectorStore store, Map<String, List<Document>> known, Map<String, FoundFile> there) {
    Set<String> gone = new HashSet<>(known.keySet());
    gone.removeAll(there.keySet());
    gone.forEach(path -> known.get(path).forEach(each -> forget(store, each)));
    return gone.size();
  }

  private void forget(VectorStore store, Document document) {
    documents.delete(store.id(), document.file());
    files.delete(document.file(), document.about().fileOwner());
  }
}
