package io.solebox.store.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.SoleboxException;
import io.solebox.store.blob.Digest;
import io.solebox.store.blob.Partial;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SweeperTest {
  private static final ModelName NAME = ModelName.parse("a");

  @TempDir private Path folder;
  private ModelStore store;
  private Sweeper sweeper;

  @BeforeEach
  void open() {
    store = ModelStore.open(folder);
    sweeper = new Sweeper(store);
  }

  private static Sweeper.Rule after(Duration time) {
    return Sweeper.Rule.garbage(Instant.now().plus(time));
  }

  private static Digest digest(String content) {
    return Digest.of(content.getBytes(StandardCharsets.UTF_8));
  }

  private boolean isThere(String content) {
    return store.blobs().find(digest(content)).isPresent();
  }

  private void installOnly(Partial partial, String content) {
    store.blobs().install(partial, content.getBytes(StandardCharsets.UTF_8));
  }

  private List<Garbage.Kind> kinds(List<Garbage> garbage) {
    return garbage.stream().map(Garbage::kind).toList();
  }

  @Test
  void whatHasANameStaysHoweverOldItIs() {
    ModelStoreTest.publish(store, NAME, "one");
    ModelStoreTest.publish(store, NAME, "two");
    assertEquals(List.of(), sweeper.sweep(after(Duration.ofDays(1000))));
    assertTrue(isThere("one"));
  }

  @Test
  void whatLostItsNameGoesWhenItIsNotNew() {
    ModelStoreTest.publish(store, NAME, "one");
    store.remove(NAME);
    // The links go at once, since they can be made again.
    assertEquals(List.of(Garbage.Kind.VIEW), kinds(sweeper.sweep(after(Duration.ZERO))));
    assertTrue(isThere("one"));
    List<Garbage> later = sweeper.find(after(Duration.ofHours(2)));
    assertEquals(List.of(Garbage.Kind.BLOB), kinds(later));
    assertEquals(3, later.getFirst().bytes());
    assertTrue(isThere("one"), "to look removes nothing");
    sweeper.sweep(after(Duration.ofHours(2)));
    assertFalse(isThere("one"));
  }

  @Test
  void whatWasRemovedByNameGoesAtOnceUnlessItHasAnother() {
    ModelStoreTest.publish(store, NAME, "one");
    ModelStoreTest.publish(store, NAME, "two");
    ModelStoreTest.publish(store, ModelName.parse("b"), "one");
    store.remove(NAME);
    Set<Digest> theirs = Set.of(digest("one"), digest("two"));
    sweeper.sweep(new Sweeper.Rule(OptionalInt.empty(), theirs, Instant.now()));
    assertTrue(isThere("one"));
    assertFalse(isThere("two"));
  }

  @Test
  void oldGenerationsGoButForThoseThatAreKeptCurrentOrInUse() {
    for (String content : List.of("one", "two", "three", "four")) {
      ModelStoreTest.publish(store, NAME, content);
    }
    store.rollback(NAME, OptionalInt.of(2));
    Manifest first = store.generations(NAME).getFirst().manifest();
    var rule = new Sweeper.Rule(OptionalInt.of(1), Set.of(), Instant.now());
    try (var _ = store.leases().take(first.digest(), "runs it")) {
      sweeper.sweep(rule);
    }
    assertEquals(
        List.of(1, 2, 4), store.generations(NAME).stream().map(Generation::number).toList());
    sweeper.sweep(rule);
    assertEquals(List.of(2, 4), store.generations(NAME).stream().map(Generation::number).toList());
    assertEquals(5, ModelStoreTest.publish(store, NAME, "five").number());
  }

  @Test
  void whatAPartialClaimsStaysWhileSomebodyWantsIt() throws IOException {
    try (Partial partial = store.blobs().partial("pull-a", "pulls a")) {
      partial.claim(List.of(digest("one")));
      installOnly(partial, "one");
      assertEquals(List.of(), sweeper.sweep(after(Duration.ofDays(1000))), "it has an owner");
    }
    assertEquals(List.of(), sweeper.sweep(after(Duration.ofDays(13))));
    List<Garbage> swept = sweeper.sweep(after(Duration.ofDays(15)));
    assertEquals(List.of(Garbage.Kind.EXPIRED_PARTIAL, Garbage.Kind.BLOB), kinds(swept));
    assertFalse(isThere("one"));
  }

  @Test
  void whereSomethingCannotBeReadNothingIsRemoved() throws IOException {
    ModelStoreTest.publish(store, NAME, "one");
    ModelStoreTest.publish(store, ModelName.parse("b"), "two");
    store.remove(ModelName.parse("b"));
    Files.writeString(folder.resolve("models").resolve(NAME.folder()).resolve("1.json"), "{");
    assertThrows(SoleboxException.class, () -> sweeper.sweep(after(Duration.ofDays(1))));
    assertTrue(isThere("one"));
    assertTrue(isThere("two"));
  }

  @Test
  void linksAreMadeAgainWhereSomebodyRemovedThem() throws IOException {
    Manifest manifest = ModelStoreTest.publish(store, NAME, "one").manifest();
    Path file = store.file(NAME, manifest);
    assertEquals("one", Files.readString(file));
    Files.delete(file);
    Files.delete(file.getParent());
    assertEquals("one", Files.readString(store.file(NAME, manifest)));
    assertEquals(
        manifest.digest(), ModelStore.holding(file).orElseThrow().manifestOf(file).orElseThrow());
    assertTrue(ModelStore.holding(folder.resolve("x.gguf")).isEmpty());
  }

  @Test
  void aLeaseEndsWithItsProcess() throws IOException {
    Manifest manifest = ModelStoreTest.publish(store, NAME, "one").manifest();
    var lease = store.leases().take(manifest.digest(), "runs it");
    assertEquals(1, store.leases().held().size());
    assertTrue(store.leases().lastUse(manifest).isPresent());
    lease.close();
    // As a process that was killed leaves it.
    Files.writeString(
        folder.resolve("leases/0.lease"), manifest.digest().hex() + "\nprocess 1, which is gone");
    assertEquals(List.of(), store.leases().held());
    store.remove(NAME);
    sweeper.sweep(after(Duration.ZERO));
    try (var left = Files.list(folder.resolve("leases"))) {
      assertEquals(0, left.count());
    }
  }
}
