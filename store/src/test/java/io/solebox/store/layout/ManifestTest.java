package io.solebox.store.layout;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.store.blob.Digest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestTest {
  private static final Digest EMPTY = Digest.of(new byte[0]);
  private static final String EMPTY_HEX = EMPTY.hex();

  private static final String WRITTEN =
      """
      {"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json",\
      "config":{"mediaType":"application/vnd.docker.ai.model.config.v0.1+json",\
      "digest":"sha256:%1$s","size":0},\
      "layers":[{"mediaType":"application/vnd.docker.ai.gguf.v3","digest":"sha256:%1$s","size":0,\
      "annotations":{"org.opencontainers.image.title":"a/model.gguf"}}],\
      "annotations":{"io.solebox.quantization":"Q8_0","org.opencontainers.image.licenses":"mit"}}\
      """
          .formatted(EMPTY_HEX);

  private static Manifest sample() {
    return new Manifest(
        new Descriptor(MediaTypes.CONFIG, EMPTY, 0),
        List.of(Descriptor.titled(MediaTypes.GGUF, EMPTY, 0, "a/model.gguf")),
        Map.of(Annotations.LICENSES, "mit", Annotations.QUANTIZATION, "Q8_0"));
  }

  private static SoleboxException refusal(String text) {
    var error =
        assertThrows(
            SoleboxException.class,
            () -> Manifest.read(text.getBytes(StandardCharsets.UTF_8), "here"));
    assertEquals(ErrorCode.BAD_STORE, error.code());
    assertEquals("here", error.place());
    return error;
  }

  @Test
  void whatIsWrittenIsTheSameEveryTimeAndReadBack() {
    assertEquals(WRITTEN, new String(sample().bytes(), StandardCharsets.UTF_8));
    Manifest read = Manifest.read(sample().bytes(), "here");
    assertEquals(sample(), read);
    assertArrayEquals(sample().bytes(), read.bytes());
    assertEquals(Digest.of(sample().bytes()), read.digest());
    assertEquals(Optional.of("a/model.gguf"), read.layers().getFirst().title());
  }

  @Test
  void everyFieldThatIsWrongIsNamed() {
    Map<String, String> wrongs =
        Map.of(
            "\"schemaVersion\":2", "\"schemaVersion\":3",
            "image.manifest", "image.index",
            "\"layers\":[", "\"layers\":[1,",
            "\"size\":0}", "\"size\":\"0\"}",
            "sha256:", "sha1:",
            "\"Q8_0\"", "8",
            "\"a/model.gguf\"", "\"../model.gguf\"",
            "\"annotations\":{\"io", "\"subject\":{\"io");
    Map<String, String> places =
        Map.of(
            "\"schemaVersion\":2", "'schemaVersion'",
            "image.manifest", "'mediaType'",
            "\"layers\":[", "'layers[0]'",
            "\"size\":0}", "'config.size'",
            "sha256:", "'config.digest'",
            "\"Q8_0\"", "'annotations.io.solebox.quantization'",
            "\"a/model.gguf\"", "'layers[0]'",
            "\"annotations\":{\"io", "'subject' is not known");
    wrongs.forEach(
        (right, wrong) -> {
          String message = refusal(WRITTEN.replace(right, wrong)).getMessage();
          // The config is read after the layers.
          String place = places.get(right).replace("config.digest", "layers[0].digest");
          assertTrue(message.contains(place), message);
        });
    refusal(WRITTEN.substring(1));
  }

  @Test
  void whatOthersWroteMaySayMore() {
    String text =
        WRITTEN
            .replace("\"schemaVersion\"", "\"artifactType\":\"x\",\"schemaVersion\"")
            .replace(MediaTypes.MANIFEST, MediaTypes.DOCKER_MANIFEST)
            .replace("\"size\":0,", "\"size\":0,\"from\":\"/tmp/x\",");
    assertEquals(
        sample(), Manifest.readForeign(text.getBytes(StandardCharsets.UTF_8), "elsewhere"));
    refusal(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "/a", "a/", "a//b", ".", "..", "a/../b", "./a", "a\\b", "a\u0000", "a\nb", "C:x"
      })
  void titlesLeadNowhereElse(String title) {
    assertThrows(
        IllegalArgumentException.class, () -> Descriptor.titled(MediaTypes.GGUF, EMPTY, 0, title));
  }

  @ParameterizedTest
  @ValueSource(strings = {"model.gguf", "a/b/c.gguf", "..a", "a..", "...", "A b (1).gguf"})
  void plainTitlesAreFine(String title) {
    assertEquals(Optional.of(title), Descriptor.titled(MediaTypes.GGUF, EMPTY, 0, title).title());
  }

  @Test
  void twoFilesHaveTwoNames() {
    Descriptor file = Descriptor.titled(MediaTypes.GGUF, EMPTY, 0, "model.gguf");
    assertThrows(
        IllegalArgumentException.class, () -> new Manifest(file, List.of(file, file), Map.of()));
  }
}
