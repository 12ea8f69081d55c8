package io.solebox.store.edit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.backend.Progress;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.source.MetadataValue;
import io.solebox.engine.source.ModelSource.Access;
import io.solebox.engine.source.ValueType;
import io.solebox.engine.source.gguf.GgufHeader;
import io.solebox.engine.source.gguf.GgufSource;
import io.solebox.engine.source.gguf.GgufWriter;
import io.solebox.engine.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files cut in parts, joined, and given other metadata. */
class EditTest {
  private static final int TENSORS = 10;
  private static final int TENSOR_BYTES = 32 * 4;

  @TempDir Path home;

  private Path model;

  @BeforeEach
  void write() {
    model = home.resolve("tiny.gguf");
    var writer = new GgufWriter();
    writer.put("general.architecture", "llama").put("general.name", "Tiny");
    writer.put("llama.block_count", 3).put("llama.rope.freq_base", 1e4f);
    writer.put("tokenizer.ggml.tokens", List.of("a", "b")).put("some.flag", true);
    for (int i = 0; i < TENSORS; i++) {
      byte[] values = new byte[TENSOR_BYTES];
      Arrays.fill(values, (byte) i);
      writer.tensor(
          "t" + i,
          TensorType.F32,
          List.of(32L),
          GgufWriter.TensorData.of(MemorySegment.ofArray(values)));
    }
    writer.write(model);
  }

  private List<Splitting.Part> split(long maxBytes) {
    return Splitting.write(model, home, maxBytes, false, Progress.none());
  }

  @Test
  void partsAreFoundAndReadAsOneModel() {
    List<Splitting.Part> parts = split(4 * TENSOR_BYTES);
    assertEquals(
        List.of("tiny-00001-of-00003.gguf", "tiny-00002-of-00003.gguf", "tiny-00003-of-00003.gguf"),
        parts.stream().map(part -> part.file().getFileName().toString()).toList());
    assertEquals(List.of(4, 4, 2), parts.stream().map(Splitting.Part::tensors).toList());
    for (int i = 0; i < parts.size(); i++) {
      var metadata = GgufHeader.read(parts.get(i).file()).metadata();
      assertEquals(
          Optional.of(new MetadataValue.Whole(ValueType.U16, i)), metadata.find("split.no"));
      assertEquals(
          Optional.of(new MetadataValue.Whole(ValueType.U16, 3)), metadata.find("split.count"));
      assertEquals(
          Optional.of(new MetadataValue.Whole(ValueType.I32, TENSORS)),
          metadata.find("split.tensors.count"));
      assertEquals(i == 0, metadata.has("general.name"));
      assertEquals(parts.get(i).bytes(), parts.get(i).file().toFile().length());
    }
    try (var source = GgufSource.open(parts.get(1).file(), Access.MAPPED)) {
      assertEquals(TENSORS, source.tensors().size());
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, TENSOR_BYTES, 3 * TENSOR_BYTES + 5, 9 * TENSOR_BYTES})
  void joinedPartsAreTheFileAgain(long maxBytes) throws Exception {
    List<Splitting.Part> parts = split(maxBytes);
    Path joined = home.resolve("joined.gguf");
    Joining.write(parts.getLast().file(), joined, false, Progress.none());
    assertEquals(-1, Files.mismatch(model, joined));
  }

  @Test
  void aMissingPartIsNamed() throws Exception {
    List<Splitting.Part> parts = split(TENSOR_BYTES);
    Files.delete(parts.get(6).file());
    Path out = home.resolve("joined.gguf");
    var refused =
        assertThrows(
            SoleboxException.class,
            () -> Joining.write(parts.getFirst().file(), out, false, Progress.none()));
    assertTrue(refused.describe().contains("tiny-00007-of-00010.gguf"), refused.describe());
    assertTrue(Files.notExists(out));
  }

  @Test
  void whatFitsIsNotSplitAndWhatIsThereNotReplaced() throws Exception {
    assertEquals(
        ErrorCode.INVALID_PARAMETER,
        assertThrows(SoleboxException.class, () -> split(1 << 20)).code());
    Path taken = Files.writeString(home.resolve("tiny-00002-of-00002.gguf"), "mine");
    assertThrows(SoleboxException.class, () -> split(5 * TENSOR_BYTES));
    assertEquals("mine", Files.readString(taken));
    assertTrue(Files.notExists(home.resolve("tiny-00001-of-00002.gguf")));
  }

  private Path edit(KeyChange... changes) {
    Path out = home.resolve("edited.gguf");
    MetadataEdit.write(model, List.of(changes), out, true, Progress.none());
    return out;
  }

  private static KeyChange set(String key, String value) {
    return new KeyChange(key, Optional.of(value));
  }

  @Test
  void keysKeepTheirKindAndTensorsTheirBytes() {
    Path out =
        edit(
            set("general.name", "12"),
            set("llama.block_count", "7"),
            set("llama.rope.freq_base", "5e5"),
            set("some.flag", "false"),
            set("new.count", "5"),
            set("new.text", "five = 5"),
            new KeyChange("tokenizer.ggml.tokens", Optional.empty()));
    try (var before = GgufSource.open(model, Access.MAPPED);
        var after = GgufSource.open(out, Access.MAPPED)) {
      var metadata = after.metadata();
      assertEquals("12", metadata.string("general.name"));
      assertEquals(
          Optional.of(new MetadataValue.Whole(ValueType.U32, 7)),
          metadata.find("llama.block_count"));
      assertEquals(5e5f, metadata.floatValue("llama.rope.freq_base"));
      assertEquals(false, metadata.booleanValue("some.flag"));
      assertEquals(5, metadata.intValue("new.count"));
      assertEquals("five = 5", metadata.string("new.text"));
      assertTrue(!metadata.has("tokenizer.ggml.tokens"));
      assertEquals(before.tensors(), after.tensors());
      IntStream.range(0, TENSORS)
          .mapToObj(i -> before.tensors().get(i))
          .forEach(t -> assertEquals(-1, before.data(t).mismatch(after.data(t)), t.name()));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "llama.block_count=many",
        "llama.block_count=-1",
        "some.flag=yes",
        "llama.rope.freq_base=fast",
        "tokenizer.ggml.tokens=c",
        "general.alignment=64",
        "split.count=2"
      })
  void wrongValuesAreRefused(String text) {
    String[] pair = text.split("=");
    var refused = assertThrows(SoleboxException.class, () -> edit(set(pair[0], pair[1])));
    assertEquals(ErrorCode.INVALID_PARAMETER, refused.code());
    assertTrue(Files.notExists(home.resolve("edited.gguf")));
  }
}
