package io.solebox.server.knowledge;

import io.solebox.server.answers.Terms;
import io.solebox.server.answers.Vectors;
import io.solebox.server.http.Caller;
import io.solebox.server.http.Problem;
import io.solebox.server.http.RequestNotes;
import io.solebox.server.knowledge.search.Passage;
import io.solebox.server.knowledge.search.Query;
import io.solebox.server.knowledge.store.Access;
import io.solebox.server.knowledge.store.VectorStore;
import io.solebox.server.models.Models;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Looks up passages for what goes on without a connection: answers, and calls of tools. */
public final class Lookup {
  private final Ground ground;
  private final Models models;
  private final Function<String, Caller> owners;

  Lookup(Ground ground, Models models, Function<String, Caller> owners) {
    this.ground = ground;
    this.models = models;
    this.owners = owners;
  }

  /**
   * @param who wants to ask
   * @throws Problem 404 if one of these is not there for them
   */
  public void require(String who, List<String> stores) {
    stores.forEach(id -> ground.store(who, id, Access.READ));
  }

  /** Names of the collections that somebody may ask, by id. */
  public Map<String, String> known(String who) {
    Map<String, String> known = new LinkedHashMap<>();
    ground
        .kept()
        .ifPresent(
            its ->
                its.stores()
                    .all(who)
                    .forEach(seen -> known.put(seen.store().id(), seen.store().about().name())));
    return known;
  }

  /**
   * Looks up passages.
   *
   * @param who wants to know; one that they may not read is looked through for nobody
   * @param notes of what it takes
   * @throws Problem as {@link #require}, or if vectors of the question cannot be had
   */
  public List<Passage> find(String who, List<String> stores, Query query, RequestNotes notes)
      throws InterruptedException {
    List<VectorStore> found = new ArrayList<>();
    for (String id : stores) {
      found.add(ground.store(who, id, Access.READ).store());
    }
    List<Passage> passages = ground.keeping().search().search(found, query, work(who, notes));
    found.forEach(store -> ground.keeping().stores().touch(store, ground.now()));
    return passages;
  }

  private SearchWork work(String who, RequestNotes notes) {
    Vectors vectors = new Vectors(models);
    Terms terms = Terms.USUAL.withUser(who);
    return new SearchWork(
        () -> models.use(notes, owners.apply(who)), wish -> vectors.detached(wish, terms));
  }

  /**
   * A passage as answers of chats tell it.
   *
   * @param n by which it is cited, from 1
   */
  public static Map<String, Object> source(int n, Passage passage) {
    Map<String, Object> source = new LinkedHashMap<>();
    source.put("n", n);
    source.put("vector_store_id", passage.document().store());
    source.put("file_id", passage.document().file());
    source.put("filename", passage.document().about().name());
    source.put("section", passage.chunk().section());
    source.put("from", passage.chunk().from());
    source.put("to", passage.chunk().to());
    passage.chunk().place().page().ifPresent(page -> source.put("page", page));
    source.put("headings", passage.chunk().place().headings());
    source.put("text", passage.chunk().text());
    source.put("score", passage.score());
    return source;
  }
}
