package io.solebox.engine.source.safetensors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.source.ModelSource.Access;
import io.solebox.engine.testdata.SharedData;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SafetensorsTest {
  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(Access.class)
  void whatWasWrittenIsRead(Access access) {
    Path path = TinySafetensors.write(folder.resolve("a.safetensors"), TinySafetensors.SOUND, 40);
    try (var file = Safetensors.open(path, access)) {
      assertEquals(
          List.of("w", "b", "n"), file.tensors().stream().map(StoredTensor::name).toList());
      assertEquals(Map.of("format", "pt"), file.metadata());
      StoredTensor bias = file.tensor("b").orElseThrow();
      assertEquals(Dtype.BF16, bias.dtype());
      assertEquals(List.of(4L), bias.shape());
      assertEquals(4, bias.elements());
      MemorySegment data = file.data(bias);
      assertTrue(data.isReadOnly());
      assertEquals(8, data.byteSize());
      assertEquals(24, data.get(ValueLayout.JAVA_BYTE, 0));
      assertEquals(1, file.tensor("n").orElseThrow().elements());
      assertTrue(file.tensor("x").isEmpty());
      assertEquals(path.toFile().length(), file.fileBytes());
      file.checkUnchanged();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "{'w':{'dtype':'F32','shape':[2],'data_offsets':[0,12]}}|12|cannot have 12 bytes",
        "{'w':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}}|7|cut short",
        "{'w':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}}|9|1 bytes behind the data",
        "{'w':{'dtype':'F32','shape':[2],'data_offsets':[4,12]}}|12|4 bytes before its data",
        "{'w':{'dtype':'F32','shape':[2],'data_offsets':[8,0]}}|8|a begin and an end",
        "{'w':{'dtype':'F32','shape':[2],'data_offsets':[0]}}|8|a begin and an end",
        "{'w':{'dtype':'F32','shape':[-2],'data_offsets':[0,8]}}|8|whole numbers from 0 on",
        "{'w':{'dtype':'F32','shape':[1.5],'data_offsets':[0,8]}}|8|whole numbers from 0 on",
        "{'w':{'dtype':'F32','shape':2,'data_offsets':[0,8]}}|8|shape must be a list",
        "{'w':{'dtype':'F32','data_offsets':[0,8]}}|8|shape must be a list",
        "{'w':{'dtype':7,'shape':[2],'data_offsets':[0,8]}}|8|dtype must be text",
        "{'w':{'dtype':'F4','shape':[1],'data_offsets':[0,1]}}|1|end inside a byte",
        "{'w':{'dtype':'F32','shape':[4294967296,4294967296],'data_offsets':[0,8]}}|8|too large",
        "{'w':{'dtype':'F32','shape':[2],'data_offsets':[0,8],'x':1}}|8|not known: x",
        "{'w':7}|0|must be an object",
        "{'w':{}}|0|dtype must be text",
        "{'w'|0|not the JSON",
        "{}{}|0|not the JSON",
        "{'w':{'dtype':'U8','shape':[1],'data_offsets':[0,1]},"
            + "'w':{'dtype':'U8','shape':[1],'data_offsets':[1,2]}}|2|not the JSON",
        "{'w':{'dtype':'U8','shape':[2],'data_offsets':[0,2]},"
            + "'v':{'dtype':'U8','shape':[2],'data_offsets':[1,3]}}|3|over the data of another",
      })
  void whatDoesNotFitIsRefused(String header, int dataBytes, String message) {
    Path path =
        TinySafetensors.write(
            folder.resolve("a.safetensors"), header.replace('\'', '"'), dataBytes);
    var e = assertThrows(SoleboxException.class, () -> Safetensors.open(path, Access.MAPPED));
    assertEquals(ErrorCode.BAD_MODEL_FILE, e.code());
    assertTrue(e.getMessage().contains(message), e.describe());
    assertTrue(e.place().startsWith(path.toString()), e.describe());
    assertFalse(e.remedy().isBlank());
  }

  @Test
  void unknownTypesAreNamed() {
    String header = TinySafetensors.SOUND.replace("BF16", "F7");
    Path path = TinySafetensors.write(folder.resolve("a.safetensors"), header, 40);
    var e = assertThrows(SoleboxException.class, () -> Safetensors.open(path, Access.MAPPED));
    assertEquals(ErrorCode.UNSUPPORTED_MODEL, e.code());
    assertTrue(e.getMessage().contains("F7"), e.describe());
    assertTrue(e.place().endsWith("tensor b"), e.describe());
    assertTrue(e.remedy().contains("BF16"), e.describe());
  }

  @ParameterizedTest
  @CsvSource({"-1", "0", "1", "25000001", "9223372036854775807"})
  void headersOfNoSenseAreRefused(long length) {
    byte[] bytes = TinySafetensors.bytes(TinySafetensors.SOUND, 40);
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(length);
    Path path = TinySafetensors.write(folder.resolve("a.safetensors"), bytes);
    var e = assertThrows(SoleboxException.class, () -> Safetensors.open(path, Access.MAPPED));
    assertTrue(e.getMessage().contains("makes no sense"), e.describe());
  }

  @Test
  void everyCutIsRefused() {
    byte[] bytes = TinySafetensors.bytes(TinySafetensors.SOUND, 40);
    for (int length = 0; length < bytes.length; length++) {
      Path path =
          TinySafetensors.write(folder.resolve("a.safetensors"), Arrays.copyOf(bytes, length));
      var e = assertThrows(SoleboxException.class, () -> Safetensors.open(path, Access.MAPPED));
      assertTrue(e.getMessage().contains("cut short"), e.describe());
    }
  }

  private Path index(String map) throws IOException {
    TinySafetensors.write(folder.resolve("1.safetensors"), TinySafetensors.SOUND, 40);
    TinySafetensors.write(
        folder.resolve("2.safetensors"),
        "{\"x\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]}}",
        2);
    return Files.writeString(
        folder.resolve("model.safetensors.index.json"),
        "{\"metadata\":{},\"weight_map\":{" + map.replace('\'', '"') + "}}");
  }

  private static final String WHOLE =
      "'w':'1.safetensors','b':'1.safetensors','n':'1.safetensors','x':'2.safetensors'";

  @Test
  void anIndexJoinsItsFiles() throws IOException {
    try (var all = Safetensors.open(index(WHOLE), Access.MAPPED)) {
      assertEquals(4, all.tensors().size());
      assertEquals(2, all.files().size());
      assertEquals(2, all.data(all.tensor("x").orElseThrow()).byteSize());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        WHOLE + ",'y':'3.safetensors'|MODEL_NOT_FOUND|3.safetensors",
        WHOLE + ",'y':'2.safetensors'|BAD_MODEL_FILE|lacks a tensor",
        "'w':'1.safetensors','b':'1.safetensors','n':'1.safetensors'|BAD_MODEL_FILE|NONE",
        "'w':'1.safetensors','b':'1.safetensors','x':'2.safetensors'|BAD_MODEL_FILE|not place there",
        "'w':'../1.safetensors'|BAD_MODEL_FILE|no file beside it",
        "'w':'..'|BAD_MODEL_FILE|no file beside it",
        "'w':7|BAD_MODEL_FILE|no file beside it",
      })
  void anIndexThatIsWrongIsRefused(String map, ErrorCode code, String message) throws IOException {
    Path path = index(map);
    if (message.equals("NONE")) {
      try (var some = Safetensors.open(path, Access.MAPPED)) {
        assertEquals(3, some.tensors().size()); // a file that the index does not name is not read
      }
      return;
    }
    var e = assertThrows(SoleboxException.class, () -> Safetensors.open(path, Access.MAPPED));
    assertEquals(code, e.code(), e.describe());
    assertTrue(e.getMessage().contains(message), e.describe());
    assertFalse(e.remedy().isBlank());
  }

  @Test
  void aFileThatChangesIsNoticed() throws IOException {
    Path path = TinySafetensors.write(folder.resolve("a.safetensors"), TinySafetensors.SOUND, 40);
    try (var file = Safetensors.open(path, Access.MAPPED)) {
      TinySafetensors.write(path, TinySafetensors.bytes(TinySafetensors.SOUND, 41));
      var e = assertThrows(SoleboxException.class, file::checkUnchanged);
      assertEquals(ErrorCode.MODEL_FILE_CHANGED, e.code());
    }
  }

  @Test
  void publishedFilesAreRead() {
    Path sharded = SharedData.folder("arch/llama3-rope/hf/model.safetensors.index.json");
    try (var all = Safetensors.open(sharded, Access.MAPPED)) {
      assertEquals(3, all.files().size());
      StoredTensor table = all.tensor("model.embed_tokens.weight").orElseThrow();
      assertEquals(List.of(512L, 64L), table.shape());
      assertEquals(Dtype.F32, table.dtype());
    }
  }
}
