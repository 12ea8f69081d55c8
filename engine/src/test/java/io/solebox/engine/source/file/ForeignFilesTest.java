package io.solebox.engine.source.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.source.ModelSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** "What is this file?", for what people take for a model. */
class ForeignFilesTest {
  @TempDir Path folder;

  private SoleboxException refused(byte[] bytes) throws IOException {
    Path path = Files.write(folder.resolve("model.gguf"), bytes);
    SoleboxException error = refused(path);
    assertTrue(error.place().contains("model.gguf"), error.describe());
    return error;
  }

  private static SoleboxException refused(Path path) {
    return assertThrows(
        SoleboxException.class, () -> ModelSources.open(path, ModelSource.Access.MAPPED).close());
  }

  private SoleboxException refused(String text) throws IOException {
    return refused(text.getBytes(StandardCharsets.UTF_8));
  }

  private static void assertSays(SoleboxException error, String... words) {
    for (String word : words) {
      String text = error.describe().toLowerCase(Locale.ROOT);
      assertTrue(text.contains(word.toLowerCase(Locale.ROOT)), word + " in " + error.describe());
    }
  }

  @Test
  void pointersOfGitTellTheRealSize() throws IOException {
    String pointer =
        "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 4683073184\n";
    assertSays(refused(pointer), "Git LFS", "4,683,073,184 bytes", "git lfs pull");
    assertSays(refused("../.git/annex/objects/Xk/3m/SHA256E-s9--0a.gguf"), "git annex get");
  }

  @Test
  void webPagesTellTheirTitle() throws IOException {
    String page = "\uFEFF\n<!DOCTYPE HTML>\n<html><head><TITLE>\n Log in\u001b[31m </title></head>";
    SoleboxException error = refused(page);
    assertSays(error, "web page", "'Log in", "/resolve/");
    assertFalse(error.describe().contains("\u001b"), error.describe());
    assertSays(refused("<html lang=en><body>Not found"), "web page");
    assertSays(refused("<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code>"), "XML");
  }

  @Test
  void answersOfServersAreQuoted() throws IOException {
    assertSays(refused("Entry not found"), "a text", "Entry not found");
    assertSays(refused("{\"error\":\"Access to model x is restricted\"}"), "restricted");
    assertSays(refused("{\"weight_map\": {}}"), "Hugging Face");
    assertSays(refused("{\"schemaVersion\":2,\"mediaType\":\"x\"}"), "manifest", "blobs");
  }

  @ParameterizedTest
  @CsvSource({
    "lmgg, GGML",
    "fmgg, GGMF",
    "tjgg, GGJT",
    "algg, adapter",
    "FUGG, big-endian",
    "%PDF-1.7, PDF",
    "MZqFpD='x, llamafile",
    "BZh9, bzip2"
  })
  void formatsAreKnownByTheirFirstBytes(String magic, String name) throws IOException {
    byte[] bytes = (magic + "\u0001\u0000\u0000\u0000").getBytes(StandardCharsets.ISO_8859_1);
    assertSays(refused(bytes), name);
  }

  @Test
  void safetensorsAndPickles() throws IOException {
    byte[] header = "{\"a\":{\"dtype\":\"F32\"}}".getBytes(StandardCharsets.UTF_8);
    ByteBuffer file = ByteBuffer.allocate(8 + header.length).order(ByteOrder.LITTLE_ENDIAN);
    file.putLong(header.length).put(header);
    SoleboxException error = refused(file.array());
    assertEquals(ErrorCode.BAD_MODEL_FILE, error.code());
    assertSays(error, "safetensors", "put it beside its config.json");
    assertSays(refused(new byte[] {(byte) 0x80, 2, 'c', 'x'}), "PyTorch", "pickle");
    assertSays(refused(zip("archive/data.pkl")), "PyTorch");
    assertSays(refused(zip("a/model.gguf")), "ZIP archive", "a/model.gguf", "unpack");
  }

  private static byte[] zip(String name) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry(name));
      zip.write(1);
    }
    return bytes.toByteArray();
  }

  @Test
  void packedFilesAreToBeUnpacked() throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bytes)) {
      out.write("GGUF".getBytes(StandardCharsets.UTF_8));
    }
    assertSays(refused(bytes.toByteArray()), "gzip", "unpack");
    byte[] tar = new byte[1024];
    System.arraycopy("ustar".getBytes(StandardCharsets.UTF_8), 0, tar, 257, 5);
    assertSays(refused(tar), "tar");
  }

  @Test
  void emptyFilesAndReservedOnes() throws IOException {
    assertSays(refused(new byte[0]), "empty");
    assertSays(refused(new byte[5000]), "zeros", "download");
  }

  @Test
  void importanceMatricesAndVocabularies() throws IOException {
    byte[] name = "blk.0.attn_q.weight".getBytes(StandardCharsets.UTF_8);
    ByteBuffer matrix = ByteBuffer.allocate(100).order(ByteOrder.LITTLE_ENDIAN);
    matrix.putInt(225).putInt(name.length).put(name);
    assertSays(refused(matrix.array()), "importance matrix");
    assertSays(refused("\n\u000e\n\u0005<unk>\u0015\u0000\u0000\u0000\u0000"), "SentencePiece");
  }

  @Test
  void whateverElseIsNotGguf() throws IOException {
    SoleboxException error = refused(new byte[] {1, 2, 3, (byte) 0xff, 0, 9});
    assertEquals(ErrorCode.BAD_MODEL_FILE, error.code());
    assertSays(error, "not a GGUF file");
  }

  @Test
  void foldersTellWhatIsInThem() throws IOException {
    assertSays(refused(folder), "a folder", "there is none in it");
    Files.writeString(folder.resolve("model.safetensors"), "");
    assertSays(refused(folder), "there is no config.json beside the weights");
    Files.writeString(folder.resolve("config.json"), "{}");
    var empty =
        assertThrows(
            SoleboxException.class, () -> ModelSources.open(folder, ModelSource.Access.MAPPED));
    assertTrue(empty.describe().contains("an empty file"), empty.describe());
    Files.delete(folder.resolve("config.json"));
    Files.delete(folder.resolve("model.safetensors"));
    for (String name : List.of("b-00001-of-00002.gguf", "b-00002-of-00002.gguf", "a.GGUF")) {
      Files.writeString(folder.resolve(name), "");
    }
    SoleboxException error = refused(folder);
    assertTrue(error.remedy().contains("a.GGUF, b-00001-of-00002.gguf."), error.describe());
  }

  @Test
  void linksThatLeadNowhere() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("l.gguf"), Path.of("nothing"));
    SoleboxException error = refused(link);
    assertEquals(ErrorCode.MODEL_NOT_FOUND, error.code());
    assertSays(error, "a link");
  }
}
