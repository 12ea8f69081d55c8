package io.solebox.store.foreign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.store.blob.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders as the programs leave them; what is in the files does not matter for a list. */
class ForeignModelsTest {
  private static final Digest ONE = digest("one");

  @TempDir private Path home;

  private static Digest digest(String content) {
    return Digest.of(content.getBytes(StandardCharsets.UTF_8));
  }

  private ForeignModels models() {
    return ForeignModels.of(Map.of(), home);
  }

  private List<String> listed() {
    return models().all().stream().map(model -> model.name() + " of " + model.program()).toList();
  }

  private Path file(String path, String content) throws IOException {
    Path file = home.resolve(path);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, content);
  }

  private Path ollama(String name, Digest digest, String mediaType) throws IOException {
    return file(
        ".ollama/models/manifests/" + name,
        """
        {"schemaVersion":2,"mediaType":"application/vnd.docker.distribution.manifest.v2+json",
        "config":{"mediaType":"application/vnd.docker.container.image.v1+json",
        "digest":"%1$s","size":3},
        "layers":[{"mediaType":"%2$s","digest":"%1$s","size":3,"from":"/x"},
        {"mediaType":"application/vnd.ollama.image.params","digest":"%1$s","size":3}]}
        """
            .formatted(digest, mediaType));
  }

  /** As the client writes it, with a link to the blob. */
  private Path cached(String repository, String commit, String name, String content)
      throws IOException {
    Path blob = file(repository + "/blobs/" + digest(content).hex(), content);
    Path link = home.resolve(repository + "/snapshots/" + commit + "/" + name);
    Files.createDirectories(link.getParent());
    return Files.createSymbolicLink(link, link.getParent().relativize(blob));
  }

  @Test
  void ollamasModelsAreTheirManifests() throws IOException {
    String weights = "application/vnd.ollama.image.model";
    Path blob = file(".ollama/models/blobs/sha256-" + ONE.hex(), "one");
    file(".ollama/models/blobs/sha256-" + ONE.hex() + "-partial-0", "half");
    ollama("registry.ollama.ai/library/llama3.2/1b", ONE, weights);
    ollama("hf.co/u/r/Q4_K_M", digest("gone"), weights);
    ollama("registry.ollama.ai/library/mlx/latest", ONE, "application/vnd.ollama.image.tensor");
    file(".ollama/models/manifests/registry.ollama.ai/library/broken/latest", "{");
    assertEquals(
        List.of(
            "u/r:Q4_K_M of Ollama", "broken of Ollama", "llama3.2:1b of Ollama", "mlx of Ollama"),
        listed());
    ForeignModel found = models().find("llama3.2").orElseThrow();
    assertEquals(blob, found.file());
    assertEquals(Optional.of(ONE), found.digest());
    var missing = assertThrows(SoleboxException.class, () -> models().find("u/r"));
    assertEquals(ErrorCode.MODEL_NOT_FOUND, missing.code());
    assertTrue(missing.getMessage().contains("missing, was at"), missing.getMessage());
    var tensors = assertThrows(SoleboxException.class, () -> models().find("mlx"));
    assertTrue(tensors.getMessage().contains("not in GGUF"), tensors.getMessage());
    assertEquals(List.of(blob), models().candidates(ONE, 3));
    assertEquals(List.of(), models().candidates(ONE, 4));
  }

  @Test
  void aCacheOfHuggingFaceIsReadByItsBranches() throws IOException {
    String repository = ".cache/huggingface/hub/models--user--Model-GGUF";
    String old = "0".repeat(40);
    String now = "f".repeat(40);
    cached(repository, old, "Model-Q4_K_M.gguf", "old");
    Path current = cached(repository, now, "Model-Q4_K_M.gguf", "one");
    cached(repository, now, "mmproj-F16.gguf", "projector");
    cached(repository, old, "sub/Model-UD-Q2_K_XL.gguf", "two");
    cached(repository, now, "Model-Q8_0-00001-of-00002.gguf", "part");
    file(repository + "/refs/main", now);
    file(repository + "/blobs/" + ONE.hex() + ".01234567.incomplete", "half");
    Files.delete(home.resolve(repository + "/blobs/" + digest("two").hex())); // somebody cleaned up
    assertEquals(
        List.of(
            "user/Model-GGUF:Q4_K_M of Hugging Face",
            "user/Model-GGUF:Q8_0 of Hugging Face",
            "user/Model-GGUF:UD-Q2_K_XL of Hugging Face"),
        listed());
    ForeignModel found = models().find("user/model-gguf:q4_k_m").orElseThrow();
    assertEquals(current, found.file());
    assertEquals(Optional.of(ONE), found.digest());
    List<Optional<String>> troubles = models().all().stream().map(ForeignModel::trouble).toList();
    assertEquals(Optional.empty(), troubles.getFirst());
    assertTrue(troubles.get(1).isPresent(), "its second part is missing");
    assertTrue(troubles.get(2).orElseThrow().startsWith("missing, was at "));
    var several = assertThrows(SoleboxException.class, () -> models().find("user/model-gguf"));
    assertTrue(several.remedy().contains("user/Model-GGUF:Q8_0"), several.remedy());
  }

  @Test
  void variablesSayWhereFoldersAre() throws IOException {
    file("hub/models--u--r/snapshots/0000/m-Q8_0.gguf", "one");
    file("ollama/blobs/sha256-" + ONE.hex(), "one");
    var variables =
        Map.of(
            "HF_HUB_CACHE", home.resolve("hub").toString(),
            "OLLAMA_MODELS", home.resolve("ollama").toString());
    ForeignModels models = ForeignModels.of(variables, home);
    assertEquals("u/r:Q8_0", models.all().getFirst().name().toString());
    assertEquals(1, models.candidates(ONE, 3).size());
  }

  @Test
  void filesWithoutDigestsAreNamedByTheirPlaces() throws IOException {
    file(".lmstudio/models/user/Model-GGUF/Model-Q6_K.gguf", "one");
    file(".lmstudio/models/user/Model-GGUF/notes.txt", "no model");
    file(".local/share/nomic.ai/GPT4All/Meta Llama.gguf", "two");
    file(".local/share/nomic.ai/GPT4All/incomplete-x.gguf.part", "half");
    file(".cache/llama.cpp/user_repo_m-q4_0.gguf", "three");
    file(".cache/llama.cpp/user_repo_n.gguf.downloadInProgress", "half");
    assertEquals(
        List.of(
            "user_repo_m-q4_0 of llama.cpp",
            "user/Model-GGUF:Q6_K of LM Studio",
            "Meta-Llama of GPT4All"),
        listed());
    assertEquals(2, models().candidates(ONE, 3).size(), "by their sizes");
  }
}
