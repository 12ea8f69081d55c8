package io.solebox.server.knowledge.index;

import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.generation.Priority;
import io.solebox.engine.tokenizer.Tokenizer;
import io.solebox.engine.tokenizer.Tokenizer.Specials;
import io.solebox.server.answers.Terms;
import io.solebox.server.answers.VectorKind;
import io.solebox.server.answers.Vectors;
import io.solebox.server.documents.DocumentReader;
import io.solebox.server.documents.DocumentText;
import io.solebox.server.files.FileStore;
import io.solebox.server.http.Caller;
import io.solebox.server.http.Digests;
import io.solebox.server.http.Faults;
import io.solebox.server.http.Observers;
import io.solebox.server.http.Problem;
import io.solebox.server.http.WorkItem;
import io.solebox.server.knowledge.chunk.Chunk;
import io.solebox.server.knowledge.chunk.ChunkSizes;
import io.solebox.server.knowledge.chunk.Chunker;
import io.solebox.server.knowledge.index.Progress.Stage;
import io.solebox.server.knowledge.store.Chunks;
import io.solebox.server.knowledge.store.Chunks.Embedded;
import io.solebox.server.knowledge.store.Document;
import io.solebox.server.knowledge.store.Document.Failure;
import io.solebox.server.knowledge.store.Document.State;
import io.solebox.server.knowledge.store.DocumentStore;
import io.solebox.server.knowledge.store.VectorStore;
import io.solebox.server.knowledge.store.VectorStores;
import io.solebox.server.models.Models;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Reads a document, cuts it, and has vectors made of the pieces. Pieces are kept some at a time, so
 * that an end of the process loses those alone that were on their way.
 */
public final class IndexRun {
  /** By which vectors are asked for over a connection. */
  private static final String PATH = "/v1/embeddings";

  /** So many pieces have their vectors made and are kept at once. */
  private static final int TOGETHER = 8;

  private final VectorStores stores;
  private final DocumentStore documents;
  private final Chunks chunks;
  private final FileStore files;
  private final DocumentReader reader;
  private final Models models;
  private final Vectors vectors;
  private final Function<String, Caller> owners;
  private final Faults faults;
  private final Observers observers;
  private final Map<String, Progress> progress = new ConcurrentHashMap<>();

  /**
   * @param owners by what is kept for them
   * @param observers hear of each document
   */
  public IndexRun(
      VectorStores stores,
      DocumentStore documents,
      Chunks chunks,
      FileStore files,
      DocumentReader reader,
      Models models,
      Function<String, Caller> owners,
      Faults faults,
      Observers observers) {
    this.stores = stores;
    this.documents = documents;
    this.chunks = chunks;
    this.files = files;
    this.reader = reader;
    this.models = models;
    this.vectors = new Vectors(models);
    this.owners = owners;
    this.faults = faults;
    this.observers = observers;
  }

  Optional<Progress> progress(String document) {
    return Optional.ofNullable(progress.get(document));
  }

  /**
   * Makes a document ready, as far as that goes.
   *
   * @return whether it is over with; else it is to be tried again
   */
  boolean go(String id) throws InterruptedException {
    Optional<Document> document = documents.byId(id);
    Optional<VectorStore> store = document.flatMap(its -> stores.find(its.store()));
    if (store.isEmpty()) {
      return true; // somebody has taken it away
    }
    Caller caller = owners.apply(store.get().owner());
    if (caller.account().noTokens().isPresent()) {
      progress.put(id, Progress.waiting("Its owner may use no tokens now."));
      return false; // it waits until there are some again
    }
    WorkItem item = WorkItem.ofKnowledge(store.get().id(), PATH, store.get().owner());
    progress.put(id, Progress.of(Stage.READING, 0, 0));
    boolean over = true;
    try {
      over = told(new Job(store.get(), document.get(), caller, item));
      return over;
    } finally {
      if (over) {
        progress.remove(id);
      }
    }
  }

  /** One document on its way. */
  private record Job(VectorStore store, Document document, Caller caller, WorkItem item) {
    Terms terms() {
      return Terms.USUAL.withUser(store.owner()).withPriority(Priority.BACKGROUND);
    }
  }

  private boolean told(Job job) throws InterruptedException {
    try {
      index(job);
      observers.worked(job.item(), 200, 0);
      return true;
    } catch (SoleboxException e) {
      requireWanted();
      if (e.code() == ErrorCode.BAD_DOCUMENT) {
        fail(job, Failures.of(e));
        return true;
      }
      return over(job, faults.problem(e, ""));
    } catch (Problem e) {
      requireWanted();
      return over(job, e);
    }
  }

  /** What goes wrong because the server ends is no fault of a document. */
  private static void requireWanted() throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
  }

  private boolean over(Job job, Problem problem) {
    job.item().notes().failed(problem.code());
    if (Failures.passes(problem)) {
      progress.put(job.document().id(), Progress.waiting(problem.getMessage()));
      return false;
    }
    fail(job, Failures.of(problem));
    return true;
  }

  private void fail(Job job, Failure why) {
    documents.progress(
        job.document().id(),
        now -> now.with(State.FAILED, now.about().failed(why, now.about().notes())));
    observers.worked(job.item(), 400, 0);
  }

  /** Gives a document up that would go wrong again. */
  void fail(String id, Problem problem) {
    documents.progress(
        id,
        now ->
            now.with(State.FAILED, now.about().failed(Failures.of(problem), now.about().notes())));
  }

  private void index(Job job) throws InterruptedException {
    DocumentText text = read(job);
    try (Models.Use use = models.use(job.item().notes(), job.caller())) {
      embed(job, text, use);
    }
  }

  private void embed(Job job, DocumentText text, Models.Use use) throws InterruptedException {
    try {
      Models.Named named = use.select(Optional.of(job.store().about().model()), Optional.empty());
      Tokenizer tokenizer = named.model().tokenizer();
      Chunker chunker =
          new Chunker(
              sizes(job.document().about().cut(), named.model()),
              part -> tokenizer.encode(part, Specials.AS_TEXT, true).length);
      List<Piece> pieces =
          chunker.chunks(text.sections()).stream()
              .map(chunk -> new Piece(chunk, chunker.embedded(chunk)))
              .toList();
      embed(job, named, chunker, begun(job, text, VectorKind.maker(named), pieces));
    } catch (SoleboxException | Problem e) {
      requireWanted(); // so that what it has taken can still be written down
      throw e;
    }
  }

  /** A chunk, and what of it vectors are made of. */
  private record Piece(Chunk chunk, String embedded) {}

  private static ChunkSizes sizes(Document.Cut cut, LoadedModel model) {
    int context = Math.min(model.contextTokens(), model.info().trainedContext());
    return new ChunkSizes(Math.min(cut.size(), context), cut.overlap(), context);
  }

  private DocumentText read(Job job) throws InterruptedException {
    Document.About about = job.document().about();
    try (InputStream content = files.read(job.document().file(), about.fileOwner())) {
      DocumentText text = reader.read(about.name(), content);
      if (text.sections().isEmpty()) {
        throw new SoleboxException(
            ErrorCode.BAD_DOCUMENT,
            about.name(),
            "There is no text in it. " + String.join(" ", text.notes()),
            "Add a document with text; pictures of pages are not read.");
      }
      return text;
    } catch (IOException e) {
      throw new SoleboxException(
          ErrorCode.BAD_DOCUMENT,
          about.name(),
          "Its file cannot be read: " + e.getMessage() + ".",
          "Send it again.",
          e);
    }
  }

  /** Pieces of a document, of which the first ones have their vectors. */
  private record Begun(String plan, List<Piece> pieces, int done) {}

  /** What an earlier process has kept of the same pieces stays. */
  private Begun begun(Job job, DocumentText text, String maker, List<Piece> pieces) {
    String id = job.document().id();
    String plan = plan(maker, pieces);
    boolean same = job.document().about().plan().equals(plan);
    if (!same) {
      chunks.clear(id);
    }
    documents.progress(
        id,
        now -> now.with(now.state(), now.about().read(text.notes(), maker, plan, pieces.size())));
    return new Begun(plan, pieces, same ? chunks.count(id) : 0);
  }

  private static String plan(String maker, List<Piece> pieces) {
    MessageDigest digest = Digests.sha256();
    digest.update(maker.getBytes(StandardCharsets.UTF_8));
    for (Piece piece : pieces) {
      digest.update((byte) 0);
      digest.update(piece.embedded().getBytes(StandardCharsets.UTF_8));
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Vectors of what another version of the document says, too; these are not made again. */
  private Map<String, float[]> known(Job job, String maker, Chunker chunker) {
    Map<String, float[]> known = new HashMap<>();
    for (Document other : documents.all(job.store().id())) {
      boolean version =
          other.state() == State.COMPLETED
              && other.about().vectorsBy().equals(maker)
              && other.about().name().equals(job.document().about().name())
              && !other.id().equals(job.document().id());
      if (version) {
        chunks
            .all(job.store().owner(), other.id())
            .forEach(each -> known.put(chunker.embedded(each.chunk()), each.vector()));
      }
    }
    return known;
  }

  private void embed(Job job, Models.Named named, Chunker chunker, Begun begun)
      throws InterruptedException {
    VectorKind kind = VectorKind.of(named);
    Map<String, float[]> known =
        begun.done() < begun.pieces().size()
            ? known(job, VectorKind.maker(named), chunker)
            : Map.of();
    String id = job.document().id();
    int total = begun.pieces().size();
    for (int from = begun.done(); from < total; from += TOGETHER) {
      requireWanted();
      progress.put(id, Progress.of(Stage.EMBEDDING, from, total));
      List<Piece> part = begun.pieces().subList(from, Math.min(total, from + TOGETHER));
      if (!chunks.add(job.store().owner(), id, embedded(job, named, kind, part, known))) {
        return; // somebody has taken it away
      }
    }
    requireWanted();
    // Who has asked meanwhile that it be cut otherwise has taken the plan away: it begins anew.
    documents.progress(id, now -> now.about().plan().equals(begun.plan()) ? completed(now) : now);
  }

  private static Document completed(Document document) {
    return document.with(State.COMPLETED, document.about());
  }

  private List<Embedded> embedded(
      Job job, Models.Named named, VectorKind kind, List<Piece> part, Map<String, float[]> known)
      throws InterruptedException {
    Tokenizer tokenizer = named.model().tokenizer();
    Map<String, float[]> vectorOf = new HashMap<>();
    List<String> unknown = new ArrayList<>();
    for (Piece piece : part) {
      Optional<float[]> vector = Optional.ofNullable(known.get(piece.embedded()));
      vector.ifPresent(its -> vectorOf.put(piece.embedded(), its));
      if (vector.isEmpty()) {
        unknown.add(piece.embedded());
      }
    }
    if (!unknown.isEmpty()) {
      List<int[]> ids =
          unknown.stream().map(each -> tokenizer.encode(each, Specials.AS_TEXT, true)).toList();
      List<float[]> made =
          vectors.detached(
              new Vectors.Wish(named, ids, "document", kind.pooling(), true), job.terms());
      for (int i = 0; i < unknown.size(); i++) {
        vectorOf.put(unknown.get(i), made.get(i));
      }
    }
    return part.stream()
        .map(piece -> new Embedded(piece.chunk(), vectorOf.get(piece.embedded())))
        .toList();
  }
}
