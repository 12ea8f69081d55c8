package io.solebox.store.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.store.blob.Digest;
import io.solebox.store.blob.Partial;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelStoreTest {
  private static final ModelName NAME = ModelName.parse("llama3.2");

  @TempDir private Path folder;
  private ModelStore store;

  @BeforeEach
  void open() {
    store = ModelStore.open(folder.resolve("store"));
  }

  private Generation publish(ModelName name, String content) {
    return publish(store, name, content);
  }

  /** A model that is one file with this content. */
  static Generation publish(ModelStore store, ModelName name, String content) {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    Digest digest = Digest.of(bytes);
    try (Partial partial = store.blobs().partial("import-" + digest.hex(), "tests")) {
      partial.claim(List.of(digest));
      store.blobs().install(partial, bytes);
      Generation published = store.publish(name, manifest(digest, bytes.length));
      partial.discard();
      return published;
    }
  }

  private static Manifest manifest(Digest digest, long size) {
    return new Manifest(
        new Descriptor(MediaTypes.CONFIG, digest, size),
        List.of(Descriptor.titled(MediaTypes.GGUF, digest, size, "model.gguf")),
        Map.of());
  }

  @Test
  void aStoreThatIsNotThereIsEmptyAndStaysAway() {
    assertEquals(List.of(), store.names());
    assertEquals(Optional.empty(), store.current(NAME));
    assertEquals(List.of(), store.generations(NAME));
    assertFalse(Files.exists(folder.resolve("store")));
  }

  @Test
  void whatIsPublishedIsFoundUnderItsName() throws IOException {
    Generation first = publish(NAME, "one");
    assertEquals(1, first.number());
    assertEquals(Optional.of(first), store.current(ModelName.parse("LLAMA3.2:latest")));
    assertEquals(List.of(NAME), ModelStore.open(folder.resolve("store")).names());
    assertEquals("1", Files.readString(folder.resolve("store/format")));
  }

  @Test
  void aNameGoesOnAndBack() {
    publish(NAME, "one");
    Generation second = publish(NAME, "two");
    assertEquals(2, second.number());
    assertEquals(1, store.rollback(NAME, OptionalInt.empty()).number());
    assertEquals(1, store.current(NAME).orElseThrow().number());
    var error =
        assertThrows(SoleboxException.class, () -> store.rollback(NAME, OptionalInt.empty()));
    assertEquals(ErrorCode.MODEL_NOT_FOUND, error.code());
    assertThrows(SoleboxException.class, () -> store.rollback(NAME, OptionalInt.of(3)));
    assertEquals(second, store.rollback(NAME, OptionalInt.of(2)));
    assertEquals(2, store.generations(NAME).size());
  }

  @Test
  void whatItStoodForBeforeIsNotWrittenTwice() {
    Generation first = publish(NAME, "one");
    assertEquals(first, publish(NAME, "one"));
    publish(NAME, "two");
    assertEquals(first, publish(NAME, "one"));
    assertEquals(first, store.current(NAME).orElseThrow());
    assertEquals(2, store.generations(NAME).size());
    assertEquals(3, publish(NAME, "three").number());
  }

  @Test
  void aModelWhoseFilesAreNotThereIsNotPublished() {
    Digest nowhere = Digest.of(new byte[] {1});
    var error =
        assertThrows(SoleboxException.class, () -> store.publish(NAME, manifest(nowhere, 1)));
    assertEquals(ErrorCode.BAD_STORE, error.code());
    Digest cut = publish(NAME, "one").manifest().config().digest();
    assertThrows(SoleboxException.class, () -> store.publish(NAME, manifest(cut, 4)));
    assertEquals(1, store.generations(NAME).size());
  }

  @Test
  void aNameIsForgottenWithAllItStoodFor() throws IOException {
    publish(NAME, "one");
    publish(NAME.withTag("1b"), "two");
    store.remove(NAME);
    assertEquals(List.of(NAME.withTag("1b")), store.names());
    assertThrows(SoleboxException.class, () -> store.remove(NAME));
    try (var trash = Files.list(folder.resolve("store/trash"))) {
      assertEquals(0, trash.count());
    }
    assertTrue(store.blobs().find(Digest.of("one".getBytes(StandardCharsets.UTF_8))).isPresent());
  }

  @Test
  void whatIsDamagedIsNamed() throws IOException {
    publish(NAME, "one");
    Path current = folder.resolve("store/models").resolve(NAME.folder()).resolve("current");
    Files.writeString(current, "{\"name\":\"llama3.2\"}");
    var error = assertThrows(SoleboxException.class, () -> store.current(NAME));
    assertEquals(ErrorCode.BAD_STORE, error.code());
    assertEquals(current.toString(), error.place());
  }
}
