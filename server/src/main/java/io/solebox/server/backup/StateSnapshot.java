package io.solebox.server.backup;

import io.solebox.server.storage.JournalFiles;
import io.solebox.server.storage.StateCopy;
import io.solebox.server.storage.StateFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a server keeps as it was at one moment, while it runs or not.
 *
 * @param database a copy
 * @param journals copies of what was on its way to the database
 * @param files ids of those that the database knew then
 * @param folder in which they lie, and may be deleted
 */
public record StateSnapshot(Path database, List<Path> journals, List<String> files, Path folder) {
  public static final String DATABASE = "server.db";

  /**
   * Copies it. The journals come first: what the database has of them by then is not taken from
   * them again.
   *
   * @param state the database of a server
   * @param work an empty folder, where the copies go
   */
  public static StateSnapshot take(Path state, Path work) throws IOException {
    List<Path> journals = new ArrayList<>();
    for (Path journal : JournalFiles.in(state.toAbsolutePath().getParent())) {
      journals.add(copy(journal, work));
    }
    Path copy = work.resolve(DATABASE);
    try (StateFile live = StateFile.open(state)) {
      live.copyTo(copy);
    }
    try (StateCopy opened = StateCopy.open(copy)) {
      // One that its server has brought to its end meanwhile is forgotten there: it is all in.
      journals.removeIf(
          journal ->
              !opened.knowsJournal(journal)
                  && !Files.exists(state.resolveSibling(journal.getFileName())));
      return new StateSnapshot(copy, journals, opened.files(), state.resolveSibling("files"));
    }
  }

  /** A server may be writing to its end, or remove it. */
  private static Path copy(Path journal, Path work) throws IOException {
    Path copy = work.resolve(journal.getFileName());
    try {
      return Files.copy(journal, copy);
    } catch (NoSuchFileException e) {
      return Files.createFile(copy); // all of it is in the database
    }
  }

  /** All that was copied. */
  List<Path> whole() {
    List<Path> whole = new ArrayList<>(journals);
    whole.addFirst(database);
    return whole;
  }

  /** As it is kept: sealed, or by an earlier version as it came; empty where it is not there. */
  public Optional<Path> file(String id) {
    return List.of(id + ".sealed", id).stream()
        .map(folder::resolve)
        .filter(Files::isRegularFile)
        .findFirst();
  }
}
