package io.solebox.store.pull.source;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.source.gguf.PartName;
import io.solebox.store.pull.name.Quantization;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * One model among those of a repository: one file, or all parts of one that was cut.
 *
 * @param label what to call it: its quantization, or its file's name where that says none
 * @param parts in order
 */
public record Variant(String label, Optional<Quantization> quantization, List<RemoteFile> parts) {
  /** Files that go along with a model and are none (llama.cpp: common/hf-cache). */
  private static final Set<String> NO_MODELS =
      Set.of("mmproj", "imatrix", "mtp-", "eagle3-", "dflash-", "dspark-");

  public Variant {
    parts = List.copyOf(parts);
  }

  public long bytes() {
    return parts.stream().mapToLong(RemoteFile::bytes).sum();
  }

  /** The models among some files, in the order of their paths. */
  public static List<Variant> of(List<RemoteFile> files) {
    Map<String, Map<Integer, RemoteFile>> groups = new TreeMap<>();
    for (RemoteFile file : files) {
      if (isModel(file.name())) {
        Optional<PartName> part = PartName.of(Path.of(file.name()));
        String folder = file.path().substring(0, file.path().length() - file.name().length());
        String key = part.map(p -> folder + p.model() + "-of-" + p.count()).orElse(file.path());
        groups
            .computeIfAbsent(key, _ -> new TreeMap<>())
            .put(part.map(PartName::number).orElse(1), file);
      }
    }
    Map<String, Integer> labels = new LinkedHashMap<>();
    List<Variant> variants = new ArrayList<>();
    groups.values().forEach(group -> variants.add(variant(List.copyOf(group.values()))));
    variants.forEach(v -> labels.merge(v.label(), 1, Integer::sum));
    return variants.stream().map(v -> labels.get(v.label()) > 1 ? v.byFile() : v).toList();
  }

  private static boolean isModel(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.endsWith(".gguf") && NO_MODELS.stream().noneMatch(lower::contains);
  }

  private static Variant variant(List<RemoteFile> parts) {
    Optional<Quantization> quantization = Quantization.of(parts.getFirst().path());
    String label = quantization.map(Quantization::name).orElse(stem(parts.getFirst()));
    return new Variant(label, quantization, parts);
  }

  /** Where two have the same quantization, only the name tells them apart. */
  private Variant byFile() {
    return new Variant(stem(parts.getFirst()), quantization, parts);
  }

  private static String stem(RemoteFile file) {
    return PartName.modelOf(Path.of(file.name()));
  }

  /** Whether a person who wrote this means this one: its quantization, its file's name or path. */
  public boolean isCalled(String choice) {
    RemoteFile first = parts.getFirst();
    return label.equalsIgnoreCase(choice)
        || Quantization.parse(choice)
            .filter(q -> quantization.filter(q::equals).isPresent())
            .isPresent()
        || stem(first).equalsIgnoreCase(choice)
        || parts.stream()
            .anyMatch(p -> p.path().equals(choice) || p.name().equalsIgnoreCase(choice));
  }

  /**
   * @throws SoleboxException {@code MODEL_NOT_FOUND} naming the parts that the source does not have
   */
  public void requireAllParts() {
    Optional<PartName> first = PartName.of(Path.of(parts.getFirst().name()));
    if (first.isEmpty() || first.get().count() == parts.size()) {
      return;
    }
    List<String> names = parts.stream().map(RemoteFile::name).toList();
    List<String> missing = new ArrayList<>();
    for (int i = 1; i <= first.get().count() && missing.size() < 8; i++) {
      String name =
          String.format(
              Locale.ROOT, "%s-%05d-of-%05d.gguf", first.get().model(), i, first.get().count());
      if (!names.contains(name)) {
        missing.add(name);
      }
    }
    throw new SoleboxException(
        ErrorCode.MODEL_NOT_FOUND,
        parts.getFirst().path(),
        "This model lies in %d parts, of which the source has %d; missing: %s."
            .formatted(first.get().count(), parts.size(), String.join(", ", missing)),
        "Pull another file of it, or ask its publisher.");
  }
}
