package io.solebox.app.store;

import io.solebox.app.console.RawArgument;
import io.solebox.engine.error.Printable;
import io.solebox.engine.tensor.TensorType;
import io.solebox.store.layout.ModelName;
import io.solebox.store.quantize.Mix;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Where a command writes the model that it makes. */
sealed interface Destination {
  String ENDING = ".gguf";

  /** A file of a person's own. */
  record File(Path path) implements Destination {
    @Override
    public String toString() {
      return path.toString();
    }
  }

  /** A new generation of a name in the store. */
  record Stored(ModelName name) implements Destination {
    @Override
    public String toString() {
      return name.toString();
    }
  }

  /** Where it is no name in the store. */
  default Optional<Path> file() {
    return switch (this) {
      case File(Path path) -> Optional.of(path);
      case Stored _ -> Optional.empty();
    };
  }

  /**
   * What a person wrote: a file where it ends in {@code .gguf}, else a name in the store.
   *
   * @throws ParameterException for what is neither
   */
  static Destination parse(CommandSpec spec, String text) {
    if (text.toLowerCase(Locale.ROOT).endsWith(ENDING)) {
      return new File(RawArgument.path(text));
    }
    return ModelName.find(text)
        .<Destination>map(Stored::new)
        .orElseThrow(
            () ->
                new ParameterException(
                    spec.commandLine(),
                    "'"
                        + Printable.name(text)
                        + "' is neither a file that ends in .gguf nor a name for the store, of"
                        + " letters, digits, '.', '-' and '_'"));
  }

  /**
   * A model's name with the format of what is made of it as its tag, or behind a tag that says
   * something else.
   *
   * @param format as in {@code Q4_K_M}
   */
  static Destination beside(ModelName name, String format) {
    String tag = name.tag();
    boolean isFormat = tag.equalsIgnoreCase(ModelName.LATEST) || isFormat(tag);
    return new Stored(name.withTag(isFormat ? format : tag + "-" + format));
  }

  private static boolean isFormat(String tag) {
    return Mix.named(tag).isPresent()
        || Arrays.stream(TensorType.values()).anyMatch(type -> type.name().equalsIgnoreCase(tag));
  }
}
