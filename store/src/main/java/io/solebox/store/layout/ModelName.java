package io.solebox.store.layout;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.Printable;
import io.solebox.engine.error.SoleboxException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * What a model is called in the store: {@code host/namespace/name:tag}, as Ollama and registries
 * write it. What is left out is filled in: {@code name} is {@code registry.ollama.ai/library/name},
 * {@code user/name} is {@code hf.co/user/name}, and the tag is {@code latest}. Names that differ in
 * case alone are the same.
 *
 * <p>All parts begin with a letter, a digit or an underscore and go on with these, {@code -} and
 * {@code .}; a host may have a port. So each is a safe name of a folder.
 *
 * @param host at most 200 characters, as the tag
 * @param namespace at most 100 characters, as the name
 */
public record ModelName(String host, String namespace, String name, String tag) {
  public static final String HUGGING_FACE = "hf.co";
  public static final String OLLAMA = "registry.ollama.ai";

  /** Of models that belong to nobody in particular, in the registry of Ollama. */
  public static final String LIBRARY = "library";

  public static final String LATEST = "latest";

  private static final String HUGGING_FACE_IN_FULL = "huggingface.co";
  private static final int MOST_OF_HOST_OR_TAG = 200;
  private static final int MOST_OF_PART = 100;
  private static final int MOST_DIGITS_OF_PORT = 5;

  /** In names of folders: what no file system takes ill stands for the colon of a port. */
  private static final char PORT_MARK = '+';

  public ModelName {
    if (!isName(host, namespace, name, tag)) {
      throw new IllegalArgumentException(
          "no name of a model: %s/%s/%s:%s".formatted(host, namespace, name, tag));
    }
  }

  /**
   * Reads a name that a person wrote.
   *
   * @throws SoleboxException {@code INVALID_PARAMETER} with what is wrong with it
   */
  public static ModelName parse(String text) {
    return find(text)
        .orElseThrow(
            () ->
                new SoleboxException(
                    ErrorCode.INVALID_PARAMETER,
                    Printable.name(text),
                    "this is no name of a model",
                    "Write NAME, USER/NAME or HOST/NAMESPACE/NAME, and :TAG behind it if need be,"
                        + " of letters, digits, '.', '-' and '_'; each part begins with a letter,"
                        + " a digit or '_'."));
  }

  /** As {@link #parse}; empty where it is none. */
  public static Optional<ModelName> find(String text) {
    int colon = text.indexOf(':', text.lastIndexOf('/') + 1);
    String tag = colon < 0 ? LATEST : text.substring(colon + 1);
    String[] parts = (colon < 0 ? text : text.substring(0, colon)).split("/", -1);
    return switch (parts.length) {
      case 1 -> of(OLLAMA, LIBRARY, parts[0], tag);
      case 2 -> // a host with a name alone would be taken for a user
          parts[0].contains(".") ? Optional.empty() : of(HUGGING_FACE, parts[0], parts[1], tag);
      case 3 -> of(canonical(parts[0]), parts[1], parts[2], tag);
      default -> Optional.empty();
    };
  }

  /** The name that is most like a text, whatever that is. */
  public static ModelName resembling(String text) {
    String allowed = text.replaceAll("[^A-Za-z0-9_.-]", "-").replaceFirst("^[.-]+", "");
    String cut = allowed.substring(0, Math.min(100, allowed.length()));
    return new ModelName(OLLAMA, LIBRARY, cut.isEmpty() ? "model" : cut, LATEST);
  }

  /** Whether a text that is a name says which tag. */
  public static boolean saysTag(String text) {
    return text.indexOf(':', text.lastIndexOf('/') + 1) >= 0;
  }

  private static Optional<ModelName> of(String host, String namespace, String name, String tag) {
    return isName(host, namespace, name, tag)
        ? Optional.of(new ModelName(host, namespace, name, tag))
        : Optional.empty();
  }

  private static boolean isName(String host, String namespace, String name, String tag) {
    return isHost(host)
        && isPart(namespace, MOST_OF_PART)
        && isPart(name, MOST_OF_PART)
        && isPart(tag, MOST_OF_HOST_OR_TAG);
  }

  private static boolean isHost(String text) {
    int colon = text.indexOf(':');
    if (colon < 0) {
      return isPart(text, MOST_OF_HOST_OR_TAG);
    }
    String port = text.substring(colon + 1);
    return isPart(text.substring(0, colon), MOST_OF_HOST_OR_TAG - 1 - MOST_DIGITS_OF_PORT)
        && !port.isEmpty()
        && port.length() <= MOST_DIGITS_OF_PORT
        && port.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  /** Without a pattern: lists of models read thousands of them before anything is compiled. */
  private static boolean isPart(String text, int mostCharacters) {
    boolean fits = !text.isEmpty() && text.length() <= mostCharacters;
    for (int i = 0; fits && i < text.length(); i++) {
      char c = text.charAt(i);
      fits = c < 128 && Character.isLetterOrDigit(c) || c == '_' || i > 0 && (c == '.' || c == '-');
    }
    return fits;
  }

  private static String canonical(String host) {
    return host.equalsIgnoreCase(HUGGING_FACE_IN_FULL) ? HUGGING_FACE : host;
  }

  public ModelName withTag(String other) {
    return new ModelName(host, namespace, name, other);
  }

  /** What its file is called where that has no name of its own. */
  public String fileName() {
    return name + (tag.equalsIgnoreCase(LATEST) ? "" : "-" + tag) + ".gguf";
  }

  /** The folder of the name, of four steps; the same for names that are the same. */
  public Path folder() {
    return untagged().resolve(folded(tag));
  }

  /** Whether the two differ in their tags alone, if at all. */
  public boolean isTagOf(ModelName other) {
    return untagged().equals(other.untagged());
  }

  /** The folder above those of all tags. */
  private Path untagged() {
    return Path.of(folded(host).replace(':', PORT_MARK), folded(namespace), folded(name));
  }

  private static String folded(String part) {
    return part.toLowerCase(Locale.ROOT);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ModelName that && folder().equals(that.folder());
  }

  @Override
  public int hashCode() {
    return folder().hashCode();
  }

  /** The shortest text that {@link #parse} reads as this. */
  @Override
  public String toString() {
    String end = tag.equalsIgnoreCase(LATEST) ? "" : ":" + tag;
    if (host.equalsIgnoreCase(OLLAMA) && namespace.equalsIgnoreCase(LIBRARY)) {
      return name + end;
    }
    if (host.equalsIgnoreCase(HUGGING_FACE) && !namespace.contains(".")) {
      return namespace + "/" + name + end;
    }
    return host + "/" + namespace + "/" + name + end;
  }
}
