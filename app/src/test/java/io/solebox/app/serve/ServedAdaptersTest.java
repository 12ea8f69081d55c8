package io.solebox.app.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.model.adapter.AdapterOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Which adapters are served with which model. */
class ServedAdaptersTest {
  @TempDir Path folder;

  private Map<String, Path> one;
  private Map<String, Path> two;

  @BeforeEach
  void files() throws IOException {
    Path a = Files.createFile(folder.resolve("a.gguf"));
    Path b = Files.createFile(folder.resolve("b.gguf"));
    one = Map.of("a", a);
    two = new LinkedHashMap<>(one);
    two.put("b", b);
  }

  private static Map<String, List<AdapterOptions>> served(
      Map<String, Path> models, List<String> adapters, List<String> scales) {
    return ServedAdapters.of(models, adapters, scales, new CommandLine(CommandSpec.create()))
        .ofModel();
  }

  private static String refused(
      Map<String, Path> models, List<String> adapters, List<String> scales) {
    return assertThrows(ParameterException.class, () -> served(models, adapters, scales))
        .getMessage();
  }

  @Test
  void theyAreNamedForTheOnlyModelOrForOne() {
    var poet = new AdapterOptions("poet", Path.of("p.gguf"));
    assertEquals(Map.of("a", List.of(poet)), served(one, List.of("poet=p.gguf"), List.of()));
    assertEquals(
        Map.of("a", List.of(), "b", List.of(poet)),
        served(two, List.of("b:poet=p.gguf"), List.of()));
    assertTrue(refused(two, List.of("poet=p.gguf"), List.of()).contains("MODEL:NAME"));
    assertTrue(refused(two, List.of("c:poet=p.gguf"), List.of()).contains("only a, b"));
    assertTrue(refused(one, List.of("p.gguf"), List.of()).contains("NAME="));
  }

  @Test
  void scalesAreOfAdaptersThatThereAre() {
    var poet = new AdapterOptions("poet", Path.of("p.gguf"), 0.5f);
    List<String> named = List.of("poet=p.gguf");
    assertEquals(Map.of("a", List.of(poet)), served(one, named, List.of("poet=0.5")));
    assertTrue(refused(one, named, List.of("cook=1")).contains("no adapter cook"));
    assertTrue(refused(one, named, List.of("poet=much")).contains("no number"));
  }

  @Test
  void aFolderBesideAModelHasItsAdapters() throws IOException {
    Path beside = Files.createDirectory(folder.resolve("a.adapters"));
    Path poet = Files.createFile(beside.resolve("poet.gguf"));
    Files.createFile(beside.resolve("notes.txt"));
    assertEquals(
        Map.of("a", List.of(new AdapterOptions("poet", poet)), "b", List.of()),
        served(two, List.of(), List.of()));
    Path other = Path.of("other.gguf");
    assertEquals(
        List.of(new AdapterOptions("poet", other)),
        served(one, List.of("poet=other.gguf"), List.of()).get("a"));
  }

  @Test
  void noneIsLostBehindAnother() throws IOException {
    String twice = refused(one, List.of("poet=p.gguf", "a:poet=q.gguf"), List.of());
    assertTrue(twice.contains("given twice"), twice);
    Path installed = Files.createDirectory(folder.resolve("a.adapters"));
    Files.createFile(installed.resolve("my poet.gguf"));
    Files.createFile(installed.resolve("my-poet.gguf"));
    var error = assertThrows(SoleboxException.class, () -> served(one, List.of(), List.of()));
    assertTrue(error.describe().contains("would both be offered as my-poet"), error.describe());
  }

  @Test
  void thoseOfAFolderLieBesideTheFolder() throws IOException {
    Path model = Files.createDirectory(folder.resolve("llama"));
    Files.createFile(model.resolve("config.json"));
    Path weights = Files.createFile(model.resolve("model.safetensors"));
    Path adapters = Files.createDirectory(folder.resolve("llama.adapters"));
    Path poet = Files.createFile(adapters.resolve("poet.gguf"));
    for (Path named : List.of(model, weights)) {
      var served = served(Map.of("llama", named), List.of(), List.of());
      assertEquals(List.of(new AdapterOptions("poet", poet)), served.get("llama"));
    }
  }
}
