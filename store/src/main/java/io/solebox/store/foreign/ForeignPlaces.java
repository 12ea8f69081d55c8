package io.solebox.store.foreign;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Where other programs keep their models, in the order in which they look. */
final class ForeignPlaces {
  private final Map<String, String> variables;
  private final Path home;
  private final List<ForeignFolder> folders = new ArrayList<>();

  private ForeignPlaces(Map<String, String> variables, Path home) {
    this.variables = variables;
    this.home = home;
  }

  static List<ForeignFolder> folders(Map<String, String> variables, Path home) {
    var places = new ForeignPlaces(variables, home);
    places.ollama();
    places.huggingFace();
    places.llamaCpp();
    places.lmStudio();
    places.gpt4All();
    return places.folders;
  }

  /** The place that a variable names, if it is set to one. */
  private Optional<Path> of(String variable) {
    return Optional.of(variables.getOrDefault(variable, ""))
        .filter(value -> !value.isBlank())
        .map(Path::of)
        .filter(Path::isAbsolute);
  }

  private Path cache() {
    return of("XDG_CACHE_HOME").orElse(home.resolve(".cache"));
  }

  private void ollama() {
    of("OLLAMA_MODELS").ifPresent(path -> folders.add(new OllamaFolder(path)));
    Path service = Path.of("/usr/share/ollama/.ollama/models");
    for (Path path : new Path[] {home.resolve(".ollama/models"), service}) {
      folders.add(new OllamaFolder(path));
    }
  }

  private void huggingFace() {
    Path root =
        Stream.of(
                of("HF_HUB_CACHE"),
                of("HUGGINGFACE_HUB_CACHE"),
                of("HF_HOME").map(path -> path.resolve("hub")))
            .flatMap(Optional::stream)
            .findFirst()
            .orElse(cache().resolve("huggingface/hub"));
    folders.add(new HuggingFaceCache(root));
  }

  /** Newer versions keep a cache as Hugging Face's, older ones plain files. */
  private void llamaCpp() {
    Path plain = of("LLAMA_CACHE").orElse(cache().resolve("llama.cpp"));
    folders.add(new PlainFolder(plain, "llama.cpp", false));
    of("LLAMA_CACHE").ifPresent(path -> folders.add(new HuggingFaceCache(path)));
  }

  private void lmStudio() {
    for (String folder : new String[] {".lmstudio/models", ".cache/lm-studio/models"}) {
      Path path = home.resolve(folder);
      folders.add(new PlainFolder(path, "LM Studio", true));
    }
  }

  private void gpt4All() {
    for (String folder :
        new String[] {
          ".local/share/nomic.ai/GPT4All", "Library/Application Support/nomic.ai/GPT4All"
        }) {
      Path path = home.resolve(folder);
      folders.add(new PlainFolder(path, "GPT4All", false));
    }
  }
}
