package io.solebox.store.layout;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The folders of names, below one. */
record NameFolders(Path root) {
  private static final int STEPS = 4;

  /** Of a name, whether there is one or not. */
  NameFolder of(ModelName name) {
    return new NameFolder(root.resolve(name.folder()));
  }

  /** Of all names, those that were never finished among them. */
  List<NameFolder> all() throws IOException {
    return below(root, STEPS).stream().map(NameFolder::new).toList();
  }

  /** All names, in alphabetical order. */
  List<ModelName> names() throws IOException {
    List<ModelName> names = new ArrayList<>();
    for (NameFolder folder : all()) {
      folder.pointer().ifPresent(pointer -> names.add(pointer.name()));
    }
    names.sort((a, b) -> a.toString().compareToIgnoreCase(b.toString()));
    return names;
  }

  /** Of what vanishes meanwhile nothing is seen. */
  private static List<Path> below(Path folder, int steps) throws IOException {
    if (steps == 0) {
      return List.of(folder);
    }
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> inside = Files.newDirectoryStream(folder)) {
      for (Path path : inside) {
        found.addAll(below(path, steps - 1));
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of();
    }
    return found;
  }
}
