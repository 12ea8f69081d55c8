package io.solebox.engine.model.adapter;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.Printable;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.source.file.ModelSources;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * An adapter that is loaded with a model.
 *
 * @param name by which requests choose it
 * @param path of the file or folder
 * @param scale how much of it; 1 as it was trained
 * @throws SoleboxException {@code INVALID_PARAMETER} for a name that nobody could ask for, or a
 *     scale that is no finite number
 */
public record AdapterOptions(String name, Path path, float scale) {
  public AdapterOptions {
    boolean sayable =
        !name.isEmpty()
            && name.codePoints().allMatch(c -> !Character.isWhitespace(c) && c > ' ' && c != ':')
            && Printable.line(name).equals(name);
    if (!sayable) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          "adapter",
          "'%s' is no name for an adapter.".formatted(Printable.name(name)),
          "Use a name without spaces and colons.");
    }
    if (!Float.isFinite(scale)) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          "adapter " + name,
          "The scale is " + scale + ".",
          "Give a number; 1 is the adapter as it was trained.");
    }
  }

  /** As it was trained. */
  public AdapterOptions(String name, Path path) {
    this(name, path, 1);
  }

  /** Whether there may be an adapter here, by its name: a file of GGUF, or a folder of PEFT. */
  public static boolean isAdapter(Path path) {
    return ModelSources.isGguf(path) || PeftLora.isPeft(path);
  }

  /**
   * @throws SoleboxException {@code INVALID_PARAMETER} if two have one name
   */
  public static void requireDistinct(List<AdapterOptions> adapters) {
    Set<String> names = new HashSet<>();
    for (AdapterOptions adapter : adapters) {
      if (!names.add(adapter.name())) {
        throw new SoleboxException(
            ErrorCode.INVALID_PARAMETER,
            "adapter " + adapter.name(),
            "Two adapters of one model have this name.",
            "Give one of them another.");
      }
    }
  }
}
