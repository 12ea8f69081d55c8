package io.solebox.store.pull.source;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.source.gguf.PartName;
import io.solebox.store.intake.FolderFiles;
import io.solebox.store.layout.MediaTypes;
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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * One model among those of a repository: one file, all parts of one that was cut, or the files of a
 * folder of safetensors.
 *
 * @param label what to call it: its quantization, or its file's name where that says none
 * @param parts in order; of a folder the weights, and then what goes along with them
 */
public record Variant(String label, Optional<Quantization> quantization, List<RemoteFile> parts) {
  /** What models in safetensors are called; how their weights are stored only they say. */
  public static final String FOLDER = "safetensors";

  /** Of parts that are missing. */
  private static final int MOST_NAMED = 8;

  private static final Pattern NUMBERED =
      Pattern.compile("model-(\\d{5})-of-(\\d{5})\\.safetensors");

  /** Files that go along with a model and are none (llama.cpp: common/hf-cache). */
  private static final Set<String> NO_MODELS =
      Set.of("mmproj", "imatrix", "mtp-", "eagle3-", "dflash-", "dspark-");

  public Variant {
    parts = List.copyOf(parts);
  }

  public long bytes() {
    return parts.stream().mapToLong(RemoteFile::bytes).sum();
  }

  /** Of the files with weights. */
  public long weightBytes() {
    return parts.stream()
        .filter(part -> !isFolder() || FolderFiles.isWeights(part.name()))
        .mapToLong(RemoteFile::bytes)
        .sum();
  }

  /** Whether it is a folder of safetensors. */
  public boolean isFolder() {
    return FolderFiles.isWeights(parts.getFirst().name());
  }

  /** What one of its parts is, in the words of manifests. */
  public String mediaType(RemoteFile part) {
    if (!isFolder()) {
      return MediaTypes.GGUF;
    }
    return FolderFiles.isWeights(part.name())
        ? MediaTypes.SAFETENSORS
        : FolderFiles.companion(part.name()).orElseThrow();
  }

  /**
   * The models among some files, in the order of their paths; the one in safetensors, which lies
   * outside of folders, behind the others.
   */
  public static List<Variant> of(List<RemoteFile> files) {
    List<Variant> variants = new ArrayList<>(ofGguf(files));
    folder(files).ifPresent(variants::add);
    return variants;
  }

  /** The model in safetensors that some files are, if they are one. */
  private static Optional<Variant> folder(List<RemoteFile> files) {
    Map<String, RemoteFile> byName = new TreeMap<>();
    files.stream().filter(file -> !file.path().contains("/")).forEach(f -> byName.put(f.path(), f));
    List<RemoteFile> parts = new ArrayList<>(weights(byName));
    if (parts.isEmpty() || !byName.containsKey(FolderFiles.CONFIG)) {
      return Optional.empty();
    }
    byName.values().stream()
        .filter(file -> FolderFiles.companion(file.name()).isPresent())
        .forEach(parts::add);
    return Optional.of(new Variant(FOLDER, Optional.empty(), parts));
  }

  /** As whoever opens the folder takes them: what else there is would not be read. */
  private static List<RemoteFile> weights(Map<String, RemoteFile> byName) {
    if (byName.containsKey("model.safetensors")) {
      return List.of(byName.get("model.safetensors"));
    }
    boolean several = byName.containsKey(FolderFiles.INDEX);
    List<RemoteFile> others =
        byName.values().stream()
            .filter(file -> FolderFiles.isWeights(file.name()))
            .filter(file -> !file.name().startsWith("adapter_"))
            .filter(file -> !several || NUMBERED.matcher(file.name()).matches())
            .toList();
    return several || others.size() == 1 ? others : List.of();
  }

  private static List<Variant> ofGguf(List<RemoteFile> files) {
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
    if (isFolder()) {
      requireAllNumbers();
      return;
    }
    Optional<PartName> first = PartName.of(Path.of(parts.getFirst().name()));
    if (first.isEmpty() || first.get().count() == parts.size()) {
      return;
    }
    List<String> names = parts.stream().map(RemoteFile::name).toList();
    List<String> missing = new ArrayList<>();
    for (int i = 1; i <= first.get().count() && missing.size() < MOST_NAMED; i++) {
      String name =
          String.format(
              Locale.ROOT, "%s-%05d-of-%05d.gguf", first.get().model(), i, first.get().count());
      if (!names.contains(name)) {
        missing.add(name);
      }
    }
    throw lacking(first.get().count(), parts.size(), missing);
  }

  private void requireAllNumbers() {
    Matcher first = NUMBERED.matcher(parts.getFirst().name());
    if (!first.matches()) {
      return;
    }
    int count = Integer.parseInt(first.group(2));
    List<String> names = parts.stream().map(RemoteFile::name).toList();
    List<String> missing =
        IntStream.rangeClosed(1, count)
            .mapToObj(i -> String.format(Locale.ROOT, "model-%05d-of-%05d.safetensors", i, count))
            .filter(name -> !names.contains(name))
            .toList();
    if (!missing.isEmpty()) {
      throw lacking(
          count, count - missing.size(), missing.subList(0, Math.min(MOST_NAMED, missing.size())));
    }
  }

  private SoleboxException lacking(int count, int here, List<String> missing) {
    return new SoleboxException(
        ErrorCode.MODEL_NOT_FOUND,
        parts.getFirst().path(),
        "This model lies in %d parts, of which the source has %d; missing: %s."
            .formatted(count, here, String.join(", ", missing)),
        "Pull another file of it, or ask its publisher.");
  }
}
