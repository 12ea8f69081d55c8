package io.solebox.engine.source.huggingface;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.model.ModelFile;
import io.solebox.engine.source.ModelSource;
import io.solebox.engine.source.ModelSource.Access;
import io.solebox.engine.source.file.Contents;
import io.solebox.engine.source.file.ModelSources;
import io.solebox.engine.tensor.TensorBytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HuggingFaceSourceTest {
  @TempDir Path folder;

  private SoleboxException refused(Path path) {
    var e = assertThrows(SoleboxException.class, () -> ModelFile.open(path, Access.MAPPED).close());
    assertFalse(e.remedy().isBlank());
    assertTrue(e.place().contains(folder.toString()), e.describe());
    return e;
  }

  private void assertRefused(ErrorCode code, String message) {
    SoleboxException e = refused(folder);
    assertEquals(code, e.code(), e.describe());
    assertTrue(e.describe().contains(message), e.describe());
  }

  @Test
  void aFolderOrAPartOfItIsAModel() {
    Path path = new TinyFolder(folder).write();
    for (String part : new String[] {"", "model.safetensors", "config.json"}) {
      try (var model = ModelFile.open(path.resolve(part), Access.COPIED)) {
        assertEquals("llama", model.info().architecture());
        assertEquals(folder.getFileName().toString(), model.info().name());
        assertEquals(8, model.tokenizer().vocabSize());
      }
    }
  }

  @Test
  void aSnapshotOfTheHubsCacheIsCalledAsItsRepository() throws IOException {
    Path snapshot = folder.resolve("models--org--Some-Model/snapshots/0123");
    Files.createDirectories(snapshot);
    assertEquals("Some-Model", ModelSources.nameOf(new TinyFolder(snapshot).write()));
  }

  @Test
  void onlyWhatLiesOtherwiseIsMade() {
    try (ModelSource source =
        HuggingFaceSource.open(new TinyFolder(folder).write(), Access.MAPPED)) {
      assertTrue(bytes(source, "blk.0.attn_v.weight") instanceof TensorBytes.Stored);
      assertTrue(bytes(source, "blk.0.attn_q.weight") instanceof TensorBytes.Made);
    }
  }

  private static TensorBytes bytes(ModelSource source, String name) {
    return source.bytes(source.tensor(name).orElseThrow());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "clip_qkv|8.0|UNSUPPORTED_MODEL|clip_qkv = 8.0",
        "model_type|\"mystery\"|UNSUPPORTED_MODEL|mystery is not known",
        "hidden_act|\"relu\"|UNSUPPORTED_MODEL|hidden_act",
        "rope_scaling|{\"type\":\"spiral\",\"factor\":2}|UNSUPPORTED_MODEL|spiral",
        "rope_scaling|{\"type\":\"linear\"}|BAD_MODEL_FILE|rope_scaling.factor",
        "hidden_size|-3|BAD_MODEL_FILE|hidden_size",
        "hidden_size|\"32\"|BAD_MODEL_FILE|hidden_size",
        "num_key_value_heads|3|BAD_MODEL_FILE|does not divide",
        "num_hidden_layers|2|BAD_MODEL_FILE|blk.1.attn_norm.weight",
        "intermediate_size|65|OK|",
        "num_attention_heads|3|BAD_MODEL_FILE|do not fit",
        "tie_word_embeddings|false|BAD_MODEL_FILE|lm_head.weight is missing",
        "quantization_config|{\"quant_method\":\"bitsandbytes\"}|UNSUPPORTED_MODEL|bitsandbytes",
      })
  void fieldsThatCannotBeHeededAreNamed(String field, String value, String code, String message) {
    var tiny = new TinyFolder(folder);
    tiny.config =
        tiny.config.replaceFirst("\"" + field + "\": [^,}]+", "\"" + field + "\": " + value);
    Path path = tiny.config.contains(field) ? tiny.write() : tiny.with(field, value).write();
    if (code.equals("OK")) {
      ModelFile.open(path, Access.MAPPED).close();
    } else {
      assertRefused(ErrorCode.valueOf(code), message);
    }
  }

  @Test
  void harmlessFieldsAndNullsArePassedOver() {
    ModelFile.open(
            new TinyFolder(folder)
                .with("clip_qkv", "null")
                .with("attention_dropout", "0.1")
                .with("transformers_version", "\"4.0\"")
                .write(),
            Access.MAPPED)
        .close();
  }

  @Test
  void tensorsThatNobodyKnowsAreNamed() {
    var tiny = new TinyFolder(folder);
    tiny.tensors.put("model.layers.0.mystery.weight", "F32 [4]");
    tiny.tensors.put("model.layers.0.self_attn.rotary_emb.inv_freq", "F32 [8]");
    tiny.write();
    assertRefused(ErrorCode.UNSUPPORTED_MODEL, "1 tensor is not known to models of the kind llama");
  }

  @Test
  void whatIsLeftOutIsNoted() {
    var tiny = new TinyFolder(folder);
    tiny.tensors.put("model.layers.0.self_attn.rotary_emb.inv_freq", "F32 [8]");
    try (var model = ModelFile.open(tiny.write(), Access.MAPPED)) {
      assertTrue(model.info().notes().toString().contains("rotary_emb.inv_freq"));
    }
  }

  @Test
  void missingTensorsAndWrongShapesAreRefused() {
    var tiny = new TinyFolder(folder);
    tiny.tensors.remove("model.layers.0.mlp.up_proj.weight");
    tiny.write();
    assertRefused(ErrorCode.BAD_MODEL_FILE, "blk.0.ffn_up.weight");
    tiny.tensors.put("model.layers.0.mlp.up_proj.weight", "F32 [64,31]");
    tiny.write();
    assertRefused(ErrorCode.BAD_MODEL_FILE, "do not fit");
    tiny.tensors.put("model.layers.0.mlp.up_proj.weight", "F64 [64,32]");
    tiny.write();
    assertRefused(ErrorCode.UNSUPPORTED_MODEL, "F64");
  }

  @Test
  void whatIsNoSafetensorsFileIsCalledByItsName() throws IOException {
    new TinyFolder(folder).write();
    Files.writeString(
        folder.resolve("model.safetensors"),
        "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 123456\n");
    assertRefused(ErrorCode.BAD_MODEL_FILE, "pointer of Git LFS");
    byte[] whole = new byte[100];
    Arrays.fill(whole, (byte) 7);
    Files.write(folder.resolve("model.safetensors"), whole);
    assertRefused(ErrorCode.BAD_MODEL_FILE, "model.safetensors");
  }

  @Test
  void partsThatAreMissingAreNamed() throws IOException {
    new TinyFolder(folder).write();
    Files.move(folder.resolve("config.json"), folder.resolve("other.json"));
    assertEquals(ErrorCode.MODEL_NOT_FOUND, refused(folder.resolve("model.safetensors")).code());
    Files.writeString(folder.resolve("adapter_config.json"), "{}");
    assertRefused(ErrorCode.UNSUPPORTED_MODEL, "adapter");
    Files.move(folder.resolve("other.json"), folder.resolve("config.json"));
    Files.delete(folder.resolve("tokenizer.json"));
    assertRefused(ErrorCode.MODEL_NOT_FOUND, "tokenizer.json");
    Files.move(
        folder.resolve("model.safetensors"), folder.resolve("model-00001-of-00002.safetensors"));
    Files.writeString(folder.resolve("model-00002-of-00002.safetensors"), "");
    assertRefused(ErrorCode.MODEL_NOT_FOUND, "index is missing");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "tokenizer_config.json|{\"chat_template\":\"A\"}|A|",
        "tokenizer_config.json|{\"chat_template\":[{\"name\":\"default\",\"template\":\"A\"},"
            + "{\"name\":\"rag\",\"template\":\"B\"}]}|A|B",
        "chat_template.jinja|A|A|",
        "chat_template.json|{\"chat_template\":\"A\"}|A|",
      })
  void templatesAreFoundWhereverTheyAre(String file, String content, String template, String rag)
      throws IOException {
    Files.writeString(folder.resolve(file), content);
    try (ModelSource source =
        HuggingFaceSource.open(new TinyFolder(folder).write(), Access.MAPPED)) {
      assertEquals(template, source.metadata().string("tokenizer.chat_template"));
      assertEquals(rag == null, !source.metadata().has("tokenizer.chat_template.rag"));
    }
  }

  @Test
  void theTemplateInAFileOfItsOwnCounts() throws IOException {
    Files.writeString(folder.resolve("tokenizer_config.json"), "{\"chat_template\":\"old\"}");
    Files.writeString(folder.resolve("chat_template.jinja"), "new");
    try (ModelSource source =
        HuggingFaceSource.open(new TinyFolder(folder).write(), Access.MAPPED)) {
      assertEquals("new", source.metadata().string("tokenizer.chat_template"));
    }
  }

  @Test
  void recommendedSamplingIsTaken() throws IOException {
    Files.writeString(
        folder.resolve("generation_config.json"),
        "{\"do_sample\":true,\"temperature\":0.6,\"top_k\":20,\"eos_token_id\":[3,5]}");
    try (var model = ModelFile.open(new TinyFolder(folder).write(), Access.MAPPED)) {
      assertEquals(0.6f, (float) model.info().temperature().orElseThrow());
      assertTrue(model.info().notes().toString().contains("top_k 20"));
      assertTrue(model.tokenizer().endOfGeneration().containsAll(List.of(3, 5)));
    }
  }

  @Test
  void idsWithoutATokenAreUnused() {
    var tiny = new TinyFolder(folder);
    tiny.tensors.put("model.embed_tokens.weight", "F32 [16,32]");
    tiny.config = tiny.config.replace("\"vocab_size\": 8", "\"vocab_size\": 16");
    try (var model = ModelFile.open(tiny.write(), Access.MAPPED)) {
      assertEquals(16, model.tokenizer().vocabSize());
    }
  }

  @Test
  void addedTokensWithoutARowAreNamed() throws IOException {
    Path path = new TinyFolder(folder).write();
    Path file = path.resolve("tokenizer.json");
    Files.writeString(
        file,
        Files.readString(file)
            .replace(
                "\"added_tokens\": []",
                "\"added_tokens\": [{\"id\":7,\"content\":\"h\"},{\"id\":8,\"content\":\"<pad>\"}]"));
    try (var model = ModelFile.open(path, Access.MAPPED)) {
      String notes = model.info().notes().toString();
      assertTrue(notes.contains("1 token for which the model's table of 8 rows has none: <pad>"));
    }
  }

  @Test
  void aModelForVectorsNeedsNoHead() throws IOException {
    var tiny = new TinyFolder(folder);
    tiny.config = tiny.config.replace("embeddings\": true", "embeddings\": false");
    Path path = tiny.write();
    assertRefused(ErrorCode.BAD_MODEL_FILE, "lm_head.weight is missing");
    Files.writeString(
        path.resolve("modules.json"),
        "[{\"type\":\"sentence_transformers.models.Pooling\",\"path\":\"1_Pooling\"}]");
    Files.createDirectory(path.resolve("1_Pooling"));
    Files.writeString(path.resolve("1_Pooling/config.json"), "{\"pooling_mode_lasttoken\": true}");
    ModelFile.open(path, Access.MAPPED).close();
  }

  @Test
  void aFileThatWasReservedAndNotFilledIsRefused() {
    var tiny = new TinyFolder(folder);
    String last = "model.layers.0.mlp.down_proj.weight";
    tiny.config = tiny.config.replace("\"intermediate_size\": 64", "\"intermediate_size\": 96");
    for (String side : List.of("gate", "up")) {
      tiny.tensors.put("model.layers.0.mlp." + side + "_proj.weight", "F32 [96,32]");
    }
    tiny.tensors.put(last, "F32 [32,96]");
    tiny.write();
    assertRefused(ErrorCode.BAD_MODEL_FILE, "broke off");
    byte[] filled = new byte[4 * 32 * 96];
    Arrays.fill(filled, (byte) 1);
    tiny.contents.put(last, filled);
    ModelFile.open(tiny.write(), Access.MAPPED).close();
  }

  @Test
  void onlyTheFilesOfTheModelAreCounted() throws IOException {
    Path path = new TinyFolder(folder).write();
    Files.copy(path.resolve("model.safetensors"), path.resolve("consolidated.safetensors"));
    assertEquals(List.of(path.resolve("model.safetensors")), Contents.read(path).files());
  }

  @Test
  void anAdapterBesideTheDescriptionOfItsModelIsNoModel() throws IOException {
    Path path = new TinyFolder(folder).write();
    Files.writeString(path.resolve("adapter_config.json"), "{}");
    Files.copy(path.resolve("model.safetensors"), path.resolve("adapter_model.safetensors"));
    ModelFile.open(path, Access.MAPPED).close();
    Files.delete(path.resolve("model.safetensors"));
    assertRefused(ErrorCode.UNSUPPORTED_MODEL, "adapter");
    assertFalse(ModelSources.isModel(path));
  }
}
