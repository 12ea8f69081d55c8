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
  /** UTF-16 units of a question. */
  private static final int MAX_QUESTION = 900;

  /** The same in scripts that have no spaces, where each sign counts as a word. */
  private static final int MAX_UNSPACED = 200;

  /** From here on in Unicode most scripts have none. */
  private static final int UNSPACED = 0x2e80;

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

  /**
   * Of something that was said, what is looked up: its end, where the question stands mostly, as
   * far as an index takes it.
   */
  public static String question(String said) {
    String end = end(said, MAX_QUESTION);
    long wide = end.codePoints().filter(each -> each >= UNSPACED).count();
    return wide > MAX_UNSPACED ? end(end, MAX_UNSPACED) : end;
  }

  private static String end(String text, int most) {
    int from = Math.max(0, text.length() - most);
    boolean halves = from > 0 && Character.isLowSurrogate(text.charAt(from));
    return text.substring(halves ? from + 1 : from);
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
        () -> models.use(notes, owners.apply(who)), wish -> vectors.detached(wish, terms), true);
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
