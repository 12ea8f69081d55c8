package io.solebox.engine.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.testdata.SharedData;
import io.solebox.engine.tokenizer.Tokenizer.Specials;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

class SentencePieceTest {
  private static final int NORMAL = 1;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {"llama-tied", "gemma2", "gemma3", "mistral", "mixtral", "phi3", "phi3-longrope"})
  void tinyModels(String name) {
    Path model = SharedData.folder("arch").resolve(name);
    Tokenizer tokenizer = Tokenizers.of(model.resolve("hf/tokenizer.model"));
    JsonNode samples =
        new ObjectMapper().readTree(model.resolve("manifest.json")).at("/tokenizer/samples");
    for (JsonNode sample : samples) {
      String text = sample.path("text").asString();
      int[] ids = sample.path("ids").valueStream().mapToInt(JsonNode::asInt).toArray();
      int[] found = tokenizer.encode(text, Specials.AS_TEXT, false);
      assertEquals(Arrays.toString(ids), Arrays.toString(found), text);
      assertEquals(text, tokenizer.decode(found, false));
    }
    assertTrue(tokenizer.addsBos(), "as tokenizer_config.json says");
  }

  @Test
  void tokensThatWereAddedBelongToIt() throws IOException {
    Path model = SharedData.folder("arch").resolve("mistral/hf/tokenizer.model");
    Files.copy(model, folder.resolve("tokenizer.model"));
    Files.writeString(folder.resolve("added_tokens.json"), "{\"<side>\": 513}");
    Files.writeString(
        folder.resolve("tokenizer_config.json"),
        """
        {"added_tokens_decoder": {"512": {"content": "<turn>", "special": true},
                                  "515": {"content": "<beyond>", "special": true}}}""");
    Tokenizer tokenizer = Tokenizers.of(folder, 515, 515);
    assertEquals(515, tokenizer.vocabSize());
    int[] ids = tokenizer.encode("<turn>a<side>", Specials.PARSE, false);
    assertEquals(512, ids[0]);
    assertEquals(513, ids[ids.length - 1]);
    assertTrue(tokenizer.isSpecial(512));
    assertEquals(516, Tokenizers.of(folder).vocabSize());
  }

  /** A model file in the making. */
  private static final class Model {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Model piece(String text, float score, int type) {
      byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
      ByteBuffer piece =
          ByteBuffer.allocate(utf8.length + 9)
              .order(ByteOrder.LITTLE_ENDIAN)
              .put((byte) 0x0a)
              .put((byte) utf8.length)
              .put(utf8)
              .put((byte) 0x15)
              .putFloat(score)
              .put((byte) 0x18)
              .put((byte) type);
      return field(1, piece.array());
    }

    Model field(int number, byte... message) {
      out.write(number << 3 | 2);
      out.write(message.length);
      out.writeBytes(message);
      return this;
    }

    byte[] bytes() {
      return out.toByteArray();
    }
  }

  private static Model pieces() {
    Model model = new Model().piece("<unk>", 0, 2).piece("<s>", 0, 3).piece("</s>", 0, 3);
    List<String> texts = List.of("\u2581", "a", "b", "\u2581a", "ab", "\u2581ab");
    for (int i = 0; i < texts.size(); i++) {
      model.piece(texts.get(i), -1 - i, NORMAL);
    }
    return model.piece("<x>", 0, 4);
  }

  private Tokenizer load(byte[] bytes) {
    Path file = folder.resolve("tokenizer.model");
    try {
      Files.write(file, bytes);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return Tokenizers.of(file);
  }

  @Test
  void unigramAndBpeAsTheFileSays() {
    Tokenizer unigram = load(pieces().bytes());
    int[] ids = unigram.encode(" ab  a<x>\u4e2d\u6587b ", Specials.AS_TEXT, true);
    assertArrayEquals(new int[] {8, 3, 4, 9, 0, 5}, ids);
    assertEquals("ab a", unigram.decode(new int[] {8, 6}, false));
    Tokenizer bpe = load(pieces().field(2, (byte) 0x18, (byte) 2).bytes());
    assertArrayEquals(new int[] {8}, bpe.encode("ab", Specials.AS_TEXT, true));
    assertEquals(1, bpe.bos().orElseThrow());
  }

  @Test
  void brokenFilesAreRefused() {
    byte[] whole = pieces().bytes();
    assertRefused(Arrays.copyOf(whole, whole.length - 3), ErrorCode.BAD_MODEL_FILE);
    assertRefused(new byte[0], ErrorCode.BAD_MODEL_FILE);
    assertRefused("not a model".getBytes(StandardCharsets.UTF_8), ErrorCode.BAD_MODEL_FILE);
    byte[] charsmap = pieces().field(3, (byte) 0x12, (byte) 2, (byte) 9, (byte) 9).bytes();
    assertRefused(charsmap, ErrorCode.BAD_MODEL_FILE);
    byte[] words = pieces().field(2, (byte) 0x18, (byte) 3).bytes();
    assertRefused(words, ErrorCode.UNSUPPORTED_MODEL);
  }

  private void assertRefused(byte[] bytes, ErrorCode code) {
    SoleboxException error = assertThrows(SoleboxException.class, () -> load(bytes));
    assertEquals(code, error.code(), error.describe());
    assertTrue(error.place().contains("tokenizer.model"), error.place());
  }
}
