package io.solebox.server.knowledge;

import io.solebox.engine.json.JsonWriter;
import io.solebox.server.documents.DocumentReader;
import io.solebox.server.files.FileStore;
import io.solebox.server.http.Api;
import io.solebox.server.http.Caller;
import io.solebox.server.http.Faults;
import io.solebox.server.http.Observers;
import io.solebox.server.http.People;
import io.solebox.server.http.Route;
import io.solebox.server.knowledge.Ground.Kept;
import io.solebox.server.knowledge.index.IndexRun;
import io.solebox.server.knowledge.index.Indexer;
import io.solebox.server.knowledge.search.KnowledgeSearch;
import io.solebox.server.knowledge.store.Chunks;
import io.solebox.server.knowledge.store.Document;
import io.solebox.server.knowledge.store.DocumentStore;
import io.solebox.server.knowledge.store.SavedWords;
import io.solebox.server.knowledge.store.VectorStores;
import io.solebox.server.knowledge.watch.Embedding;
import io.solebox.server.knowledge.watch.FolderWatches;
import io.solebox.server.knowledge.watch.WatchedFolder;
import io.solebox.server.models.Models;
import io.solebox.server.seal.Vault;
import io.solebox.server.storage.Expiry;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** {@code /v1/vector_stores}, as OpenAI's API has it: documents that can be asked. */
public final class KnowledgeApi implements AutoCloseable {
  private final Ground ground;
  private final Models models;
  private final Optional<FolderWatches> watches;
  private final Function<String, Caller> owners;

  /**
   * Goes on with documents that an earlier process has left.
   *
   * @param owners by what is kept for them
   * @param observers hear of each document
   * @param reader of documents
   * @param watched folders of documents
   * @param vault empty where nothing may be kept, as {@code files}
   */
  public KnowledgeApi(
      JsonWriter json,
      Models models,
      Clock clock,
      int maxBodyBytes,
      Function<String, Caller> owners,
      People people,
      Faults faults,
      Observers observers,
      DocumentReader reader,
      List<WatchedFolder> watched,
      Optional<Vault> vault,
      Optional<FileStore> files) {
    this.models = models;
    this.owners = owners;
    Optional<Kept> kept =
        vault.map(
            v -> {
              VectorStores stores = new VectorStores(v);
              DocumentStore documents = new DocumentStore(v);
              Chunks chunks = new Chunks(v);
              FileStore its = files.orElseThrow();
              IndexRun run =
                  new IndexRun(
                      stores, documents, chunks, its, reader, models, owners, faults, observers);
              return new Kept(
                  stores,
                  documents,
                  chunks,
                  its,
                  new Indexer(documents, run, faults),
                  new KnowledgeSearch(documents, chunks, new SavedWords(v), room()));
            });
    this.ground = new Ground(json, clock, maxBodyBytes, people, new Embedders(models), kept);
    this.watches = kept.map(its -> watches(its, watched, faults));
  }

  private FolderWatches watches(Kept its, List<WatchedFolder> watched, Faults faults) {
    Embedders embedders = ground.embedders();
    Embedding embedding =
        new Embedding() {
          @Override
          public String model() {
            return embedders.usual();
          }

          @Override
          public Document.Cut cut(String model) {
            return Cuts.usual(embedders.contextTokens(model));
          }
        };
    return new FolderWatches(
        watched,
        its.stores(),
        its.documents(),
        its.files(),
        ground.clock(),
        embedding,
        its.indexer()::look,
        faults,
        System.err);
  }

  /** A part of the heap's size: vectors lie beside it, and models have the rest. */
  private static long room() {
    return Runtime.getRuntime().maxMemory() / 4;
  }

  /**
   * @param problems how errors are worded
   */
  public Api api(Api.ProblemWriter problems) {
    Additions additions = new Additions(ground);
    DocumentRoutes documents = new DocumentRoutes(ground, additions);
    List<Route> routes = new ArrayList<>(new StoreRoutes(ground, additions).routes());
    routes.addAll(documents.routes());
    routes.addAll(new BatchRoutes(ground, additions, documents).routes());
    routes.addAll(new SearchRoutes(ground, models).routes());
    routes.addAll(new AccessRoutes(ground).routes());
    return new Api(routes, problems);
  }

  /** Looks up passages for what goes on without a connection. */
  public Lookup lookup() {
    return new Lookup(ground, models, owners);
  }

  /** Deletes collections that nobody has used for long enough. */
  public Expiry expiry() {
    return (deadlines, _) ->
        ground
            .kept()
            .map(its -> Map.of("vector_stores", its.stores().expire(deadlines, ground.now())))
            .orElse(Map.of());
  }

  /** Leaves what is on its way to the next start. */
  @Override
  public void close() {
    watches.ifPresent(FolderWatches::close);
    ground
        .kept()
        .ifPresent(
            its -> {
              its.indexer().close();
              its.search().close();
            });
  }
}
