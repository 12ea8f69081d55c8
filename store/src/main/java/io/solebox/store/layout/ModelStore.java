package io.solebox.store.layout;

import static java.util.stream.Collectors.joining;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.store.blob.BlobStore;
import io.solebox.store.blob.Digest;
import io.solebox.store.blob.Disk;
import io.solebox.store.blob.StoreFailure;
import io.solebox.store.blob.WriterLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * Models by name, of blobs that are named by what they hold. What a name stands for changes whole
 * or not at all, whenever the power fails: blobs are durable before the manifest that names them,
 * and this before {@code current} points at it. Safe for many threads and processes.
 *
 * <p>All methods throw {@link SoleboxException}: {@code IO_ERROR} or {@code DISK_FULL} of the disk,
 * {@code BAD_STORE} for what is damaged, {@code IN_USE} where somebody else keeps on changing it.
 */
public final class ModelStore {
  private final NameFolders names;
  private final BlobStore blobs;
  private final Views views;
  private final Leases leases;
  private final Disk disk;

  private ModelStore(Path folder, Disk disk) {
    this.names = new NameFolders(folder.resolve("models"));
    this.blobs = BlobStore.open(folder, disk);
    this.views = new Views(folder, blobs, disk);
    this.leases = new Leases(folder);
    this.disk = disk;
  }

  /**
   * @param folder made with the first change
   * @throws SoleboxException {@code BAD_STORE} where another version made it
   */
  public static ModelStore open(Path folder) {
    return open(folder, Disk.SYSTEM);
  }

  /** As {@link #open(Path)}, with another way to change what is on the disk. */
  public static ModelStore open(Path folder, Disk disk) {
    return new ModelStore(folder.toAbsolutePath(), disk);
  }

  /** The store of which {@link #file} gave this path; empty for any other path. */
  public static Optional<ModelStore> holding(Path file) {
    Path path = file.toAbsolutePath().normalize();
    for (Path at = path; at != null; at = at.getParent()) {
      if (at.endsWith(Views.FOLDER) && BlobStore.isStore(at.getParent())) {
        return Optional.of(open(at.getParent()));
      }
    }
    return Optional.empty();
  }

  public BlobStore blobs() {
    return blobs;
  }

  public Leases leases() {
    return leases;
  }

  Views views() {
    return views;
  }

  NameFolders folders() {
    return names;
  }

  /**
   * Lets a name stand for a model from now on. Where it already did so once, that generation counts
   * again and nothing is written twice.
   *
   * @param manifest of blobs that are there, and claimed by the caller's partial
   * @return what the name stands for now
   * @throws SoleboxException {@code BAD_STORE} if one is not there, or has another size
   */
  public Generation publish(ModelName name, Manifest manifest) {
    NameFolder folder = names.of(name);
    return change(
        "publishes " + name,
        () -> {
          for (Descriptor blob : manifest.blobs()) {
            requireBlob(name, blob);
          }
          List<Integer> numbers = folder.numbers();
          views.make(manifest);
          for (int number : numbers.reversed()) {
            Optional<Generation> there = folder.read(number);
            if (there.filter(g -> g.manifest().equals(manifest)).isPresent()) {
              folder.point(new NameFolder.Pointer(name, number), disk);
              return there.get();
            }
          }
          int number = numbers.isEmpty() ? 1 : numbers.getLast() + 1;
          disk.createFolders(folder.path());
          folder.write(number, manifest, disk);
          folder.point(new NameFolder.Pointer(name, number), disk);
          return folder.read(number).orElseThrow();
        });
  }

  private void requireBlob(ModelName name, Descriptor blob) throws IOException {
    Optional<Path> file = blobs.find(blob.digest());
    if (file.isEmpty() || Files.size(file.get()) != blob.size()) {
      String found = file.isEmpty() ? "is not there" : "has another size";
      throw new SoleboxException(
          ErrorCode.BAD_STORE,
          blobs.pathOf(blob.digest()).toString(),
          "a file of %s %s: %s".formatted(name, found, blob.title().orElse(blob.mediaType())),
          "Pull or import the model again.");
    }
  }

  /** What a name stands for; empty where there is no such name. */
  public Optional<Generation> current(ModelName name) {
    NameFolder folder = names.of(name);
    return read(
        () -> {
          Optional<NameFolder.Pointer> pointer = folder.pointer();
          return pointer.isEmpty() ? Optional.empty() : folder.read(pointer.get().generation());
        });
  }

  /** All that a name ever stood for and that is still there, the oldest first. */
  public List<Generation> generations(ModelName name) {
    NameFolder folder = names.of(name);
    return read(() -> folder.pointer().isPresent() ? folder.readAll() : List.of());
  }

  /**
   * Lets a name stand for what it stood for before.
   *
   * @param number of the generation; empty for the one before the current one
   * @throws SoleboxException {@code MODEL_NOT_FOUND} where there is no such name or generation
   */
  public Generation rollback(ModelName name, OptionalInt number) {
    NameFolder folder = names.of(name);
    return change(
        "rolls back " + name,
        () -> {
          NameFolder.Pointer now = folder.pointer().orElseThrow(() -> unknown(name));
          List<Integer> numbers = folder.numbers();
          int wanted = number.orElse(before(now.generation(), numbers));
          Generation to =
              folder.read(wanted).orElseThrow(() -> noGeneration(name, number, numbers));
          folder.point(new NameFolder.Pointer(now.name(), wanted), disk);
          return to;
        });
  }

  /** The largest that is smaller; 0, which no generation has, if none is. */
  private static int before(int now, List<Integer> numbers) {
    return numbers.stream().filter(number -> number < now).reduce(0, Math::max);
  }

  private static SoleboxException noGeneration(
      ModelName name, OptionalInt number, List<Integer> numbers) {
    return new SoleboxException(
        ErrorCode.MODEL_NOT_FOUND,
        name.toString(),
        number.isPresent()
            ? "it has no generation " + number.getAsInt()
            : "it has no generation before the current one",
        "There are: " + numbers + ".");
  }

  /**
   * The path by which a model is opened: under the name of its file, and beside its other files.
   *
   * @throws SoleboxException {@code UNSUPPORTED_MODEL} for one without weights that can be run
   */
  public Path file(ModelName name, Manifest manifest) {
    if (!views.isMade(manifest)) { // somebody removed it
      change(
          "links " + name,
          () -> {
            views.make(manifest);
            return name;
          });
    }
    return views
        .model(manifest)
        .orElseThrow(
            () ->
                new SoleboxException(
                    ErrorCode.UNSUPPORTED_MODEL,
                    name.toString(),
                    "it has no weights in GGUF or safetensors",
                    "Pull another format of the model."));
  }

  /**
   * The name in the store that a text means: the one that it writes, or where it writes no tag the
   * only one that there is.
   *
   * @throws SoleboxException {@code MODEL_NOT_FOUND} where it may mean several
   */
  public Optional<ModelName> find(String text) {
    Optional<ModelName> written = ModelName.find(text);
    if (written.isEmpty() || current(written.get()).isPresent() || ModelName.saysTag(text)) {
      return written.filter(name -> current(name).isPresent());
    }
    List<ModelName> tags = names().stream().filter(name -> name.isTagOf(written.get())).toList();
    if (tags.size() > 1) {
      throw new SoleboxException(
          ErrorCode.MODEL_NOT_FOUND,
          text,
          "there are several of this name",
          "Name one: " + tags.stream().map(ModelName::toString).collect(joining(", ")) + ".");
    }
    return tags.stream().findFirst();
  }

  /** A name and what it stands for. */
  public record Entry(ModelName name, Generation current, boolean pinned) {}

  /** All names with what they stand for, in alphabetical order; each file is read once. */
  public List<Entry> entries() {
    Map<String, Entry> entries = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    read(names::all).parallelStream()
        .flatMap(folder -> read(folder::entry).stream())
        .toList()
        .forEach(entry -> entries.put(entry.name().toString(), entry));
    return List.copyOf(entries.values());
  }

  /** All names, in alphabetical order. */
  public List<ModelName> names() {
    return read(names::names);
  }

  /**
   * Forgets a name with all its generations; the blobs stay.
   *
   * @return what it stood for
   * @throws SoleboxException {@code MODEL_NOT_FOUND} where there is no such name; {@code IN_USE}
   *     where it is pinned, or a process uses a model that has no other name
   */
  public List<Generation> remove(ModelName name) {
    NameFolder folder = names.of(name);
    List<Generation> removed =
        change(
            "removes " + name,
            () -> {
              if (folder.pointer().isEmpty()) {
                throw unknown(name);
              }
              List<Generation> generations = folder.readAll();
              new RemovalGuard(names, leases).requireFree(name, folder, generations);
              blobs.trash().take(folder.path());
              return generations;
            });
    read(
        () -> {
          blobs.trash().empty();
          return name;
        });
    return removed;
  }

  /**
   * Keeps a name from every removal until it is unpinned, or lets it go again.
   *
   * @throws SoleboxException {@code MODEL_NOT_FOUND} where there is no such name
   */
  public void pin(ModelName name, boolean pinned) {
    NameFolder folder = names.of(name);
    change(
        (pinned ? "pins " : "unpins ") + name,
        () -> {
          if (folder.pointer().isEmpty()) {
            throw unknown(name);
          }
          folder.pin(pinned, disk);
          return name;
        });
  }

  public boolean isPinned(ModelName name) {
    return names.of(name).isPinned();
  }

  /** The digest of the manifest of which {@link #file} gave this path; empty for another path. */
  public Optional<Digest> manifestOf(Path file) {
    Path path = file.toAbsolutePath();
    return path.startsWith(views.root()) && !path.equals(views.root())
        ? Digest.ofHex(views.root().relativize(path).getName(0).toString())
        : Optional.empty();
  }

  static SoleboxException unknown(ModelName name) {
    return new SoleboxException(
        ErrorCode.MODEL_NOT_FOUND,
        name.toString(),
        "there is no such model in the store",
        "'solebox models ls' shows which there are.");
  }

  private <T> T change(String purpose, WriterLock.Change<T> change) {
    return read(() -> blobs.lock().change(purpose, change));
  }

  private <T> T read(WriterLock.Change<T> work) {
    try {
      return work.make();
    } catch (IOException e) {
      throw StoreFailure.of(names.root(), e);
    }
  }
}
