package io.solebox.server.knowledge.search;

import io.solebox.server.knowledge.store.Chunks;
import io.solebox.server.knowledge.store.Chunks.Embedded;
import io.solebox.server.knowledge.store.Document;
import io.solebox.server.knowledge.store.DocumentStore;
import io.solebox.server.knowledge.store.VectorStore;
import io.solebox.server.knowledge.vector.Hit;
import io.solebox.server.knowledge.vector.VectorIndex;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What can be found in one collection, in memory: brought up to date before each search by what the
 * tables say, whoever has changed them. Guarded by itself, but searches.
 */
final class LoadedStore implements AutoCloseable {
  /** Of an id, the bits that say which piece of its document it is. */
  private static final int POSITION_BITS = 28;

  private final VectorStore store;
  private final DocumentStore documents;
  private final Chunks chunks;
  private final Map<String, Loaded> byDocument = new HashMap<>();
  private final Map<Long, Loaded> byNumber = new HashMap<>();
  private Optional<VectorIndex> vectors = Optional.empty();
  private OptionalLong seen = OptionalLong.empty();
  private long numbers;

  LoadedStore(VectorStore store, DocumentStore documents, Chunks chunks) {
    this.store = store;
    this.documents = documents;
    this.chunks = chunks;
  }

  /** A document, and how many pieces of it are there. */
  private record Loaded(long number, Document document, long version, int pieces) {
    long id(int position) {
      return number << POSITION_BITS | position;
    }
  }

  /** Brings it up to date. */
  synchronized void refresh() {
    long changes = documents.changes();
    if (seen.isPresent() && seen.getAsLong() == changes) {
      return;
    }
    Map<String, Long> versions = documents.versions(store.id());
    for (Loaded each : List.copyOf(byDocument.values())) {
      Long version = versions.get(each.document().id());
      if (version == null || version != each.version()) {
        unload(each);
      }
    }
    versions.forEach(
        (id, version) -> {
          if (!byDocument.containsKey(id)) {
            documents.byId(id).ifPresent(document -> load(document, version));
          }
        });
    seen = OptionalLong.of(changes);
  }

  private void load(Document document, long version) {
    List<Embedded> pieces = chunks.all(store.owner(), document.id());
    if (pieces.isEmpty()) {
      return; // it was taken away meanwhile
    }
    Loaded loaded = new Loaded(numbers++, document, version, pieces.size());
    if (vectors.isEmpty()) {
      vectors = Optional.of(new VectorIndex(pieces.getFirst().vector().length));
    }
    for (Embedded piece : pieces) {
      vectors.get().put(loaded.id(piece.chunk().ordinal()), piece.vector());
    }
    byDocument.put(document.id(), loaded);
    byNumber.put(loaded.number(), loaded);
  }

  private void unload(Loaded loaded) {
    for (int position = 0; position < loaded.pieces(); position++) {
      vectors.orElseThrow().remove(loaded.id(position));
    }
    byDocument.remove(loaded.document().id());
    byNumber.remove(loaded.number());
  }

  /** Bytes that it takes of memory, about. */
  synchronized long bytes() {
    return vectors.map(its -> 4L * its.dimension() * its.size()).orElse(0L);
  }

  /** What suits, the best first. */
  synchronized List<Passage> search(List<float[]> queries, Query query) {
    if (vectors.isEmpty()) {
      return List.of();
    }
    List<Passage> found = new ArrayList<>();
    for (float[] each : queries) {
      for (Hit hit : vectors.get().nearest(each, query.most(), id -> lets(id, query.filter()))) {
        passage(hit.id(), Math.max(0, hit.score())).ifPresent(found::add);
      }
    }
    return found;
  }

  private boolean lets(long id, Filter filter) {
    return filter == Filter.ALL
        || filter.lets(byNumber.get(id >> POSITION_BITS).document().about().attributes());
  }

  private Optional<Passage> passage(long id, double score) {
    Document document = byNumber.get(id >> POSITION_BITS).document();
    int position = (int) (id & ((1L << POSITION_BITS) - 1));
    return chunks
        .find(store.owner(), document.id(), position)
        .map(chunk -> new Passage(document, chunk, score));
  }

  @Override
  public synchronized void close() {
    vectors.ifPresent(VectorIndex::close);
    vectors = Optional.empty();
    byDocument.clear();
    byNumber.clear();
    seen = OptionalLong.empty();
  }
}
