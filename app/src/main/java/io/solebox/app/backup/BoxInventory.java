package io.solebox.app.backup;

import io.solebox.scout.settings.ScoutSettings;
import io.solebox.scout.state.ScoutTables;
import io.solebox.server.backup.StateSnapshot;
import io.solebox.server.storage.StateFile;
import io.solebox.store.layout.Descriptor;
import io.solebox.store.layout.ModelStore;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Finds all of a box that a backup holds: what people have, what was set, keys; and models, where
 * they are wanted. Databases are copied first, each as it is at one moment.
 */
final class BoxInventory {
  /** What was set, in the data folder. */
  static final Set<String> SETTINGS =
      Set.of("air-gap", "catalogue.signed", "hardware.properties", ScoutSettings.FILE);

  /** The same, of folders of such files. */
  static final Set<String> SETTING_FOLDERS = Set.of("keys", "trust.d");

  static final String CLEANUP = "store/cleanup.json";

  /** The keys of the box: those that seal, and those that sign. */
  static final Set<String> KEYS = Set.of("box.key", "box-signing.pem");

  static final String TLS = "tls";

  /** What can be the name of an entry. */
  static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,79}");

  private static final String GGUF = ".gguf";

  /** What is made or measured again, or is the machine's and not the box's. */
  private static final Map<String, String> PASSING =
      Map.of(
          "kv", "a cache",
          "machine.json", "measured again",
          "measured.json", "measured again",
          "host", "wishes to this machine");

  private final BackupPlaces places;
  private final Path work;
  private final boolean withModels;
  private final Map<String, Part> parts = new LinkedHashMap<>();
  private final List<ListedModel> models = new ArrayList<>();
  private final List<String> leftOut = new ArrayList<>();

  private BoxInventory(BackupPlaces places, Path work, boolean withModels) {
    this.places = places;
    this.work = work;
    this.withModels = withModels;
  }

  /** What was found. */
  record Found(List<Part> parts, List<ListedModel> models, List<String> leftOut) {
    long bytes() {
      return parts.stream().mapToLong(Part::bytes).sum();
    }
  }

  /**
   * @param work an empty folder for copies, which parts lie in until the backup is written
   */
  static Found find(BackupPlaces places, Path work, boolean withModels) throws IOException {
    BoxInventory inventory = new BoxInventory(places, work, withModels);
    inventory.server();
    inventory.scout();
    inventory.settings();
    inventory.models();
    return new Found(List.copyOf(inventory.parts.values()), inventory.models, inventory.leftOut);
  }

  private void add(String name, Path file) throws IOException {
    parts.put(name, new Part(name, file, Files.size(file)));
  }

  private void server() throws IOException {
    if (Files.isRegularFile(places.database())) {
      Path copies = Files.createDirectory(work.resolve("server"));
      StateSnapshot snapshot = StateSnapshot.take(places.database(), copies);
      add(BackupPlaces.SERVER + StateSnapshot.DATABASE, snapshot.database());
      for (Path journal : snapshot.journals()) {
        add(BackupPlaces.SERVER + journal.getFileName(), journal);
      }
      for (String id : snapshot.files()) {
        Optional<Path> file = snapshot.file(id);
        if (file.isPresent()) {
          add(BackupPlaces.SERVER + "files/" + file.get().getFileName(), file.get());
        } else {
          leftOut.add(id + ": it is known, and its file is not there");
        }
      }
    }
    for (String key : KEYS) {
      addIfThere(BackupPlaces.SERVER + key, places.state().resolve(key));
    }
    addAll(BackupPlaces.SERVER + TLS + "/", places.state().resolve(TLS));
  }

  private void addIfThere(String name, Path file) throws IOException {
    if (Files.isRegularFile(file)) {
      add(name, file);
    }
  }

  private void addAll(String prefix, Path folder) throws IOException {
    for (Path file : list(folder)) {
      String name = file.getFileName().toString();
      if (!Files.isReadable(file)) {
        leftOut.add(file + ": this user may not read it");
      } else if (Files.isRegularFile(file) && PLAIN.matcher(name).matches()) {
        add(prefix + name, file);
      } else {
        leftOut.add(file + ": no file that is known here");
      }
    }
  }

  private static List<Path> list(Path folder) throws IOException {
    List<Path> files = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
        all.forEach(files::add);
      }
    }
    files.sort(null);
    return files;
  }

  private void scout() throws IOException {
    Path file = places.scout().resolve(ScoutTables.FILE);
    if (Files.isRegularFile(file)) {
      Path copy = work.resolve(ScoutTables.FILE);
      try (StateFile live = StateFile.open(file)) {
        live.copyTo(copy);
      }
      add(BackupPlaces.SCOUT + ScoutTables.FILE, copy);
    }
  }

  private void settings() throws IOException {
    for (String name : SETTINGS) {
      addIfThere(BackupPlaces.SETTINGS + name, places.data().resolve(name));
    }
    for (String folder : SETTING_FOLDERS) {
      addAll(BackupPlaces.SETTINGS + folder + "/", places.data().resolve(folder));
    }
    addIfThere(BackupPlaces.SETTINGS + CLEANUP, places.data().resolve(CLEANUP));
    addAll(BackupPlaces.SYSTEM, places.system());
    PASSING.forEach(
        (name, why) -> {
          if (Files.exists(places.data().resolve(name))) {
            leftOut.add(name + ": " + why);
          }
        });
  }

  private void models() throws IOException {
    ModelStore store = ModelStore.open(places.store());
    for (ModelStore.Entry entry : store.entries()) {
      var manifest = entry.current().manifest().travelling();
      models.add(new ListedModel.Stored(entry.name(), manifest, entry.pinned(), withModels));
      for (Descriptor blob : withModels ? manifest.blobs() : List.<Descriptor>of()) {
        add(BackupPlaces.BLOBS + blob.digest().hex(), store.blobs().pathOf(blob.digest()));
      }
    }
    int number = 0;
    for (Path file : list(places.models())) {
      String name = file.getFileName().toString();
      if (Files.isRegularFile(file) && name.endsWith(GGUF)) {
        String part = BackupPlaces.MODELS + ++number;
        models.add(new ListedModel.OwnFile(name, Files.size(file), part, withModels));
        if (withModels) {
          add(part, file);
        }
      } else {
        leftOut.add(
            file + ": copy it yourself; of the folder models, files " + GGUF + " are taken");
      }
    }
  }
}
