package io.solebox.server.knowledge.search;

import io.solebox.server.http.Problem;
import io.solebox.server.knowledge.rank.Fusion;
import io.solebox.server.knowledge.rank.Ranked;
import io.solebox.server.knowledge.store.Chunks;
import io.solebox.server.knowledge.store.Document;
import io.solebox.server.knowledge.store.DocumentStore;
import io.solebox.server.knowledge.store.SavedWords;
import io.solebox.server.knowledge.store.VectorStore;
import io.solebox.server.knowledge.vector.Hit;
import io.solebox.server.knowledge.vector.VectorIndex;
import io.solebox.server.storage.WordIndex;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.LongPredicate;

/**
 * What can be found in one collection, in memory: brought up to date before each search by what the
 * tables say, whoever has changed them. Safe for many threads.
 */
final class LoadedStore implements AutoCloseable {
  /** So many of each list are made one, at least. */
  private static final int DEPTH = 100;

  private final VectorStore store;
  private final DocumentStore documents;
  private final Chunks chunks;
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
  private final StoreContents contents; // guarded by lock, as below
  private OptionalLong seen = OptionalLong.empty();
  private volatile long bytes;

  LoadedStore(VectorStore store, DocumentStore documents, Chunks chunks, SavedWords saved) {
    this.store = store;
    this.documents = documents;
    this.chunks = chunks;
    this.contents = new StoreContents(store, documents, chunks, saved);
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
      return contents.isEmpty() ? List.of() : found(query, vectorsOf);
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
        contents.documents().stream()
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
    return new Place(
        contents.document(ranked.id()), StoreContents.position(ranked.id()), ranked.score());
  }

  private List<Ranked> ranked(Query query, String text, float[] vector) {
    int depth = Math.max(DEPTH, query.most());
    LongPredicate filter =
        id ->
            query.filter() == Filter.ALL
                || query.filter().lets(contents.document(id).about().attributes());
    VectorIndex near = contents.vectors();
    WordIndex spoken = contents.words();
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
        long changes = documents.changes();
        contents.bringUpToDate();
        bytes = contents.bytes();
        seen = OptionalLong.of(changes);
      }
      lock.readLock().lock(); // before anybody can clear it
    } finally {
      lock.writeLock().unlock();
    }
  }

  @Override
  public void close() {
    lock.writeLock().lock();
    try {
      contents.close();
      seen = OptionalLong.empty();
      bytes = 0;
    } finally {
      lock.writeLock().unlock();
    }
  }
}
