package io.solebox.app.serve;

import io.solebox.server.ServerConfig;
import io.solebox.server.knowledge.watch.WatchedFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Folders of documents that can be asked. */
final class KnowledgeOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--knowledge",
      paramLabel = "NAME=FOLDER",
      description =
          "Documents of this folder can be asked, by whoever is let in: a collection of this name"
              + " is kept as the folder is. Can be given several times.")
  private List<String> given = List.of();

  private final List<WatchedFolder> folders = new ArrayList<>();

  /**
   * @throws ParameterException if one is no name and a folder that is there
   */
  void check() {
    for (String each : given) {
      int end = each.indexOf('=');
      if (end < 1 || each.substring(0, end).isBlank()) {
        throw wrong("--knowledge is '" + each + "', but must be NAME=FOLDER");
      }
      String name = each.substring(0, end).strip();
      Path folder = Path.of(each.substring(end + 1)).toAbsolutePath().normalize();
      if (!Files.isDirectory(folder)) {
        throw wrong("--knowledge names '" + folder + "', which is no folder");
      }
      if (folders.stream().anyMatch(other -> other.name().equals(name))) {
        throw wrong("--knowledge names '" + name + "' twice");
      }
      folders.add(new WatchedFolder(name, folder));
    }
  }

  private ParameterException wrong(String what) {
    return new ParameterException(command.commandLine(), what);
  }

  ServerConfig apply(ServerConfig config) {
    return config.withWatched(folders);
  }
}
