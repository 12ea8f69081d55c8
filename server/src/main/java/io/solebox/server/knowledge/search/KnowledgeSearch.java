package io.solebox.server.knowledge.search;

import io.solebox.server.knowledge.store.Chunks;
import io.solebox.server.knowledge.store.DocumentStore;
import io.solebox.server.knowledge.store.SavedWords;
import io.solebox.server.knowledge.store.VectorStore;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds passages in collections. What was searched lately stays in memory, as long as there is room
 * for it. Safe for many threads.
 */
public final class KnowledgeSearch implements AutoCloseable {
  private final DocumentStore documents;
  private final Chunks chunks;
  private final SavedWords saved;
  private final long roomBytes;
  private final Map<String, LoadedStore> loaded = // by id, the one used last at the end
      new LinkedHashMap<>(16, 0.75f, true); // guarded by itself

  /**
   * @param roomBytes what may stay in memory; one that is being searched does, whatever it takes
   */
  public KnowledgeSearch(DocumentStore documents, Chunks chunks, SavedWords saved, long roomBytes) {
    this.documents = documents;
    this.chunks = chunks;
    this.saved = saved;
    this.roomBytes = roomBytes;
  }

  /**
   * The best passages of some collections, the best first.
   *
   * @param stores that whoever asks may read
   * @param models compute what it takes
   */
  public List<Passage> search(List<VectorStore> stores, Query query, SearchModels models)
      throws InterruptedException {
    return query.reranker().isEmpty()
        ? best(found(stores, query, models), query)
        : reranked(stores, query, models);
  }

  private List<Passage> found(List<VectorStore> stores, Query query, SearchModels models)
      throws InterruptedException {
    Map<String, SearchModels.Made> byModel = new HashMap<>();
    List<Passage> found = new ArrayList<>();
    for (VectorStore store : stores) {
      String model = store.about().model();
      SearchModels.Made queries = byModel.get(model);
      if (queries == null) {
        queries = models.vectors(model, query.texts());
        byModel.put(model, queries);
      }
      found.addAll(loaded(store).search(query, queries));
      makeRoom(store);
    }
    return found;
  }

  private List<Passage> reranked(List<VectorStore> stores, Query query, SearchModels models)
      throws InterruptedException {
    Query wide = query.forReranker();
    List<Passage> read = best(found(stores, wide, models), wide);
    if (read.isEmpty()) {
      return read;
    }
    List<Double> scores =
        models.scores(
            query.reranker().orElseThrow(),
            query.texts().getFirst(),
            read.stream().map(each -> each.chunk().text()).toList());
    List<Passage> again = new ArrayList<>();
    for (int i = 0; i < read.size(); i++) {
      again.add(new Passage(read.get(i).document(), read.get(i).chunk(), scores.get(i)));
    }
    return best(again, query);
  }

  private static List<Passage> best(List<Passage> found, Query query) {
    Map<String, Passage> once =
        new LinkedHashMap<>(); // of several questions, one may find it twice
    for (Passage each : found) {
      String place = each.document().id() + "/" + each.chunk().ordinal();
      once.merge(place, each, (a, b) -> a.score() >= b.score() ? a : b);
    }
    return once.values().stream()
        .filter(each -> each.score() >= query.threshold())
        .sorted(Comparator.comparingDouble(Passage::score).reversed())
        .limit(query.most())
        .toList();
  }

  private LoadedStore loaded(VectorStore store) {
    synchronized (loaded) {
      return loaded.computeIfAbsent(
          store.id(), _ -> new LoadedStore(store, documents, chunks, saved));
    }
  }

  private void makeRoom(VectorStore used) {
    synchronized (loaded) {
      long bytes = loaded.values().stream().mapToLong(LoadedStore::bytes).sum();
      Iterator<Map.Entry<String, LoadedStore>> oldest = loaded.entrySet().iterator();
      while (bytes > roomBytes && oldest.hasNext()) {
        Map.Entry<String, LoadedStore> each = oldest.next();
        if (!each.getKey().equals(used.id())) {
          bytes -= each.getValue().bytes();
          each.getValue().close();
          oldest.remove();
        }
      }
    }
  }

  @Override
  public void close() {
    synchronized (loaded) {
      loaded.values().forEach(LoadedStore::close);
      loaded.clear();
    }
  }
}
