package io.solebox.app.backup;

import io.solebox.engine.error.Printable;
import io.solebox.scout.state.ScoutTables;
import io.solebox.server.backup.StateSnapshot;
import io.solebox.server.storage.JournalFiles;
import io.solebox.store.blob.Digest;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Where an entry of a backup goes: below the folder in which all of it is laid ready. */
sealed interface Unpacked {
  /** A file at this place below the folder. */
  record At(Path place) implements Unpacked {}

  /** A blob of the store of models. */
  record Blob(Digest digest) implements Unpacked {}

  /** What no backup has in it. */
  record Unknown(String name) implements Unpacked {}

  /** What is laid ready for the data folder; what is for the machine's settings lies beside. */
  String NEW = "new";

  /** Settings of the machine. */
  String SYSTEM = "etc";

  /** A file of the folder of models. */
  String MODELS = "models";

  Pattern FILE = Pattern.compile("file-[0-9a-zA-Z-]+(\\.sealed)?");
  Pattern NUMBER = Pattern.compile("[0-9]{1,6}");

  /** Nothing but what {@link BoxInventory} names: names lead nowhere else. */
  static Unpacked of(String name) {
    int slash = name.indexOf('/') + 1;
    String rest = name.substring(slash);
    Optional<String> place =
        switch (name.substring(0, slash)) {
          case BackupPlaces.SERVER -> server(rest).map(file -> NEW + "/server/" + file);
          case BackupPlaces.SCOUT ->
              Optional.of(NEW + "/scout/" + rest).filter(_ -> rest.equals(ScoutTables.FILE));
          case BackupPlaces.SETTINGS -> setting(rest).map(file -> NEW + "/" + file);
          case BackupPlaces.SYSTEM -> plain(rest).map(file -> SYSTEM + "/" + file);
          case BackupPlaces.MODELS ->
              Optional.of(MODELS + "/" + rest).filter(_ -> NUMBER.matcher(rest).matches());
          default -> Optional.empty();
        };
    if (name.startsWith(BackupPlaces.BLOBS)) {
      return Digest.ofHex(rest).<Unpacked>map(Blob::new).orElse(new Unknown(name));
    }
    return place
        .<Unpacked>map(text -> new At(Path.of(text)))
        .orElse(new Unknown(Printable.name(name)));
  }

  private static Optional<String> plain(String name) {
    return Optional.of(name).filter(text -> BoxInventory.PLAIN.matcher(text).matches());
  }

  private static Optional<String> below(Set<String> folders, String name) {
    int slash = name.indexOf('/');
    return slash > 0 && folders.contains(name.substring(0, slash))
        ? plain(name.substring(slash + 1)).map(_ -> name)
        : Optional.empty();
  }

  private static Optional<String> server(String name) {
    boolean known =
        name.equals(StateSnapshot.DATABASE)
            || JournalFiles.isOne(name)
            || BoxInventory.KEYS.contains(name)
            || name.startsWith("files/") && FILE.matcher(name.substring(6)).matches();
    return known ? Optional.of(name) : below(Set.of(BoxInventory.TLS), name);
  }

  private static Optional<String> setting(String name) {
    boolean known = BoxInventory.SETTINGS.contains(name) || name.equals(BoxInventory.CLEANUP);
    return known ? Optional.of(name) : below(BoxInventory.SETTING_FOLDERS, name);
  }
}
