package io.solebox.store.pull.name;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PullNameTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "hf.co/u/r | u/r | - | -",
        "huggingface.co/u/r-GGUF:q4_k_m | u/r-GGUF | - | q4_k_m",
        "https://huggingface.co/u/r | u/r | - | -",
        "https://huggingface.co/u/r/tree/main | u/r | - | -",
        "https://huggingface.co/u/r/blob/main/d/x.gguf | u/r | main | d/x.gguf",
        "https://huggingface.co/u/r/resolve/abc/x.gguf?download=true | u/r | abc | x.gguf",
        "hf:u/r | u/r | - | -",
        "hf://u/r | u/r | - | -",
        "hf.co/u/r@dev:Q8_0 | u/r | dev | Q8_0",
        "hf.co/u/r:Q8_0@dev | u/r | dev | Q8_0",
        "hf.co/u/r@1234 | u/r | 1234 | -",
        "hf.co/u/r:x-Q4_K_M.gguf | u/r | - | x-Q4_K_M.gguf",
        "hf.co/Qwen/Qwen3-0.6B-GGUF | Qwen/Qwen3-0.6B-GGUF | - | -",
      })
  void readsRepositoriesOfTheHub(String text, String repo, String revision, String choice) {
    assertEquals(
        new PullName.Hub(repo, Optional.ofNullable(revision), Optional.ofNullable(choice), false),
        PullName.parse(text));
  }

  @Test
  void takesUserAndNameForTheHubsAndKnowsThatItGuessed() {
    assertEquals(
        new PullName.Hub("u/r", Optional.empty(), Optional.of("Q8_0"), true),
        PullName.parse("u/r:Q8_0"));
  }

  @ParameterizedTest
  @CsvSource({
    "llama3.2, registry.ollama.ai, library, llama3.2, latest",
    "llama3.2:1b-q8_0, registry.ollama.ai, library, llama3.2, 1b-q8_0",
    "registry.ollama.ai/library/qwen3:8b, registry.ollama.ai, library, qwen3, 8b",
    "host:5000/ns/model:tag, host:5000, ns, model, tag",
  })
  void readsNamesOfOllama(String text, String host, String namespace, String model, String tag) {
    assertEquals(new PullName.Ollama(host, namespace, model, tag), PullName.parse(text));
  }

  @ParameterizedTest
  @CsvSource({
    "docker:ai/smollm2, registry-1.docker.io, ai/smollm2, latest",
    "docker:smollm2:360M-Q4_K_M, registry-1.docker.io, ai/smollm2, 360M-Q4_K_M",
    "docker://docker.io/ai/x:y, registry-1.docker.io, ai/x, y",
    "oci://ghcr.io/o/m:1, ghcr.io, o/m, 1",
    "oci://localhost:5000/a/b/c, localhost:5000, a/b/c, latest",
  })
  void readsArtifacts(String text, String host, String repository, String tag) {
    assertEquals(new PullName.Oci(host, repository, tag), PullName.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "modelscope:u/r:Q8_0",
        "modelscope://u/r:Q8_0",
        "https://www.modelscope.cn/models/u/r:Q8_0"
      })
  void readsRepositoriesOfModelScope(String text) {
    assertEquals(
        new PullName.ModelScope("u/r", Optional.empty(), Optional.of("Q8_0")),
        PullName.parse(text));
    assertEquals(Optional.of("Q8_0"), PullName.parse(text).choice());
  }

  @ParameterizedTest
  @CsvSource({
    "solebox://box:9000/tiny, box:9000, tiny, latest",
    "solebox:box.local/me/m:Q8_0, box.local:8080, me/m, Q8_0",
    "solebox://10.0.0.7/h/n/m:1b, 10.0.0.7:8080, h/n/m, 1b",
    "solebox://[::1]/m, [::1]:8080, m, latest",
    "solebox://[fe80::1]:90/m, [fe80::1]:90, m, latest",
  })
  void readsModelsOfAnotherSolebox(String text, String host, String repository, String tag) {
    assertEquals(new PullName.Solebox(host, repository, tag), PullName.parse(text));
  }

  @Test
  void readsAddresses() {
    String address = "https://example.org/d/x.gguf?a=b";
    assertEquals(new PullName.Url(URI.create(address)), PullName.parse(address));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/m/x.gguf", "./x", "../x", "~/x.gguf", "x.gguf", "C:\\m\\x.gguf"})
  void knowsWhatIsHereAlready(String text) {
    assertEquals(new PullName.Local(text), PullName.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "hf.co/u",
        "hf.co/u/r/x",
        "hf.co/u/r:",
        "hf.co/u/r@",
        "hf.co/../r",
        "u//r",
        "a/b/c/d",
        "na me",
        "docker:AI/X",
        "oci://x",
        "http://",
        "https://u:pw@h/x",
        "x:y:z/",
        "\u001b[2J",
      })
  void refusesWhatIsNoName(String text) {
    var refusal = assertThrows(SoleboxException.class, () -> PullName.parse(text));
    assertEquals(ErrorCode.INVALID_PARAMETER, refusal.code());
    assertFalse(refusal.describe().contains("pw"), refusal.describe());
  }

  @ParameterizedTest
  @CsvSource({
    "m-Q4_K_M.gguf, Q4_K_M",
    "m.Q4_K.gguf, Q4_K",
    "m-UD-Q4_K_XL.gguf, UD-Q4_K_XL",
    "m-Q4_K_L.gguf, Q4_K_L",
    "m-iq4_xs.gguf, IQ4_XS",
    "m-Q4_0_4_4.gguf, Q4_0_4_4",
    "m-fp16.gguf, F16",
    "m-BF16-00001-of-00002.gguf, BF16",
    "Q8_0/m-00001-of-00002.gguf, Q8_0",
    "m-MXFP4_MOE.gguf, MXFP4_MOE",
    "Q2-model-Q6_K.gguf, Q6_K",
  })
  void findsTheQuantizationInFull(String path, String name) {
    assertEquals(Optional.of(new Quantization(name)), Quantization.of(path));
  }

  @ParameterizedTest
  @ValueSource(strings = {"model.gguf", "qwen3-8b.gguf", "IQ.gguf", "F1600.gguf"})
  void findsNoneWhereThereIsNone(String path) {
    assertEquals(Optional.empty(), Quantization.of(path));
  }
}
