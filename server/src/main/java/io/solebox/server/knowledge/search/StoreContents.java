package io.solebox.server.knowledge.search;

import io.solebox.engine.error.SoleboxException;
import io.solebox.server.knowledge.store.Chunks;
import io.solebox.server.knowledge.store.Chunks.Embedded;
import io.solebox.server.knowledge.store.Document;
import io.solebox.server.knowledge.store.DocumentStore;
import io.solebox.server.knowledge.store.SavedWords;
import io.solebox.server.knowledge.store.SavedWords.Part;
import io.solebox.server.knowledge.store.VectorStore;
import io.solebox.server.knowledge.vector.VectorIndex;
import io.solebox.server.storage.WordIndex;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The vectors and the words of one collection, in memory. Words take a thousand times as long to
 * make as to read, so a copy of them is kept where there are many. Not safe for many threads:
 * {@link LoadedStore} lets them in.
 */
final class StoreContents implements AutoCloseable {
  /** Of an id, the bits that say which piece of its document it is. */
  private static final int POSITION_BITS = 28;

  /** Of the words of a piece, about, as its text is not kept here. */
  private static final long WORDS_BYTES = 600;

  /** Pieces whose words are made while nobody has noticed. */
  private static final int FEW = 2_000;

  /** Pieces whose words, some 400 bytes each, can be sealed at once. */
  private static final int MANY = 250_000;

  private final VectorStore store;
  private final DocumentStore documents;
  private final Chunks chunks;
  private final SavedWords saved;
  private final Map<String, Loaded> byDocument = new LinkedHashMap<>();
  private final Map<Long, Loaded> byNumber = new HashMap<>();
  private Optional<VectorIndex> vectors = Optional.empty();
  private Optional<WordIndex> words = Optional.empty();
  private long numbers;

  /** Pieces that are not as the copy has them. */
  private long unsaved;

  StoreContents(VectorStore store, DocumentStore documents, Chunks chunks, SavedWords saved) {
    this.store = store;
    this.documents = documents;
    this.chunks = chunks;
    this.saved = saved;
  }

  /** A document, and how many pieces of it are there. */
  private record Loaded(long number, Document document, long version, int pieces) {
    long id(int position) {
      return StoreContents.id(number, position);
    }

    List<Long> ids() {
      return StoreContents.ids(number, pieces);
    }
  }

  private static long id(long number, int position) {
    return number << POSITION_BITS | position;
  }

  private static List<Long> ids(long number, int pieces) {
    return IntStream.range(0, pieces).mapToObj(at -> id(number, at)).toList();
  }

  /** Nothing of it can be found. */
  boolean isEmpty() {
    return vectors.isEmpty();
  }

  VectorIndex vectors() {
    return vectors.orElseThrow();
  }

  WordIndex words() {
    return words.orElseThrow();
  }

  /** Of which document a piece is. */
  Document document(long id) {
    return byNumber.get(id >> POSITION_BITS).document();
  }

  /** Which piece of its document it is, from 0. */
  static int position(long id) {
    return (int) (id & ((1L << POSITION_BITS) - 1));
  }

  List<Document> documents() {
    return byDocument.values().stream().map(Loaded::document).toList();
  }

  /** Bytes that it takes of memory, about. */
  long bytes() {
    return vectors.map(its -> (4L * its.dimension() + WORDS_BYTES) * its.size()).orElse(0L);
  }

  /** Makes it what the tables say now. */
  void bringUpToDate() {
    Map<String, Long> versions = documents.versions(store.id());
    if (isEmpty() && words.isEmpty()) {
      saved.find(store).ifPresent(copy -> restore(copy, versions));
    }
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
    if (unsaved > pieces() / 4) {
      save();
    }
  }

  private void restore(SavedWords.Copy copy, Map<String, Long> versions) {
    WordIndex opened;
    try {
      opened = WordIndex.open(copy.words());
    } catch (SoleboxException e) {
      return; // they are made anew
    }
    words = Optional.of(opened);
    copy.documents()
        .forEach(
            (id, part) -> {
              numbers = Math.max(numbers, part.number() + 1);
              if (!isRestored(id, part, versions)) {
                words().remove(ids(part.number(), part.pieces()));
                unsaved += part.pieces();
              }
            });
  }

  private boolean isRestored(String id, Part part, Map<String, Long> versions) {
    Long version = versions.get(id);
    Optional<Document> document = documents.byId(id);
    if (version == null || version != part.version() || document.isEmpty()) {
      return false;
    }
    List<Embedded> pieces = chunks.all(store.owner(), id);
    if (pieces.isEmpty() || pieces.size() != part.pieces()) {
      return false;
    }
    put(new Loaded(part.number(), document.get(), version, pieces.size()), pieces);
    return true;
  }

  private void load(Document document, long version) {
    List<Embedded> pieces = chunks.all(store.owner(), document.id());
    if (pieces.isEmpty()) {
      return; // it was taken away meanwhile
    }
    Loaded loaded = new Loaded(numbers++, document, version, pieces.size());
    put(loaded, pieces);
    Map<Long, String> texts = new HashMap<>();
    for (Embedded piece : pieces) {
      texts.put(loaded.id(piece.chunk().ordinal()), piece.chunk().words());
    }
    if (words.isEmpty()) {
      words = Optional.of(WordIndex.empty());
    }
    words().put(texts);
    unsaved += pieces.size();
  }

  /** All but the words. */
  private void put(Loaded loaded, Collection<Embedded> pieces) {
    for (Embedded piece : pieces) {
      if (vectors.isEmpty()) {
        vectors = Optional.of(new VectorIndex(piece.vector().length));
      }
      vectors().put(loaded.id(piece.chunk().ordinal()), piece.vector());
    }
    byDocument.put(loaded.document().id(), loaded);
    byNumber.put(loaded.number(), loaded);
  }

  private void unload(Loaded loaded) {
    loaded.ids().forEach(vectors()::remove);
    words().remove(loaded.ids());
    byDocument.remove(loaded.document().id());
    byNumber.remove(loaded.number());
    unsaved += loaded.pieces();
  }

  private int pieces() {
    return vectors.map(VectorIndex::size).orElse(0);
  }

  private void save() {
    if (unsaved == 0 || pieces() < FEW || pieces() > MANY) {
      return;
    }
    Map<String, Part> parts = new LinkedHashMap<>();
    byDocument.forEach(
        (id, its) -> parts.put(id, new Part(its.number(), its.version(), its.pieces())));
    saved.keep(store, new SavedWords.Copy(parts, words().save()));
    unsaved = 0;
  }

  /** Gives the memory back, also where the copy cannot be kept. */
  @Override
  public void close() {
    try {
      save();
    } finally {
      free();
    }
  }

  private void free() {
    vectors.ifPresent(VectorIndex::close);
    words.ifPresent(WordIndex::close);
    vectors = Optional.empty();
    words = Optional.empty();
    byDocument.clear();
    byNumber.clear();
    unsaved = 0;
  }
}
