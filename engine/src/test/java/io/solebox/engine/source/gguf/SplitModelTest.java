package io.solebox.engine.source.gguf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.source.ModelSource;
import io.solebox.engine.source.ModelSource.Access;
import io.solebox.engine.source.TensorInfo;
import io.solebox.engine.source.file.Contents;
import io.solebox.engine.tensor.TensorType;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Models that lie in several files. */
class SplitModelTest {
  @TempDir Path folder;

  /** Part {@code number}, from 1, with one tensor that holds its number. */
  private GgufWriter part(int number, int count) {
    GgufWriter writer = new GgufWriter();
    if (number == 1) {
      writer.put("general.architecture", "llama").put("general.name", "Cut");
    }
    float[] values = {number, number};
    return writer
        .put("split.no", number - 1)
        .put("split.count", count)
        .put("split.tensors.count", count)
        .tensor("t" + number + ".weight", TensorType.F32, List.of(2L), TinyGguf.floats(values));
  }

  private Path path(int number, int count) {
    return folder.resolve("big-%05d-of-%05d.gguf".formatted(number, count));
  }

  private void writeAll(int count) {
    for (int i = 1; i <= count; i++) {
      part(i, count).write(path(i, count));
    }
  }

  private SoleboxException refused(Path path) {
    return assertThrows(SoleboxException.class, () -> GgufSource.open(path, Access.MAPPED).close());
  }

  @Test
  void allPartsAreOneModelWhicheverIsNamed() throws IOException {
    writeAll(3);
    for (int named = 1; named <= 3; named++) {
      for (Access access : Access.values()) {
        try (ModelSource source = GgufSource.open(path(named, 3), access)) {
          assertEquals("big", source.fileName());
          assertEquals("Cut", source.metadata().string("general.name"));
          assertEquals(3, source.tensors().size());
          for (int i = 1; i <= 3; i++) {
            TensorInfo tensor = source.tensor("t" + i + ".weight").orElseThrow();
            float[] values = source.data(tensor).toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
            assertArrayEquals(new float[] {i, i}, values);
          }
          long bytes = 0;
          for (int i = 1; i <= 3; i++) {
            bytes += Files.size(path(i, 3));
          }
          assertEquals(bytes, source.fileBytes());
        }
      }
    }
    Contents contents = Contents.read(path(2, 3));
    assertEquals(List.of(path(1, 3), path(2, 3), path(3, 3)), contents.files());
    assertEquals(3, contents.tensors().size());
    assertEquals("Cut", contents.metadata().string("general.name"));
  }

  /** Two tensors of one block each, in parts of their own. */
  @ParameterizedTest
  @EnumSource(TensorType.class)
  void partsHoldWeightsOfEveryFormat(TensorType type) {
    byte[][] blocks = new byte[2][type.blockBytes()];
    for (int i = 0; i < 2; i++) {
      byte[] block = blocks[i];
      new Random(i).nextBytes(block);
      List<Long> sizes = List.of((long) type.blockSize());
      part(i + 1, 2)
          .put("split.tensors.count", 4)
          .tensor("w" + i + ".weight", type, sizes, out -> out.write(ByteBuffer.wrap(block)))
          .write(path(i + 1, 2));
    }
    try (ModelSource source = GgufSource.open(path(1, 2), Access.MAPPED)) {
      for (int i = 0; i < 2; i++) {
        TensorInfo tensor = source.tensor("w" + i + ".weight").orElseThrow();
        assertEquals(type, tensor.type());
        assertArrayEquals(blocks[i], source.data(tensor).toArray(ValueLayout.JAVA_BYTE));
      }
    }
  }

  @Test
  void aChangeOfAnyPartIsNoticed() throws IOException {
    writeAll(2);
    try (ModelSource source = GgufSource.open(path(1, 2), Access.MAPPED)) {
      source.checkUnchanged();
      Files.setLastModifiedTime(path(2, 2), FileTime.fromMillis(1_000_000));
      assertThrows(SoleboxException.class, source::checkUnchanged);
    }
  }

  @Test
  void missingPartsAreNamed() throws IOException {
    writeAll(4);
    Files.delete(path(2, 4));
    Files.delete(path(4, 4));
    SoleboxException error = refused(path(1, 4));
    assertEquals(ErrorCode.MODEL_NOT_FOUND, error.code());
    for (String word :
        List.of("part 1 of 4", "2 are missing", "big-00002-of-00004.gguf, big-00004-of-")) {
      assertTrue(error.describe().contains(word), error.describe());
    }
    assertEquals(List.of(path(3, 4)), Contents.read(path(3, 4)).files());
  }

  @Test
  void partsThatLostTheirNamesAreToldToGetThemBack() throws IOException {
    writeAll(2);
    Path renamed = Files.move(path(2, 2), folder.resolve("second.gguf"));
    SoleboxException error = refused(renamed);
    assertTrue(error.describe().contains("part 2 of 2"), error.describe());
    assertTrue(error.describe().contains("-00002-of-00002.gguf"), error.describe());
    Path swapped = Files.move(path(1, 2), path(2, 2));
    assertTrue(refused(swapped).describe().contains("part 1 of 2"), "the file knows better");
  }

  @Test
  void partsOfDifferentModelsDoNotMix() {
    writeAll(2);
    part(2, 2)
        .tensor("t1.weight", TensorType.F32, List.of(1L), TinyGguf.floats(1))
        .write(path(2, 2));
    assertTrue(refused(path(1, 2)).describe().contains("t1.weight"));
    part(2, 2).put("split.no", 0).write(path(2, 2));
    assertTrue(refused(path(1, 2)).describe().contains("calls itself part 1"));
    part(1, 2).put("split.tensors.count", 7).write(path(1, 2));
    part(2, 2).write(path(2, 2));
    assertTrue(refused(path(1, 2)).describe().contains("belongs to 7 tensors"));
  }

  @Test
  void absurdCountsAreNoWork() {
    for (int count : new int[] {99_999, Integer.MAX_VALUE}) {
      Path path = folder.resolve("x-00001-of-99999.gguf");
      part(1, count).write(path);
      assertTrue(refused(path).describe().contains("part 1 of " + count));
    }
  }

  @Test
  void namesThatAreNoUtf8WorkAsWell() throws IOException {
    writeAll(2);
    String uri = folder.toUri().toString();
    for (int i = 1; i <= 2; i++) {
      Files.move(path(i, 2), Path.of(URI.create(uri + "%FF-0000" + i + "-of-00002.gguf")));
    }
    Path first = Path.of(URI.create(uri + "%FF-00001-of-00002.gguf"));
    try (ModelSource source = GgufSource.open(first, Access.MAPPED)) {
      assertEquals(2, source.tensors().size());
    }
  }

  @Test
  void piecesThatWereCutAnywhereAreToBeJoined() throws IOException {
    writeAll(1);
    byte[] whole = Files.readAllBytes(path(1, 1));
    byte[] half = java.util.Arrays.copyOf(whole, whole.length - 40);
    for (String name : List.of("m.gguf-split-a", "m.gguf.part1of2", "m.gguf.1", "m.gguf.aa")) {
      Path piece = Files.write(folder.resolve(name), half);
      assertTrue(refused(piece).remedy().contains("join"), refused(piece).describe());
    }
    Path cut = Files.write(folder.resolve("cut.gguf"), half);
    assertTrue(refused(cut).remedy().contains("Download"), refused(cut).describe());
  }
}
