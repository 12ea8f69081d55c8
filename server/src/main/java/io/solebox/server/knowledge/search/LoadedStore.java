package io.solebox.server.knowledge.search;

import io.solebox.server.http.Problem;
import io.solebox.server.knowledge.rank.Fusion;
import io.solebox.server.knowledge.rank.Ranked;
import io.solebox.server.knowledge.store.Chunks;
import io.solebox.server.knowledge.store.Chunks.Embedded;
import io.solebox.server.knowledge.store.Document;
import io.solebox.server.knowledge.store.DocumentStore;
import io.solebox.server.knowledge.store.VectorStore;
import io.solebox.server.knowledge.vector.Hit;
import io.solebox.server.knowledge.vector.VectorIndex;
import io.solebox.server.storage.WordIndex;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.LongPredicate;
import java.util.stream.IntStream;

/**
 * What can be found in one collection, in memory: brought up to date before each search by what the
 * tables say, whoever has changed them. Safe for many threads.
 */
final class LoadedStore implements AutoCloseable {
  /** Of an id, the bits that say which piece of its document it is. */
  private static final int POSITION_BITS = 28;

  /** So many of each list are made one, at least. */
  private static final int DEPTH = 100;

  /** Of the words of a piece, about, as its text is not kept here. */
  private static final long WORDS_BYTES = 600;

  private final VectorStore store;
  private final DocumentStore documents;
  private final Chunks chunks;
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
  private final Map<String, Loaded> byDocument = new HashMap<>(); // guarded by lock, as below
  private final Map<Long, Loaded> byNumber = new HashMap<>();
  private Optional<VectorIndex> vectors = Optional.empty();
  private Optional<WordIndex> words = Optional.empty();
  private OptionalLong seen = OptionalLong.empty();
  private long numbers;
  private volatile long bytes;

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

  /** A piece that was found. */
  private record Place(Document document, int position, double score) {}

  /** Bytes that it takes of memory, about. */
  long bytes() {
    return bytes;
  }

  /**
   * The pieces that suit questions, the best of each question first.
   *
   * @param vectorsOf the questions, in their order
   * @throws Problem 409 if another model made those of the documents
   */
  List<Passage> search(Query query, SearchModels.Made vectorsOf) {
    List<Passage> passages = new ArrayList<>();
    for (Place place : places(query, vectorsOf)) {
      chunks
          .find(store.owner(), place.document().id(), place.position())
          .map(chunk -> new Passage(place.document(), chunk, place.score()))
          .ifPresent(passages::add); // else it was taken away meanwhile
    }
    return passages;
  }

  /** Searches go beside each other; a change of what is here waits for those that run. */
  private List<Place> places(Query query, SearchModels.Made vectorsOf) {
    lockFresh();
    try {
      return vectors.isEmpty() ? List.of() : found(query, vectorsOf);
    } finally {
      lock.readLock().unlock();
    }
  }

  private List<Place> found(Query query, SearchModels.Made vectorsOf) {
    requireMaker(vectorsOf.maker());
    List<Place> places = new ArrayList<>();
    for (int i = 0; i < vectorsOf.all().size(); i++) {
      ranked(query, query.texts().get(i), vectorsOf.all().get(i)).stream()
          .limit(query.most())
          .map(this::place)
          .forEach(places::add);
    }
    return places;
  }

  /** A name can come to stand for another model, whose vectors mean something else. */
  private void requireMaker(String maker) {
    List<Document> others =
        byDocument.values().stream()
            .map(Loaded::document)
            .filter(each -> !each.about().vectorsBy().equals(maker))
            .toList();
    if (!others.isEmpty()) {
      throw Problem.of(
          409,
          "embedding_model_changed",
          ("The model '%s' is another than the one that made the vectors of %d documents here, as"
                  + " of '%s': it was %s, and is %s. Serve the one that it was, or take these"
                  + " documents out and add them again.")
              .formatted(
                  store.about().model(),
                  others.size(),
                  others.getFirst().about().name(),
                  others.getFirst().about().vectorsBy(),
                  maker));
    }
  }

  private Place place(Ranked ranked) {
    int position = (int) (ranked.id() & ((1L << POSITION_BITS) - 1));
    Loaded loaded = byNumber.get(ranked.id() >> POSITION_BITS);
    return new Place(loaded.document(), position, ranked.score());
  }

  private List<Ranked> ranked(Query query, String text, float[] vector) {
    int depth = Math.max(DEPTH, query.most());
    LongPredicate filter =
        id ->
            query.filter() == Filter.ALL
                || query
                    .filter()
                    .lets(byNumber.get(id >> POSITION_BITS).document().about().attributes());
    VectorIndex near = vectors.orElseThrow();
    WordIndex spoken = words.orElseThrow();
    return new Fusion(query.meaning(), query.words())
        .fuse(
            () -> near.nearest(vector, depth, filter).stream().map(Hit::id).toList(),
            () -> spoken.search(text, depth, filter).stream().map(WordIndex.Hit::id).toList());
  }

  private boolean isFresh() {
    return seen.isPresent() && seen.getAsLong() == documents.changes();
  }

  /** Locks for reading what is as the tables say; whoever changes them from here on comes after. */
  private void lockFresh() {
    lock.readLock().lock();
    if (isFresh()) {
      return;
    }
    lock.readLock().unlock();
    lock.writeLock().lock();
    try {
      if (!isFresh()) {
        bringUpToDate(documents.changes());
      }
      lock.readLock().lock(); // before anybody can clear it
    } finally {
      lock.writeLock().unlock();
    }
  }

  private void bringUpToDate(long changes) {
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
    bytes = vectors.map(its -> (4L * its.dimension() + WORDS_BYTES) * its.size()).orElse(0L);
  }

  private void load(Document document, long version) {
    List<Embedded> pieces = chunks.all(store.owner(), document.id());
    if (pieces.isEmpty()) {
      return; // it was taken away meanwhile
    }
    Loaded loaded = new Loaded(numbers++, document, version, pieces.size());
    if (vectors.isEmpty()) {
      vectors = Optional.of(new VectorIndex(pieces.getFirst().vector().length));
      words = Optional.of(WordIndex.empty());
    }
    Map<Long, String> texts = new HashMap<>();
    for (Embedded piece : pieces) {
      long id = loaded.id(piece.chunk().ordinal());
      vectors.get().put(id, piece.vector());
      texts.put(id, piece.chunk().words());
    }
    words.orElseThrow().put(texts);
    byDocument.put(document.id(), loaded);
    byNumber.put(loaded.number(), loaded);
  }

  private void unload(Loaded loaded) {
    List<Long> ids = IntStream.range(0, loaded.pieces()).mapToObj(loaded::id).toList();
    ids.forEach(vectors.orElseThrow()::remove);
    words.orElseThrow().remove(ids);
    byDocument.remove(loaded.document().id());
    byNumber.remove(loaded.number());
  }

  @Override
  public void close() {
    lock.writeLock().lock();
    try {
      clear();
    } finally {
      lock.writeLock().unlock();
    }
  }

  private void clear() {
    vectors.ifPresent(VectorIndex::close);
    words.ifPresent(WordIndex::close);
    vectors = Optional.empty();
    words = Optional.empty();
    byDocument.clear();
    byNumber.clear();
    seen = OptionalLong.empty();
    bytes = 0;
  }
}
