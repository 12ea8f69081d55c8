package io.solebox.server.knowledge.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.server.documents.Place;
import io.solebox.server.files.FileStore;
import io.solebox.server.files.FileStore.Description;
import io.solebox.server.files.NewFile;
import io.solebox.server.knowledge.chunk.Chunk;
import io.solebox.server.knowledge.store.Chunks;
import io.solebox.server.knowledge.store.Chunks.Embedded;
import io.solebox.server.knowledge.store.Document;
import io.solebox.server.knowledge.store.Document.About;
import io.solebox.server.knowledge.store.Document.Cut;
import io.solebox.server.knowledge.store.Document.State;
import io.solebox.server.knowledge.store.DocumentStore;
import io.solebox.server.knowledge.store.SavedWords;
import io.solebox.server.knowledge.store.VectorStore;
import io.solebox.server.knowledge.store.VectorStores;
import io.solebox.server.seal.Passphrase;
import io.solebox.server.seal.Vault;
import io.solebox.server.storage.ServerTables;
import io.solebox.server.storage.WordIndex;
import io.solebox.storage.Database;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The words of a large collection outlive a server, and nothing in them outlives its document. */
@Timeout(60)
class StoreContentsTest {
  private static final int LARGE = 2_100;
  private static final int SMALL = 20;

  @TempDir private Path folder;
  private Database database;
  private FileStore files;
  private DocumentStore documents;
  private Chunks chunks;
  private SavedWords saved;
  private VectorStore store;

  @BeforeEach
  void open() {
    database = ServerTables.open(folder.resolve("server.db"));
    Vault vault = Vault.open(database, Passphrase.NONE, System.err);
    files = new FileStore(vault, folder.resolve("files"), Clock.systemUTC());
    documents = new DocumentStore(vault);
    chunks = new Chunks(vault);
    saved = new SavedWords(vault);
    VectorStore.About about =
        new VectorStore.About("papers", "", Map.of(), "embedder", OptionalInt.empty());
    store = new VectorStores(vault).create("", about, 1);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private Document add(String name, int pieces, IntFunction<String> text) throws IOException {
    String file;
    try (NewFile added = files.begin("")) {
      added.open().close();
      file =
          files.add(added.described(new Description("", name, "user_data", Optional.empty()))).id();
    }
    About about = About.fresh("", name, 0, Map.of(), new Cut(100, 0));
    DocumentStore.Wish wish = new DocumentStore.Wish(file, about);
    Document added = documents.add(store, List.of(wish), Optional.empty(), 1).getFirst();
    List<Embedded> embedded =
        IntStream.range(0, pieces)
            .mapToObj(at -> new Embedded(chunk(at, text.apply(at)), new float[] {0.6f, 0.8f}))
            .toList();
    assertTrue(chunks.add("", added.id(), embedded));
    return documents
        .progress(
            added.id(),
            its -> its.with(State.COMPLETED, its.about().read(List.of(), "maker", "plan", pieces)))
        .orElseThrow();
  }

  private static Chunk chunk(int ordinal, String text) {
    return new Chunk(ordinal, new Place(OptionalInt.empty(), List.of()), 0, 0, 1, text);
  }

  private StoreContents contents() {
    StoreContents contents = new StoreContents(store, documents, chunks, saved);
    contents.bringUpToDate();
    return contents;
  }

  /** Where a word is found, as {@code NAME POSITION}. */
  private static List<String> found(StoreContents contents, String word) {
    return contents.words().search(word, 10, _ -> true).stream()
        .map(WordIndex.Hit::id)
        .map(id -> contents.document(id).about().name() + " " + StoreContents.position(id))
        .toList();
  }

  @Test
  void theyAreReadAndNotMadeAgain() throws IOException {
    Document large = add("large", LARGE, at -> at == 2_000 ? "a heron" : "reeds");
    contents().close();
    SavedWords.Copy copy = saved.find(store).orElseThrow();
    assertEquals(Set.of(large.id()), copy.documents().keySet());
    // Something that only the copy says: whoever finds it has read it.
    try (WordIndex other = WordIndex.open(copy.words())) {
      other.put(Map.of(7L, "a stork"));
      saved.keep(store, new SavedWords.Copy(copy.documents(), other.save()));
    }
    add("small", SMALL, _ -> "a crane");
    try (StoreContents again = contents()) {
      assertEquals(List.of("large 7"), found(again, "stork"));
      assertEquals(List.of("large 2000"), found(again, "heron"));
      assertEquals(10, found(again, "crane").size());
    }
  }

  @Test
  void whatWasTakenOutLeavesNoWord() throws IOException {
    add("large", LARGE, _ -> "reeds");
    Document small = add("small", SMALL, at -> at == 3 ? "a heron" : "a crane");
    try (StoreContents contents = contents()) {
      SavedWords.Copy before = saved.find(store).orElseThrow();
      assertTrue(before.documents().containsKey(small.id()));
      assertTrue(files.delete(small.file(), ""));
      assertEquals(Optional.empty(), saved.find(store)); // at once, whoever searches
      saved.keep(store, before);
      assertEquals(Optional.empty(), saved.find(store)); // nor does it come back
      contents.bringUpToDate();
      assertEquals(List.of(), found(contents, "heron"));
    }
    SavedWords.Copy after = saved.find(store).orElseThrow();
    assertEquals(1, after.documents().size());
    try (StoreContents again = contents()) {
      assertEquals(List.of(), found(again, "heron"));
      assertEquals(10, found(again, "reeds").size());
    }
  }

  @Test
  void aCopyThatIsDamagedIsMadeAgain() throws IOException {
    add("large", LARGE, at -> at == 1 ? "a heron" : "reeds");
    contents().close();
    SavedWords.Copy copy = saved.find(store).orElseThrow();
    saved.keep(store, new SavedWords.Copy(copy.documents(), new byte[] {1, 2, 3}));
    try (StoreContents again = contents()) {
      assertEquals(List.of("large 1"), found(again, "heron"));
    }
  }

  @Test
  void whatIsQuicklyMadeIsNotKept() throws IOException {
    add("small", SMALL, _ -> "reeds");
    contents().close();
    assertEquals(Optional.empty(), saved.find(store));
  }
}
